import { isLossRole } from '../records/fields.ts'
import type { HidingReason, Scalar, ScalarsRecord } from '../records/format.ts'

/** Which metrics the records of a file have had, and how regularly; plain JSON. */
export type Shape = {
  /** The metrics of the last record that had a loss. */
  readonly names: readonly string[]
  /** How many records in a row had exactly these. */
  readonly inARow: number
  /** The last epoch of a file that counts epochs only, and how many came one after another. */
  readonly epoch: number | null
  readonly epochsInARow: number
}

/** What is hidden and how that shows; of which metric and where, unless it is the loss of the record. */
export interface Hidden {
  readonly reason: HidingReason
  readonly detail: string
  /** Batches without anything to learn from look the same. */
  readonly isDoubtful?: boolean
  readonly scalar?: Pick<Scalar, 'metric' | 'role'>
  readonly step?: number
}

export const START_SHAPE: Shape = { names: [], inARow: 0, epoch: null, epochsInARow: 0 }

const REGULAR = 3
const MAX_NAMES = 64
/** A file that logs every tenth epoch has gaps by habit; one row is missing or a few. */
const MAX_MISSING_EPOCHS = 4

export function shapeAfter(shape: Shape, record: ScalarsRecord): Shape {
  const names = record.scalars.some(({ role }) => isLossRole(role)) ? namesOf(record) : null
  const isSame = names?.every((name, index) => name === shape.names[index]) && names.length === shape.names.length
  const inARow = names === null ? shape.inARow : isSame ? Math.min(shape.inARow + 1, REGULAR) : 1
  const epoch = countedEpoch(record) ?? shape.epoch
  const isNext = epoch === (shape.epoch ?? 0) + 1
  const epochsInARow =
    epoch === shape.epoch ? shape.epochsInARow : isNext ? Math.min(shape.epochsInARow + 1, REGULAR) : 0
  return { names: isSame || names === null ? shape.names : names, inARow, epoch, epochsInARow }
}

/** A record that has all that those before it had, but for the loss: what Megatron-LM, pandas and JSON make of a NaN. */
export function missingLoss(shape: Shape, record: ScalarsRecord): Hidden | null {
  const { scalars, step, blanks = [] } = record
  if (step === null || scalars.some(({ role }) => isLossRole(role))) return null
  const nanIterations = scalars.find(({ metric }) => /nan iterations$/.test(metric))
  const skipped = scalars.find(({ metric }) => /skipped iterations$/.test(metric))
  // Of an interval in which float16 overflowed at every step there is no loss to show.
  if (skipped !== undefined && skipped.value !== 0) return null
  const isBlank = blanks.some((name) => shape.names.includes(name))
  // Megatron-LM leaves out a loss of any other name, too, where it is below 0: the count of NaN decides until a loss was seen.
  const isCounted = nanIterations !== undefined && (nanIterations.value !== 0 || shape.inARow > 0)
  const hasShown = isCounted || (shape.inARow >= REGULAR && lacksOnlyLosses(shape.names, record, isBlank))
  if (!hasShown) return null
  if (isBlank) return { reason: 'missing-loss', detail: BLANK }
  return {
    reason: 'missing-loss',
    detail:
      'The loss is left out of this record, which has all else that the records before it had: that is how a NaN is printed.',
  }
}

/** The epoch that was passed over in a file of one row per epoch: Ultralytics writes no row where the loss is NaN. */
export function missingEpoch({ epoch, epochsInARow }: Shape, record: ScalarsRecord): Hidden | null {
  const now = countedEpoch(record)
  const scalar = record.scalars.find(({ metric }) => /loss/i.test(metric))
  if (now === null || epoch === null || scalar === undefined || epochsInARow < REGULAR) return null
  const missing = now - epoch - 1
  if (missing < 1 || missing > MAX_MISSING_EPOCHS) return null
  return {
    reason: 'missing-epoch',
    detail: `No row was written between epoch ${epoch} and epoch ${now}, as happens where the loss was NaN.`,
    scalar,
    step: epoch + 1,
  }
}

function countedEpoch({ step, epoch }: ScalarsRecord): number | null {
  return step !== null && step === epoch ? epoch : null
}

const BLANK =
  'The loss is empty in this record, where those before had a number: pandas, orjson and JavaScript write a NaN as nothing.'

/** A blank is a sign by itself; where the loss is not even named, other metrics must be there to show the habit. */
function lacksOnlyLosses(names: readonly string[], record: ScalarsRecord, isBlank: boolean): boolean {
  const now = new Set(namesOf(record))
  const lacking = names.filter((name) => !now.has(name))
  return (
    lacking.length + now.size === names.length &&
    (isBlank || now.size >= REGULAR) &&
    lacking.every((name) => /loss/i.test(name))
  )
}

function namesOf({ scalars }: ScalarsRecord): readonly string[] {
  return scalars.slice(0, MAX_NAMES).map(({ metric }) => metric)
}
