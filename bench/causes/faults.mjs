// What is wrong in a generated job: a change of its configuration, or of its data, and the causes that are right to name.
import { normal } from './data.mjs'
import { TYPES } from './floats.mjs'

/** The ε of clips whose upper end is lost in a type while the lower one holds. */
export const LOST_UPPER = { float64: 1e-17, float32: 1e-10, float16: 1e-7, bfloat16: 1e-3 }
const ONE_OF_MANY = ['softmax']
const ONE_CLASS = ['softmax', 'sigmoid']
const ANY = ['softmax', 'sigmoid', 'labels']
/** Most jobs are in float32. */
const WIDE = ['float32', 'float32', 'float32', 'float64']
const FULL = [...WIDE, 'bfloat16']
const ALL_TYPES = [...FULL, 'float16']

/** How a job by hand gets its probabilities. */
const probabilities = ({ head }) => ({ criterion: 'log', activation: head === 'softmax' ? 'softmax' : 'sigmoid' })

/** Puts a row so far outside into a batch that a probability underflows, from `failsAt` on now and then. */
function withOutliers({ problem, batches, failsAt, config, next }, isRight, gap = TYPES[config.dtype].zeroLogit) {
  return batches.map((batch, step) => {
    if (step !== failsAt && (step < failsAt || next() < 0.7)) return batch
    const { x, label } = problem.outlier(gap, isRight)
    return { ...batch, x: [x, ...batch.x.slice(1)], labels: [label, ...batch.labels.slice(1)] }
  })
}

const editedAt = ({ batches, failsAt }, edit) => batches.map((batch, step) => (step === failsAt ? edit(batch) : batch))

/**
 * The faults: `number` of the cause; the heads and types in which it can arise; `make`, which is given the sound job and
 * gives what is changed, `config` or `batches`; `also`, other causes that are as right; `true`, what is so but harms nothing;
 * and `shows`, what the losses must do in a job that has it: `fails` for the first time at `failsAt` or later, or `differs`.
 */
export const FAULTS = [
  fault(1, 'fails', ONE_CLASS, ALL_TYPES, (job) => ({
    config: probabilities(job.config),
    batches: withOutliers(job, false),
  })),
  fault(2, 'fails', ANY, ALL_TYPES, (job) => ({
    config: { ...probabilities(job.config), multiplies: true },
    batches: withOutliers(job, true),
  })),
  fault(3, 'fails', ['sigmoid', 'labels'], FULL, (job) => ({
    config: { ...probabilities(job.config), clip: LOST_UPPER[job.config.dtype] },
    batches: withOutliers(job, true),
  })),
  fault(4, 'fails', ONE_CLASS, ['float16'], (job) => ({
    config: { ...probabilities(job.config), multiplies: true, clip: 1e-8 },
    batches: withOutliers(job, job.next() < 0.7),
  })),
  fault(5, 'fails', ONE_OF_MANY, WIDE, (job) => ({
    config: { criterion: 'log', activation: 'naive', multiplies: job.next() < 0.5 },
    batches: withOutliers(job, true, TYPES[job.config.dtype].expLimit),
  })),
  fault(6, 'fails', ONE_OF_MANY, FULL, (job) => ({
    config: probabilities(job.config),
    batches: withOutliers(job, false),
    dumps: 'logits',
  })),
  fault(7, 'fails', ONE_OF_MANY, ['float16'], (job) => ({
    batches: withOutliers(job, true, 2e5),
    dumps: 'logits',
    also: [5],
  })),
  fault(9, 'fails', ANY, ALL_TYPES, ({ failsAt }) => ({ config: { damagedAt: failsAt } })),
  fault(10, 'fails', ONE_OF_MANY, ALL_TYPES, (job) => ({
    config: { ignoredLabel: -100 },
    batches: editedAt(job, (batch) => ({ ...batch, labels: batch.labels.map(() => job.config.ignoredLabel ?? -100) })),
  })),
  fault(11, 'fails', ONE_OF_MANY, ALL_TYPES, (job) => ({
    batches: editedAt(job, (batch) => ({ ...batch, labels: [job.config.k, ...batch.labels.slice(1)] })),
  })),
  fault(11, 'differs', ONE_OF_MANY, ALL_TYPES, (job) => ({
    config: { labelOutside: 'nothing' },
    batches: job.batches.map((batch) => ({ ...batch, labels: batch.labels.map((y) => y + 1) })),
  })),
  fault(12, 'differs', ['sigmoid'], ALL_TYPES, ({ batches }) => ({
    batches: batches.map((batch) => ({ ...batch, labels: batch.labels.map((y) => (y === 0 ? -1 : 1)) })),
  })),
  fault(13, 'fails', ONE_OF_MANY, ALL_TYPES, () => ({
    config: { criterion: 'log' },
    failsAt: 0,
    // What the job takes for probabilities it also calls so.
    dumpsInputs: true,
  })),
  fault(14, 'differs', ANY, ALL_TYPES, ({ config }) => ({
    config: { activation: config.head === 'softmax' ? 'softmax' : 'sigmoid' },
    dumps: 'probs',
  })),
  fault(15, 'differs', ONE_OF_MANY, ALL_TYPES, () => ({
    config: { criterion: 'log', activation: 'sigmoid' },
    dumps: 'probs',
  })),
  fault(16, 'differs', ONE_CLASS, WIDE, ({ config, batches, next }) => {
    const noisy = batches.map((batch) => ({
      ...batch,
      labels: batch.labels.map((y) => (next() < 0.8 ? y : 1 - Math.min(y, 1))),
    }))
    return {
      config: { ...probabilities(config), clip: 1e-7, inputScale: 1000 },
      batches: noisy,
      sound: { config, batches: noisy },
    }
  }),
  fault(17, 'differs', ANY, ALL_TYPES, ({ config, next }) => ({
    config: next() < 0.5 && config.head === 'softmax' ? { reduction: 'classes' } : { reduction: 'sum', maxNorm: 1 },
  })),
  fault(18, 'differs', ANY, ALL_TYPES, ({ next }) => ({ config: { unitNats: next() < 0.8 ? Math.LN2 : Math.LN10 } })),
  fault(19, 'differs', ONE_OF_MANY, ALL_TYPES, ({ next }) => ({
    config: { smoothing: [0.1, 0.2, 0.05][Math.floor(next() * 3)] },
  })),
  fault(20, 'differs', ANY, ALL_TYPES, ({ next }) => ({
    config: { terms: [{ kind: 'l2', strength: 0.01 + 0.03 * next() }] },
    hidesParts: true,
  })),
  fault(21, 'differs', ONE_CLASS, WIDE, ({ config, next }) => ({
    config: { classWeights: Array.from({ length: Math.max(2, config.k) }, () => 1 + 4 * next()) },
    hidesWeights: true,
  })),
  fault(22, 'differs', ANY, WIDE, () => ({ config: { reports: 'running' } })),
  fault(24, 'fails', ANY, FULL, () => ({
    config: { terms: [{ kind: 'l2', strength: 2 }], learningRate: 3, warmupSteps: 12, maxNorm: Infinity },
    failsAt: 0,
    logsGradient: true,
    true: [20],
  })),
  fault(26, 'fails', ANY, ALL_TYPES, (job) => ({
    batches: editedAt(job, (batch) => ({ ...batch, x: [[NaN, ...batch.x[0].slice(1)], ...batch.x.slice(1)] })),
    also: [23],
  })),
  fault(28, 'gradient', ONE_OF_MANY, ['float16'], (job) => ({
    config: probabilities(job.config),
    batches: withOutliers(job, false, 4),
    logsGradient: true,
  })),
  fault(29, 'fails', ONE_OF_MANY, ALL_TYPES, ({ config, failsAt, batches, next }) => ({
    // A class that a batch has not has the weight 0/0.
    batches: batches.map((batch, step) => ({
      ...batch,
      rowWeights: batch.labels.map(() => (step < failsAt ? 1 : config.k % 2 === 0 ? NaN : 0)),
    })),
    logsWeights: next() < 0.5,
    also: [10, 21],
  })),
  fault(30, 'fails', ['sigmoid', 'labels'], ALL_TYPES, (job) => ({
    batches: editedAt(job, (batch) => {
      const [first, ...others] = batch.labels
      return { ...batch, labels: [Array.isArray(first) ? [NaN, ...first.slice(1)] : NaN, ...others] }
    }),
  })),
  fault(32, 'differs', ONE_OF_MANY, ALL_TYPES, ({ next }) =>
    next() < 0.6
      ? { config: { criterion: 'plain', activation: 'softmax' }, dumps: 'probs', also: [13] }
      : { config: { criterion: 'plain' }, dumps: 'logits', also: [13] },
  ),
  fault(33, 'fails', ONE_OF_MANY, FULL, (job) => ({
    config: { terms: [{ kind: job.next() < 0.5 ? 'entropy' : 'kl', strength: 0.1, isGuarded: false }] },
    batches: withOutliers(job, true),
    hidesParts: job.next() < 0.3,
    true: [20],
  })),
  fault(34, 'fails', ONE_CLASS, WIDE, (job) => ({
    config: { isExponential: true },
    batches: withOutliers(job, false, 40 * TYPES[job.config.dtype].expLimit),
  })),
  fault(34, 'perplexity', ONE_CLASS, WIDE, (job) => ({
    batches: withOutliers(job, false, 1000 * TYPES[job.config.dtype].expLimit),
    reportsPerplexity: true,
  })),
  fault(35, 'differs', ['sigmoid'], ALL_TYPES, () => ({ config: { broadcasts: true } })),
  fault(36, 'differs', ['sigmoid'], WIDE, () => ({
    config: { criterion: 'log', activation: 'softmax of one', clip: 1e-7 },
    dumps: 'probs',
    also: [16],
  })),
  fault(37, 'held', ONE_CLASS, ALL_TYPES, ({ config }) => ({
    evaluation: { activation: config.head === 'softmax' ? 'softmax' : 'sigmoid' },
    dumps: 'probs',
    also: [14],
  })),
]

/** Jobs in which nothing is wrong, though it looks as in those above: `make` as there. */
export const HEALTHY = [
  fault(0, 'holds', ANY, ALL_TYPES, () => ({})),
  fault(0, 'holds', ONE_CLASS, ALL_TYPES, (job) => ({ batches: withOutliers(job, true) })),
  fault(0, 'holds', ANY, WIDE, ({ config }) => ({ config: { ...probabilities(config), clip: 1e-7 } })),
  fault(0, 'holds', ONE_OF_MANY, WIDE, (job) => ({
    config: probabilities(job.config),
    batches: withOutliers(job, true),
  })),
  // Predictions of the weights after the step: R38, of which nobody need be told.
  fault(0, 'holds', ANY, ALL_TYPES, () => ({ dumpsAfter: true, true: [38] })),
  fault(0, 'holds', ['sigmoid'], ALL_TYPES, ({ batches }) => ({
    batches: batches.map((batch) => ({ ...batch, labels: batch.labels.map((y) => 0.1 + 0.8 * y) })),
  })),
  fault(0, 'holds', ONE_OF_MANY, ALL_TYPES, ({ batches, next }) => ({
    batches: batches.map((batch) => ({ ...batch, rowWeights: batch.labels.map(() => Math.exp(0.5 * normal(next))) })),
  })),
]

function fault(number, shows, heads, types, make) {
  return { number, shows, heads, types, make }
}
