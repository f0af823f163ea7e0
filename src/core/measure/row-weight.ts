import type { PredictionBatch } from './prediction-batch.ts'

/** How much a row counts whose truth is mostly of the class `label`. Its column is that of its question, where each class is one. */
export function rowWeight({ of, values }: Required<PredictionBatch>['weights'], row: number, label: number): number {
  switch (of) {
    case 'rows':
      return values[row]!
    case 'classes':
      return values[label]!
    case 'positives':
      return label === 1 ? values[row % values.length]! : 1
  }
}
