import { CAUSE } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import { risesIn } from '../causes/rises.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { atTimes } from '../detect/wording.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** Explains an exploding loss or gradient norm by R24. */
export function explainGrowth(finding: BuiltInRaise, { trend }: Context): Explanation | null {
  if (finding.rule !== 'exploding') return null
  const { level, risesInARow, samplesToOverflow } = finding.facts
  const times = atTimes(finding.at.value, level)
  const rises = risesIn(trend)
  return {
    why: [
      `Its level was ${short(level)}; it ${[times === '' ? [] : `stands ${times}`, risen(risesInARow)].flat().join(' and ')}.`,
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

/** "has risen 3 times in a row", "has just risen", or "stays up" of one that was lower than the value before. */
function risen(risesInARow: number): string {
  if (risesInARow === 0) return 'stays up'
  return risesInARow === 1 ? 'has just risen' : `has risen ${risesInARow} times in a row`
}
