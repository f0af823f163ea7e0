import { type Context, type Explanation, known, type Raise } from './diagnosis.ts'
import { rowList, rowsOf } from './wording.ts'

/** R10, R11: the predictions are fine and the labels are not. */
export function labels(finding: Raise, { batch }: Context): Explanation | null {
  if (finding.rule !== 'non-finite' || batch === null) return null
  const { measure } = batch
  if (measure.nan.count > 0) return null

  if (measure.badLabel.count > 0) {
    return {
      why: `${rowsOf(measure.badLabel, measure.n)} had a label that is no class index from 0 to ${Math.max(measure.k, 2) - 1}${rowList(measure.badLabel)}.`,
      cause: known(
        'R11-label-out-of-range',
        'strong',
        [
          { name: 'rowsWithBadLabel', value: measure.badLabel.count },
          { name: 'firstRowsWithBadLabel', value: measure.badLabel.rows },
          { name: 'classes', value: measure.k },
        ],
        'Check the label encoding: 1-based labels, too few output classes, or −1 used as padding.',
      ),
    }
  }
  if (measure.n === 0 || measure.used === 0) {
    return {
      why: `No row of this batch has a label that counts (${measure.n} rows, all ignored), and the mean of nothing is 0/0 = NaN.`,
      cause: known(
        'R10-nothing-to-average',
        'proven',
        [
          { name: 'rows', value: measure.n },
          { name: 'rowsUsed', value: measure.used },
        ],
        'Skip batches without targets, or sum the loss and divide by max(count, 1); check that truncation does not remove every target.',
      ),
    }
  }
  return null
}
