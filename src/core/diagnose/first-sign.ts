import { type BrokenGradient, brokenGradientBefore } from '../causes/broken-gradient.ts'
import type { Circumstances } from '../causes/circumstances.ts'
import { rowList, short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { isInFull } from '../measure/symptoms.ts'
import { circumstancesOf } from './circumstances-of.ts'
import type { BatchEvidence, Context } from './diagnosis.ts'

/** Says which term of a loss broke, and what the log shows of the step before; null where it shows nothing. */
export function firstSignOf(finding: BuiltInRaise, context: Context): string | null {
  if (finding.rule !== 'non-finite' && finding.rule !== 'masked-nan') return null
  const circumstances = circumstancesOf(finding, context)
  const gradient = brokenGradientBefore(circumstances)
  const { before } = context.batch ?? {}
  const signs = [
    ofTerms(circumstances),
    gradient === null ? null : ofGradient(gradient),
    before === undefined ? null : ofBatch(before),
  ]
  const said = signs.filter((sign) => sign !== null)
  return said.length === 0 ? null : said.join(' ')
}

/** The term to look at: where others are finite, or where it broke before the loss. */
function ofTerms({ terms, trend, at }: Circumstances): string | null {
  if (terms === undefined || terms.lost.length === 0) return null
  const { lost, kept } = terms
  const isEarlier = (step: number | null): step is number => step !== null && at.step !== null && step < at.step
  const since = lost.map(({ metric }) => trend.brokenSince?.[metric] ?? null)
  if (kept.length === 0 && !since.some(isEarlier)) return null
  const states = lost.map(({ metric, value }, index) => {
    const step = since[index]!
    return isEarlier(step) ? `${metric} has not been finite since step ${step}` : `${metric} is ${value}`
  })
  const still = kept.map(({ metric, value }) => `${metric} is still ${short(value)}`)
  const look = lost.length === 1 ? 'the term to look at is' : 'the terms to look at are'
  return `${[...states, ...still].join(', ')}: ${look} ${lost.map(({ metric }) => metric).join(' and ')}.`
}

function ofGradient({ metric, value, step, inARow, lossBeside }: BrokenGradient): string {
  if (inARow > 1)
    return `${metric} was not finite ${inARow} times in a row before${step === null ? '' : `, from step ${step} on`}, beside losses that were.`
  const where = step === null ? 'in the record before' : `at step ${step}`
  return `${metric} was ${value} ${where}, beside a loss of ${short(lossBeside)} that was still finite.`
}

/** The rows of the batch before whose gradient may not be finite although their loss is. */
function ofBatch({ step, measure }: NonNullable<BatchEvidence['before']>): string | null {
  const { closedRows, zeroLogit, zeroOnTruth, zeroOffTruth, k } = measure
  const said = [
    [closedRows, 'only −∞ for logits, whose softmax is 0/0: its gradient is NaN even where the label is ignored'],
    [zeroLogit, 'a logit of exactly 0 for the true class, where the derivative of a square root is infinite'],
    ...(isInFull(measure)
      ? ([
          [zeroOnTruth, 'a probability of exactly 0 for the true class'],
          [k === 1 ? zeroOffTruth : undefined, 'a probability of exactly 1 for the true class'],
        ] as const)
      : []),
  ] as const
  const rows = said.flatMap(([rows, what]) =>
    rows === undefined || rows.count === 0 ? [] : [`${rows.count} of ${measure.n} rows${rowList(rows)} had ${what}`],
  )
  if (rows.length === 0) return null
  return `In the batch before${step === null ? '' : `, of step ${step}`}, ${rows.join('; ')}.`
}
