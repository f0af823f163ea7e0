import fc from 'fast-check'
import type { PredictionBatch, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'

/** A batch from rows; labels are classes, or one distribution for each row. */
export function batchOf(
  kind: PredictionKind,
  rows: readonly (readonly number[])[],
  labels: readonly number[] | readonly (readonly number[])[],
): PredictionBatch {
  return {
    step: null,
    kind,
    n: rows.length,
    k: rows[0]?.length ?? 0,
    values: Float64Array.from(rows.flat()),
    labels: areClasses(labels)
      ? { kind: 'hard', classes: Float64Array.from(labels) }
      : { kind: 'soft', targets: Float64Array.from(labels.flat()) },
    reportedLoss: null,
  }
}

function areClasses(labels: readonly number[] | readonly (readonly number[])[]): labels is readonly number[] {
  return !Array.isArray(labels[0])
}

/** Rows of numbers, as one would write them down: `matrix('0.2 0.8 | 1 0')`. */
export function matrix(text: string): number[][] {
  return text.split('|').map((row) => row.trim().split(' ').map(Number))
}

/** Logits of a healthy model, far enough apart that no probability underflows. */
export const logit = fc.double({ min: -30, max: 30, noNaN: true })

/** A distribution over that many classes, each with a probability well above 0. */
export function distribution(classes: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: classes, maxLength: classes })
    .map((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return weights.map((weight) => weight / total)
    })
}

/** Rows of equal length, one to twelve of them, with two to seven classes. */
export function rowsOf<Row>(row: (classes: number) => fc.Arbitrary<Row>): fc.Arbitrary<Row[]> {
  return fc.integer({ min: 2, max: 7 }).chain((classes) => fc.array(row(classes), { minLength: 1, maxLength: 12 }))
}
