import type { AlertText, Cause } from '../../protocol/alert.ts'
import { isOrdered } from '../job/crash-signs.ts'
import type { Crash } from '../job/last-words.ts'
import type { BatchEvidence, Context, Explanation, Raise } from './diagnosis.ts'
import { EXPLAINERS } from './index.ts'
import { atStep, duration, short } from './wording.ts'

/** What an alert says of a finding. */
export interface Diagnosis extends AlertText {
  readonly cause: Cause | null
}

/** Explains a finding by the first family that names a cause, or by one that has candidates, or says what is missing to tell. */
export function diagnose(finding: Raise, context: Context): Diagnosis {
  const { why, cause } = explain(finding, context)
  return { headline: headline(finding), firstSign: null, why, cause }
}

function explain(finding: Raise, context: Context): Explanation {
  let open: Explanation | null = null
  for (const explainer of EXPLAINERS) {
    const explanation = explainer(finding, context)
    if (explanation !== null && explanation.cause.code !== null) return explanation
    open ??= explanation
  }
  return open ?? unexplained(finding, context)
}

function headline({ at, facts, rule }: Raise): string {
  const where = atStep(at.step)
  switch (facts.kind) {
    case 'non-finite':
    case 'exploding':
    case 'sustained-rise':
    case 'frozen':
    case 'negative-loss':
    case 'overfit':
    case 'chance-plateau':
    case 'loss-scale':
      return `${where}${at.metric} is ${short(at.value)}.`
    case 'spike':
    case 'learning-rate-jump':
      return `${where}${at.metric} jumped to ${short(at.value)}.`
    case 'own':
      return `${where}${facts.when} (${rule}).`
    case 'slow':
      return `${where}training has become slower.`
    case 'stall':
      return `${where}nothing was written for ${duration(facts.silence.quietMs)}.`
    case 'crashed':
      return died(where, facts.crash)
    case 'masked-nan':
      return `${where}the log hides a NaN in ${at.metric}.`
    case 'mismatch':
      return `${where}the reported loss is ${short(facts.reportedLoss ?? 'NaN')}, and the predictions give ${short(facts.measure.crossEntropy)}.`
    case 'collapse':
      return `${where}the predictions have ${facts.sign === 'uniform' ? 'collapsed' : 'saturated'}.`
    case 'saturation':
      return `${where}log(0) is near${facts.stepsLeft === null ? '' : `, likely within about ${facts.stepsLeft} steps`}.`
    case 'log-zero':
      return `${where}the unclipped cross-entropy of the predictions is ${short(facts.measure.crossEntropy)}.`
  }
}

function died(where: string, { line, severity, kind }: Crash): string {
  const what = severity === 'critical' || isOrdered(kind) ? 'the job ended' : 'the job may have ended'
  return `${where}${what}: ${line.trim().replace(/\.$/, '')}.`
}

function unexplained({ facts }: Raise, { batch }: Context): Explanation {
  const last =
    facts.kind === 'non-finite' && facts.lastFinite !== null
      ? `The last finite value was ${short(facts.lastFinite)}${facts.lastFiniteStep === null ? '' : ` at step ${facts.lastFiniteStep}`}. `
      : ''
  return {
    why: last + (facts.kind === 'mismatch' ? NO_CROSS_ENTROPY : batch === null ? NO_PREDICTIONS : innocent(batch)),
    cause: { code: null, candidates: [], evidence: [] },
  }
}

const NO_PREDICTIONS =
  'The log does not say why; with the predictions of the batch logged (probs or logits, and labels) nanwatch can tell.'

const NO_CROSS_ENTROPY =
  'No way that nanwatch knows of computing a cross-entropy gives that number: it may be another loss, or hold more terms.'

function innocent({ measure }: BatchEvidence): string {
  return `The predictions of this batch do not explain it: recomputed from them, its loss is ${short(measure.crossEntropy)}.`
}
