const f32 = Math.fround

/** A loss of one row of logits with its true class, in float32 throughout. */
export type Loss = (logits: Float32Array, label: number) => RowLoss

interface RowLoss {
  readonly probs: Float32Array
  readonly loss: number
  /** The derivative of the loss by each logit. */
  readonly gradient: Float32Array
}

/** The two ways in which people write the cross-entropy of a softmax; in exact arithmetic they are one function. */
export const LOSSES = { naive: naiveCrossEntropy, stable: stableCrossEntropy } as const satisfies Record<string, Loss>

export type LossName = keyof typeof LOSSES

/**
 * Takes the logarithm before it can hurt: log p = z − log Σ exp z.
 *
 * A p too small for float32 is then only a large loss, and the gradient p − y
 * divides by nothing: it stays within [−1, 1] however wrong the model is.
 */
function stableCrossEntropy(logits: Float32Array, label: number): RowLoss {
  const shifted = shiftedByMax(logits)
  const logSum = f32(Math.log(sumOf(shifted.map(Math.exp))))
  const logProbs = shifted.map((logit) => logit - logSum)
  const probs = logProbs.map(Math.exp)
  const gradient = probs.map((prob, k) => prob - oneIf(k === label))
  return { probs, loss: -logProbs[label]!, gradient }
}

/**
 * The textbook in the textbook's order: softmax, then −log p without a clip, then the chain rule by hand.
 *
 * The shift by the maximum keeps exp from overflowing, but nothing keeps it from
 * underflowing: in float32 exp(−104) is exactly 0. Where that is the p of the
 * true class, the loss is −log 0 = Infinity and the gradient 1/p · p(…) is
 * Infinity · 0 = NaN, which the update then writes into every weight.
 */
function naiveCrossEntropy(logits: Float32Array, label: number): RowLoss {
  const exps = shiftedByMax(logits).map(Math.exp)
  const sum = sumOf(exps)
  const probs = exps.map((exp) => exp / sum)
  const truth = probs[label]!
  const lossByTruth = f32(-1 / truth)
  const truthByLogits = probs.map((prob, k) => truth * f32(oneIf(k === label) - prob))
  return { probs, loss: f32(-Math.log(truth)), gradient: truthByLogits.map((slope) => lossByTruth * slope) }
}

function shiftedByMax(logits: Float32Array): Float32Array {
  const max = Math.max(...logits)
  return logits.map((logit) => logit - max)
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => f32(sum + value), 0)
}

function oneIf(condition: boolean): 0 | 1 {
  return condition ? 1 : 0
}
