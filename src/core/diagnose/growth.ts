import type { Evidence } from '../../protocol/alert.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import { codeAt } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { atTimes, short } from '../detect/wording.ts'
import { type Context, type Explanation, known, type Point } from './diagnosis.ts'

const GRADIENT_RISE = 10
const LOSS_RISE = 10
const RATE_JUMP = 3

/** R24: the loss or the gradient norm had been growing before it broke, or the learning rate jumped. */
export function growth(finding: BuiltInRaise, { trend }: Context): Explanation | null {
  const signs = [
    rise('gradient norm', trend.gradNorm, GRADIENT_RISE),
    rise('loss', trend.loss, LOSS_RISE),
    rise('learning rate', trend.learningRate, RATE_JUMP),
  ].filter((sign) => sign !== null)
  if (finding.rule === 'exploding') {
    const { level, risesInARow, samplesToOverflow } = finding.facts
    const times = atTimes(finding.at.value, level)
    return {
      why: [
        `Its level was ${short(level)}; it ${times === '' ? '' : `stands ${times} and `}has risen ${risesInARow} times in a row.`,
        ...(samplesToOverflow === null
          ? []
          : [`As it grows, a float32 overflows in ${samplesToOverflow} more values.`]),
        ...signs.filter((sign) => sign.name !== 'loss').map((sign) => sign.sentence),
      ].join(' '),
      cause: known(codeAt(24), 'likely', [
        { name: 'level', value: level },
        { name: 'risesInARow', value: risesInARow },
        ...signs.map((sign) => sign.evidence),
      ]),
    }
  }
  if (finding.rule !== 'non-finite' || signs.length === 0) return null
  return {
    why: `Before it, ${signs.map((sign) => sign.sentence.replace(/^T/, 't').replace(/\.$/, '')).join(' and ')}.`,
    cause: known(
      codeAt(24),
      'likely',
      signs.map((sign) => sign.evidence),
    ),
  }
}

interface Sign {
  readonly name: string
  readonly sentence: string
  readonly evidence: Evidence
}

/** Whether the metric that was logged last, of those in this role, has grown by that factor. */
function rise(name: string, points: readonly Point[], factor: number): Sign | null {
  const metric = points.at(-1)?.metric
  const finite = points.filter(
    (point): point is Point & { value: Finite } => point.metric === metric && isFinite(point.value),
  )
  const last = finite.at(-1)
  const lowest = finite.reduce<(typeof finite)[number] | null>(
    (low, point) => (low === null || point.value < low.value ? point : low),
    null,
  )
  if (last === undefined || lowest === null || lowest.value <= 0 || last.value < factor * lowest.value) return null
  const from = lowest.step === null ? '' : ` at step ${lowest.step}`
  const to = last.step === null ? '' : ` at step ${last.step}`
  return {
    name,
    sentence: `The ${name} rose from ${short(lowest.value)}${from} to ${short(last.value)}${to}.`,
    evidence: { name: `${name} rise`, value: Math.min(last.value / lowest.value, Number.MAX_VALUE) },
  }
}
