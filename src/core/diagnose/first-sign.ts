import { type BrokenGradient, brokenGradientBefore } from '../causes/broken-gradient.ts'
import { rowList, short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { isInFull } from '../measure/symptoms.ts'
import { circumstancesOf } from './circumstances-of.ts'
import type { BatchEvidence, Context } from './diagnosis.ts'

/** Says what the log shows of the step before a loss broke; null where it shows nothing. */
export function firstSignOf(finding: BuiltInRaise, context: Context): string | null {
  if (finding.rule !== 'non-finite') return null
  const gradient = brokenGradientBefore(circumstancesOf(finding, context))
  const { before } = context.batch ?? {}
  const signs = [gradient === null ? null : ofGradient(gradient), before === undefined ? null : ofBatch(before)]
  const said = signs.filter((sign) => sign !== null)
  return said.length === 0 ? null : said.join(' ')
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
