import { CAUSE } from '../causes/index.ts'
import { risesIn } from '../causes/rises.ts'
import { type Context, type Explanation, known, type Raise } from './diagnosis.ts'
import { atTimes, short } from './wording.ts'

/** R24, where a detector has seen the loss or the gradient norm explode. */
export function growth({ at, facts }: Raise, { trend }: Context): Explanation | null {
  if (facts.kind !== 'exploding') return null
  const { level, risesInARow, samplesToOverflow } = facts
  const times = atTimes(at.value, level)
  const rises = risesIn(trend)
  return {
    why: [
      `Its level was ${short(level)}; it ${times === '' ? '' : `stands ${times} and `}has risen ${risesInARow} times in a row.`,
      ...(samplesToOverflow === null ? [] : [`As it grows, a float32 overflows in ${samplesToOverflow} more values.`]),
      ...rises.filter(({ of }) => of !== 'loss').map(({ sentence }) => sentence),
    ].join(' '),
    cause: known(CAUSE.explodingWeights, 'likely', [
      { name: 'level', value: level },
      { name: 'risesInARow', value: risesInARow },
      ...rises.map(({ evidence }) => evidence),
    ]),
  }
}
