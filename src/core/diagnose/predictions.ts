import { type Context, type Explanation, known, type Raise } from './diagnosis.ts'
import { rowList, rowsOf } from './wording.ts'

/** R9, R13: the predictions themselves are at fault before any loss is computed. */
export function predictions(finding: Raise, { batch }: Context): Explanation | null {
  if (finding.rule !== 'non-finite' || batch === null) return null
  const { measure } = batch

  const broken = measure.nan.count > 0 ? measure.nan : measure.infinite
  if (broken.count > 0) {
    const what = broken === measure.nan ? 'NaN' : 'Infinity'
    return {
      why: `The predictions already hold ${what} in ${rowsOf(broken, measure.n)}${rowList(broken)}: the model was damaged at an earlier step or fed bad input.`,
      cause: known(
        'R9-nan-in-model',
        broken.count === measure.n ? 'strong' : 'likely',
        [
          { name: 'rowsWithNaN', value: measure.nan.count },
          { name: 'rowsWithInfinity', value: measure.infinite.count },
          { name: 'rows', value: measure.n },
        ],
        'Restart from the last checkpoint whose weights are finite, look for the first cause in the steps before, ' +
          'and clip gradients with error_if_nonfinite=True so that a bad one never reaches the weights.',
      ),
    }
  }
  if (measure.outOfRange.count > 0) {
    return {
      why: `${rowsOf(measure.outOfRange, measure.n)} held a "probability" below 0 or above 1${rowList(measure.outOfRange)}: these look like logits, and the log of a negative number is NaN.`,
      cause: known(
        'R13-logits-as-probabilities',
        'strong',
        [{ name: 'rowsOutOfRange', value: measure.outOfRange.count }],
        'Apply softmax or sigmoid first, or better use the loss that takes logits.',
      ),
    }
  }
  return null
}
