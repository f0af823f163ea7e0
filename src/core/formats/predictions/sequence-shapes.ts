import type { NumberArray } from '../../literals/record-value.ts'
import { longestTarget, type Sequences } from '../../measure/aligned-sequences.ts'

/**
 * What predictions of [row, frame, class] or [frame, row, class] are beside targets of [row, label] with another length; null
 * where they are no such sequences.
 */
export function sequencesOf(predictions: NumberArray, labels: NumberArray, shapes: string): Sequences | null {
  const [first = 0, second = 0, classes = 0] = predictions.shape
  const [rows = 0, length = 0] = labels.shape
  if (predictions.shape.length !== 3 || labels.shape.length !== 2 || rows === 0 || length === 0) return null
  const isRowFirst = first === rows
  if (!isRowFirst && second !== rows) return null
  const frames = isRowFirst ? second : first
  if (length === frames || !areClasses(labels, classes)) return null
  // Predictions of the next token lack the first one.
  const isShifted = isRowFirst && length === frames + 1
  const target = isShifted ? null : longestTarget(labels.values, rows, frames)
  // A NaN in the predictions is another failure.
  const isBroken = target !== null && predictions.values.some(Number.isNaN)
  return { shapes, rows, classes, longTarget: isBroken ? null : target }
}

/** Whether labels are classes, or marks of padding, and no distribution of one row. */
function areClasses({ values, shape }: NumberArray, classes: number): boolean {
  const isOneHot = shape[1] === classes && values.every((label) => label === 0 || label === 1)
  return !isOneHot && values.every((label) => Number.isInteger(label) && label < classes)
}
