// A training loop in float64 with emulated types: how the loss is computed and what is learnt from it are one configuration.
import { TYPES } from './floats.mjs'
import { probabilitiesOf } from './model.mjs'
import { addTerms } from './terms.mjs'

const STEPS_BETWEEN_EVALUATIONS = 4

/** A job in which nothing is wrong. A fault and a fix are changes of it. */
export const SOUND = {
  /** `softmax`, one class of `k`; `sigmoid`, one unit; `labels`, a question for each of `k` classes. */
  head: 'softmax',
  k: 5,
  dtype: 'float32',
  /** What is done to the logits before the criterion: `none`, `softmax`, `naive` (without taking the largest away), `sigmoid`, `softmax of one`. */
  activation: 'none',
  /** `fused`, on logits; `log`, the logarithm of probabilities by hand; `plain`, −p without a logarithm. */
  criterion: 'fused',
  /** Whether a criterion by hand multiplies the logarithm of each class with its target, or takes that of the true class. */
  multiplies: false,
  clip: null,
  /** `mean`, `sum`, or `classes`: a mean over rows and classes where one over rows is meant. */
  reduction: 'mean',
  unitNats: 1,
  smoothing: 0,
  classWeights: null,
  ignoredLabel: null,
  /** A label that is no class: `nan`, or `nothing`, as a one-hot vector of zeros costs. */
  labelOutside: 'nan',
  guardsEmpty: false,
  /** Whether each prediction meets each label, [N] beside [N, 1]. */
  broadcasts: false,
  /** Whether the exponential of the loss is reported and learnt from. */
  isExponential: false,
  terms: [],
  learningRate: 0.3,
  warmupSteps: 0,
  maxNorm: 5,
  inputScale: 1,
  /** The step before which the weights turn NaN, as those of a damaged checkpoint. */
  damagedAt: null,
  /** What is reported of the losses: `own`, or `running`, the mean of all so far. */
  reports: 'own',
}

/**
 * Trains a job over its batches of `{ x, labels, rowWeights }` and tells each step: what the model gave, the loss that is
 * reported, the one that is `meant` by the job in which nothing is wrong, and the gradient.
 *
 * `evaluation` is what differs in the loss of held-out data, one batch before every fourth step.
 */
export function train({ config, batches, heldOut, evaluation, dumpsAfter, sound, weightsAtStart }) {
  let weights = weightsAtStart.map((row) => [...row])
  let sum = 0
  return batches.map((batch, step) => {
    if (step === config.damagedAt) weights = weights.map((row) => row.map(() => NaN))
    const x = scaled(config, batch.x)
    const logits = logitsOf(config, weights, x)
    const result = lossOf(config, logits, batch, weights)
    const meant = lossOf(sound.config, logits, sound.batches[step], weights).loss
    const held = step % STEPS_BETWEEN_EVALUATIONS === 0 ? evaluated(step, weights) : null
    const learningRate = config.learningRate * Math.min(1, (step + 1) / (config.warmupSteps + 1))
    const before = weights
    const gradient = weightGradient(result.gradients, x, weights, result.weightDecay)
    const norm = Math.sqrt(gradient.flat().reduce((total, g) => total + g * g, 0))
    const scale = norm > config.maxNorm || Number.isNaN(norm) ? config.maxNorm / norm : 1
    weights = weights.map((row, c) => row.map((w, j) => Math.fround(w - learningRate * scale * gradient[c][j])))
    sum += result.loss
    return {
      step,
      weights: before,
      logits,
      inputs: result.inputs,
      batch,
      dumped: dumpsAfter === true ? logitsOf(config, weights, x) : logits,
      loss: config.reports === 'own' ? result.loss : sum / (step + 1),
      parts: result.parts,
      gradientNorm: norm,
      learningRate,
      meant,
      held,
    }
  })

  function evaluated(step, current) {
    const batch = heldOut[step / STEPS_BETWEEN_EVALUATIONS]
    const logits = logitsOf(config, current, scaled(config, batch.x))
    const { loss, inputs } = lossOf({ ...config, ...evaluation }, logits, batch, current)
    return { logits, inputs, batch, loss, meant: lossOf(sound.config, logits, batch, current).loss }
  }
}

function scaled({ inputScale }, x) {
  return x.map((row) => row.map((value, j) => (j === row.length - 1 ? value : value * inputScale)))
}

function logitsOf({ dtype }, weights, x) {
  const { round } = TYPES[dtype]
  return x.map((row) => weights.map((w) => round(w.reduce((sum, value, j) => sum + value * row[j], 0))))
}

/** The type of a loss. Autocast computes those of the framework in float32, and one by hand in the type of its numbers. */
function lossType({ criterion, dtype }) {
  return criterion === 'fused' && dtype !== 'float64' ? 'float32' : dtype
}

/** The loss of a batch with its parts, what the criterion was given, and the gradient of the loss by each logit. */
export function lossOf(config, logits, batch, weights) {
  const { round } = TYPES[config.dtype]
  const inputs = logits.map((row) => activated(config, row, round))
  const meanTarget = config.broadcasts ? mean(batch.labels) : null
  const rows = inputs.map((row, i) => {
    const target = targetOf(config, meanTarget ?? batch.labels[i])
    return target === null ? null : { ...criterion(config, row, target, round), weight: weightOf(config, batch, i) }
  })
  const counted = rows.filter((row) => row !== null)
  const divisor = divisorOf(config, counted)
  const factor = 1 / divisor / config.unitNats
  const sum = counted.reduce((total, { loss, weight }) => total + weight * loss, 0)
  const roundLoss = TYPES[lossType(config)].round
  const ofCriterion = roundLoss(roundLoss(sum / divisor) / config.unitNats)
  const gradients = rows.map((row, i) =>
    row === null
      ? logits[i].map(() => 0)
      : backward(
          config,
          inputs[i],
          row.gradient.map((g) => round(g * row.weight * factor)),
          round,
        ),
  )
  const { parts, weightDecay } = addTerms(config, { logits, gradients, weights, roundLoss })
  const total = roundLoss(ofCriterion + parts.reduce((sum, { value }) => sum + value, 0))
  const loss = config.isExponential ? roundLoss(Math.exp(total)) : total
  return {
    loss,
    parts: [{ name: 'ce_loss', value: ofCriterion }, ...parts],
    inputs,
    gradients: config.isExponential ? gradients.map((row) => row.map((g) => g * loss)) : gradients,
    weightDecay,
  }
}

function divisorOf({ reduction, head, k, guardsEmpty }, counted) {
  if (reduction === 'sum') return 1
  const weight = counted.reduce((sum, row) => sum + row.weight, 0)
  const questions = head === 'labels' || reduction === 'classes' ? k : 1
  return questions * (guardsEmpty && weight === 0 ? 1 : weight)
}

function weightOf({ classWeights }, { labels, rowWeights }, i) {
  if (rowWeights !== undefined) return rowWeights[i]
  return classWeights === null ? 1 : classWeights[labels[i]]
}

/** The target of each class; null for a row that is ignored. */
function targetOf({ head, k, ignoredLabel, labelOutside, smoothing }, label) {
  if (head === 'labels') return label
  if (label === ignoredLabel) return null
  if (head === 'sigmoid') return [label]
  const isOutside = !(label >= 0 && label < k)
  if (isOutside && labelOutside === 'nan') return Array(k).fill(NaN)
  return Array.from({ length: k }, (_, c) => (1 - smoothing) * (c === label ? 1 : 0) + (isOutside ? 0 : smoothing / k))
}

function activated({ activation }, row, round) {
  if (activation === 'none') return row
  if (activation === 'softmax of one') return row.map(() => 1)
  if (activation === 'sigmoid') return row.map((z) => round(1 / (1 + Math.exp(-z))))
  if (activation === 'softmax') return probabilitiesOf(row).map(round)
  const e = row.map((z) => round(Math.exp(z)))
  const sum = round(e.reduce((a, b) => a + b, 0))
  return e.map((value) => round(value / sum))
}

/** The gradient by the logits from that by what the criterion was given. */
function backward({ activation }, inputs, gradient, round) {
  if (activation === 'none') return gradient
  if (activation === 'softmax of one') return gradient.map((g) => 0 * g)
  if (activation === 'sigmoid' || inputs.length === 1)
    return inputs.map((p, c) => round(gradient[c] * round(p * (1 - p))))
  const inner = inputs.reduce((sum, p, c) => sum + p * gradient[c], 0)
  return inputs.map((p, c) => round(p * round(gradient[c] - inner)))
}

/** The loss of a row and its gradient by what the criterion was given. */
function criterion(config, row, target, round) {
  const isBinary = config.head !== 'softmax'
  if (config.criterion === 'plain') {
    return { loss: -row.reduce((sum, p, c) => sum + target[c] * p, 0), gradient: target.map((t) => -t) }
  }
  if (config.criterion === 'log') return byHand(config, row, target, isBinary, round)
  const p = isBinary ? row.map((z) => 1 / (1 + Math.exp(-z))) : probabilitiesOf(row)
  const weight = isBinary ? 1 : target.reduce((sum, t) => sum + t, 0)
  return { loss: fused(row, target, isBinary), gradient: p.map((value, c) => round(weight * value - target[c])) }
}

function fused(row, target, isBinary) {
  if (isBinary)
    return row.reduce((sum, z, c) => sum + Math.max(z, 0) - z * target[c] + Math.log1p(Math.exp(-Math.abs(z))), 0)
  const max = Math.max(...row)
  const logSum = max + Math.log(row.reduce((sum, z) => sum + Math.exp(z - max), 0))
  return row.reduce((sum, z, c) => sum + (target[c] === 0 ? 0 : target[c] * (logSum - z)), 0)
}

function byHand({ clip, multiplies }, row, target, isBinary, round) {
  const low = clip === null ? -Infinity : round(clip)
  const high = clip === null ? Infinity : round(1 - low)
  const clipped = (p) => Math.min(Math.max(p, low), high)
  const log = (p) => round(Math.log(p))
  const isUsed = (t) => isBinary || multiplies || t !== 0
  const slope = (t, p) => round(t / p)
  const loss = row.reduce((sum, given, c) => {
    const p = clipped(given)
    const t = target[c]
    if (!isUsed(t)) return sum
    return sum - t * log(p) - (isBinary ? (1 - t) * log(round(1 - p)) : 0)
  }, 0)
  const gradient = row.map((given, c) => {
    const p = clipped(given)
    const t = target[c]
    if (!isUsed(t) || p !== given) return Number.isNaN(given) ? NaN : 0
    return -slope(t, p) + (isBinary ? slope(1 - t, round(1 - p)) : 0)
  })
  return { loss, gradient }
}

function weightGradient(gradients, x, weights, weightDecay) {
  return weights.map((row, c) =>
    row.map((w, j) => gradients.reduce((sum, gradient, i) => sum + gradient[c] * x[i][j], 0) + weightDecay * w),
  )
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
