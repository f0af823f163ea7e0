import { CAUSE, causeOf, whyOf } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** The rules that see what a model does which answers 1 to everything. */
const SEEN_BY: readonly BuiltInRaise['rule'][] = [
  'log-zero',
  'mismatch',
  'collapse',
  'clipped-loss',
  'frozen',
  'no-progress',
  'chance-plateau',
]

/** Explains a loss that stands, or is infinite, by predictions that have been 1 from the start. */
export function explainOneUnit({ rule }: BuiltInRaise, { batch }: Context): Explanation | null {
  const columns = batch?.measure.columnsOfOnes
  if (batch === null || columns === undefined || !SEEN_BY.includes(rule)) return null
  const code = CAUSE.oneUnitSoftmax
  const loss = {
    symptoms: batch.measure,
    reportedLoss: batch.reportedLoss,
    dtype: 'float32',
    computedAs: null,
  } as const
  return {
    why: whyOf(code, loss),
    cause: known(code, causeOf(code)!.atMost, [
      { name: 'predictions', value: batch.file },
      { name: 'batchesOfOnes', value: columns },
      { name: 'rows', value: batch.measure.n },
      ...(batch.reportedLoss === null ? [] : [{ name: 'reportedLoss', value: batch.reportedLoss }]),
    ]),
  }
}
