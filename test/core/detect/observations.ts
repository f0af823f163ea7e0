import { type Detector, type DetectorInput, sightingOf } from '../../../src/core/detect/detector.ts'
import { type Finding, stamped } from '../../../src/core/detect/finding.ts'
import type { Thresholds } from '../../../src/core/detect/rule.ts'
import type { Dtype } from '../../../src/core/kernels/float-type.ts'
import { searchBatch } from '../../../src/core/loss-search/batch-search.ts'
import { NO_LIKELIHOODS } from '../../../src/core/loss-search/likelihood.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import { isFinite, type JsonValue, metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'

/** One value of a training loss at each step, in the log's order. */
export function lossesOf(values: readonly number[], about: { role?: Role; metric?: string; attempt?: number } = {}) {
  return values.map((value, step) => seenSample(value, { step, ...about }))
}

export function seenSample(
  raw: number,
  about: { role?: Role; metric?: string; step?: number | null; attempt?: number; isBehind?: boolean } = {},
): Extract<DetectorInput, { kind: 'sample' }> {
  const { role = 'train_loss', metric = 'loss', step = null, attempt = 0, isBehind = false } = about
  const value = metricValue(raw)
  const sample = { metric, role, attempt, step, value, raw: isFinite(value) ? null : value, offset: null }
  return { kind: 'sample', sample, time: null, isBehind }
}

/** A record of a loss, and of what stands beside it. */
export function seenRecord(
  values: { readonly loss?: number; readonly lr?: number; readonly gradNorm?: number },
  about: {
    step?: number | null
    attempt?: number
    isBehind?: boolean
    zeroDecimals?: number | undefined
    metric?: string
  } = {},
): Extract<DetectorInput, { kind: 'record' }> {
  const { step = null, attempt = 0, isBehind = false, zeroDecimals, metric = 'loss' } = about
  const named = [
    { metric, role: 'train_loss', raw: values.loss },
    { metric: 'lr', role: 'learning_rate', raw: values.lr },
    { metric: 'grad_norm', role: 'grad_norm', raw: values.gradNorm },
  ] as const
  const samples = named.flatMap(({ metric, role, raw }) => {
    if (raw === undefined) return []
    const value = metricValue(raw)
    return [{ metric, role, attempt, step, value, raw: isFinite(value) ? null : value, offset: null }]
  })
  const rounded = zeroDecimals === undefined ? {} : { learning_rate: zeroDecimals, grad_norm: zeroDecimals }
  return { kind: 'record', at: { ...samples[0]!, time: null }, samples, zeroDecimals: rounded, isBehind }
}

/** A value that the log hides. */
export function seenMask(step: number, metric = 'loss'): DetectorInput {
  const at = { metric, role: 'train_loss' as const, step, attempt: 0, offset: 0, value: 'NaN' as const, time: null }
  return { kind: 'hidden', at, reason: 'zero-loss', detail: 'The loss is exactly 0 and the gradient norm is NaN.' }
}

/** A measured batch of two classes: one row for each probability given to the true class. */
export function seenBatch(
  probabilities: readonly number[],
  about: { step?: number; reported?: number; dtype?: Dtype } = {},
): DetectorInput {
  const rows = probabilities.map((p) => [1 - p, p])
  const labels = probabilities.map(() => 1)
  const batch = { ...batchOf('probs', rows, labels), ...(about.dtype === undefined ? {} : { dtype: about.dtype }) }
  const measure = measureBatch(batch)
  const reportedLoss = about.reported === undefined ? null : metricValue(about.reported)
  const { result: lossSearch } = searchBatch(NO_LIKELIHOODS, { ...batch, reportedLoss }, measure, 0)
  const at = {
    metric: 'nanwatch/cross_entropy',
    role: 'other' as const,
    step: about.step ?? null,
    attempt: 0,
    offset: 0,
    value: measure.crossEntropy,
    time: null,
  }
  return { kind: 'batch', at, measure, reportedLoss, lossSearch }
}

/** Folds a whole series and answers what was found in it. */
export function findingsIn<Facts, Params extends Thresholds, State extends JsonValue>(
  detector: Detector<string, Facts, Params, State>,
  seen: readonly DetectorInput[],
  params: Partial<Params> = {},
): Finding[] {
  let state = detector.start()
  return seen.flatMap((observation) => {
    const outcome = detector.step(state, observation, { ...detector.defaults, ...params })
    state = outcome.state
    return outcome.findings.map((found) => stamped(detector.name, found, sightingOf(observation)))
  })
}

/** What was found, and at which step: `raise 12`, `clear 30`. */
export function storyOf<Facts, Params extends Thresholds, State extends JsonValue>(
  detector: Detector<string, Facts, Params, State>,
  seen: readonly DetectorInput[],
  params: Partial<Params> = {},
): string[] {
  return findingsIn(detector, seen, params).map((finding) => `${finding.kind} ${finding.at.step}`)
}
