// What somebody changes who follows the advice of a cause, by its number: the changed configuration or data of the job.

const ON_LOGITS = { criterion: 'fused', activation: 'none', clip: null }
const toLogits = () => ({ config: ON_LOGITS })
const relabelled = (edit) => (job) => ({
  batches: job.batches.map((batch) => ({ ...batch, labels: batch.labels.map((label) => edit(label, job)) })),
})

export const FIXES = {
  1: toLogits,
  2: toLogits,
  3: toLogits,
  4: () => ({ config: { ...ON_LOGITS, dtype: 'float32' } }),
  5: toLogits,
  6: toLogits,
  7: ({ config }) => ({ config: { dtype: 'bfloat16', learningRate: config.learningRate / 10 } }),
  9: () => ({ config: { damagedAt: null } }),
  10: () => ({ config: { guardsEmpty: true } }),
  11: inRange,
  12: relabelled((label) => (label === -1 ? 0 : label)),
  13: toLogits,
  14: () => ({ config: { activation: 'none' }, evaluation: {} }),
  15: () => ({ config: { activation: 'softmax' } }),
  16: toLogits,
  17: () => ({ config: { reduction: 'mean' } }),
  18: () => ({ config: { unitNats: 1 } }),
  19: () => ({ config: { smoothing: 0 } }),
  20: () => ({ config: { terms: [] } }),
  21: ({ batches }) => ({ config: { classWeights: null }, batches: batches.map(({ x, labels }) => ({ x, labels })) }),
  22: () => ({ config: { reports: 'own' } }),
  24: ({ config }) => ({ config: { learningRate: config.learningRate / 10, maxNorm: 1 } }),
  26: ({ batches, sound }) => ({
    batches: batches.map((batch, i) => ({ ...batch, x: cleaned(batch.x, sound.batches[i].x) })),
  }),
  28: toLogits,
  29: ({ batches }) => ({
    batches: batches.map((batch) => {
      const isSound = batch.rowWeights?.every(Number.isFinite) && batch.rowWeights.some((weight) => weight > 0)
      return isSound ? batch : { ...batch, rowWeights: batch.labels.map(() => 1) }
    }),
  }),
  30: ({ batches, sound }) => ({
    batches: batches.map((batch, i) => ({ ...batch, labels: cleaned(batch.labels, sound.batches[i].labels) })),
  }),
  32: toLogits,
  33: ({ config }) => ({ config: { terms: config.terms.map((term) => ({ ...term, isGuarded: true })) } }),
  34: () => ({ config: { isExponential: false }, reportsPerplexity: false }),
  35: () => ({ config: { broadcasts: false } }),
  36: toLogits,
  37: () => ({ evaluation: {} }),
}

/** Labels that begin at 1 begin at 0; of others, those outside of the classes are left out. */
function inRange({ batches, config }) {
  const labels = batches.flatMap((batch) => batch.labels)
  const isFromOne = Math.min(...labels) === 1
  const ignoredLabel = config.ignoredLabel ?? -100
  const edit = (y) => (isFromOne ? y - 1 : y >= 0 && y < config.k ? y : ignoredLabel)
  return {
    config: { ignoredLabel },
    batches: batches.map((batch) => ({ ...batch, labels: batch.labels.map(edit) })),
  }
}

/** Numbers with those that are NaN replaced. */
function cleaned(values, sound) {
  if (Array.isArray(values)) return values.map((value, i) => cleaned(value, sound[i]))
  return Number.isNaN(values) ? sound : values
}

/** The job after a fix; null where the cause has none that can be tried here. */
export function fixed(job, number) {
  const fix = FIXES[number]?.(job)
  return fix === undefined ? null : { ...job, ...fix, config: { ...job.config, ...fix.config } }
}
