import type { Loss } from './demo-losses.ts'
import { FEATURE_COUNT, type Flower, SPECIES_COUNT } from './iris.ts'

const f32 = Math.fround

/** What the weights make of some flowers. */
export interface Evaluation {
  /** The mean over the flowers. */
  readonly loss: number
  readonly accuracy: number
  /** One row per flower, one probability per species. */
  readonly probs: readonly Float32Array[]
  readonly labels: readonly number[]
  /** The derivative of the mean loss by each weight. */
  readonly gradient: Float32Array
}

/** The weights of a softmax classifier before training: one row of features per species. */
export function zeroWeights(): Float32Array {
  return new Float32Array(SPECIES_COUNT * FEATURE_COUNT)
}

/** Passes the flowers forward and the loss back, in float32 as a GPU would. */
export function evaluate(weights: Float32Array, flowers: readonly Flower[], loss: Loss): Evaluation {
  const rows = flowers.map(({ features, label }) => loss(logitsOf(weights, features), label))
  const labels = flowers.map(({ label }) => label)
  const gradient = zeroWeights()
  rows.forEach((row, i) => {
    addScaledOuterProduct(gradient, row.gradient, flowers[i]!.features, 1 / flowers.length)
  })
  return {
    loss: f32(rows.reduce((sum, row) => f32(sum + row.loss), 0) / rows.length),
    accuracy: rows.filter((row, i) => argmax(row.probs) === labels[i]).length / rows.length,
    probs: rows.map((row) => row.probs),
    labels,
    gradient,
  }
}

/** One step of gradient descent, in place. */
export function descend(weights: Float32Array, gradient: Float32Array, learningRate: number): void {
  for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! - f32(learningRate * gradient[i]!)
}

function logitsOf(weights: Float32Array, features: Float32Array): Float32Array {
  return Float32Array.from({ length: SPECIES_COUNT }, (_, k) =>
    features.reduce((sum, feature, d) => f32(sum + f32(weights[k * FEATURE_COUNT + d]! * feature)), 0),
  )
}

function addScaledOuterProduct(target: Float32Array, rows: Float32Array, columns: Float32Array, scale: number): void {
  rows.forEach((row, k) => {
    columns.forEach((column, d) => {
      const at = k * FEATURE_COUNT + d
      target[at] = target[at]! + f32(f32(row * column) * scale)
    })
  })
}

/** Class 0 where all are NaN, as NumPy and PyTorch have it. */
function argmax(values: Float32Array): number {
  return values.reduce((best, value, k) => (value > values[best]! ? k : best), 0)
}
