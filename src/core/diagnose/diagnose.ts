import type { Cause } from '../../protocol/alert.ts'
import type { BatchEvidence, Context, Explanation, Raise } from './diagnosis.ts'
import { HYPOTHESES } from './index.ts'
import { atStep, short } from './wording.ts'

export interface Diagnosis {
  /** One paragraph: what happened, why, and what to change. */
  readonly message: string
  readonly cause: Cause | null
}

/** Explains a finding by the first family of causes that fits, or says what is missing to tell. */
export function diagnose(finding: Raise, context: Context): Diagnosis {
  const explanation = explain(finding, context)
  const fix = explanation.cause.code === null ? '' : ` ${explanation.cause.fix}`
  return { message: `${headline(finding)} ${explanation.why}${fix}`, cause: explanation.cause }
}

function explain(finding: Raise, context: Context): Explanation {
  for (const hypothesis of HYPOTHESES) {
    const explanation = hypothesis(finding, context)
    if (explanation !== null) return explanation
  }
  return unexplained(finding, context)
}

function headline({ at, facts }: Raise): string {
  const where = atStep(at.step)
  switch (facts.kind) {
    case 'non-finite':
    case 'exploding':
      return `${where}${at.metric} is ${short(at.value)}.`
    case 'spike':
      return `${where}${at.metric} jumped to ${short(at.value)}.`
    case 'masked-nan':
      return `${where}the log hides a NaN in ${at.metric}.`
    case 'saturation':
      return `${where}log(0) is near${facts.stepsLeft === null ? '' : `, likely within about ${facts.stepsLeft} steps`}.`
    case 'log-zero':
      return `${where}the unclipped cross-entropy of the predictions is ${short(facts.measure.crossEntropy)}.`
  }
}

function unexplained({ facts }: Raise, { batch }: Context): Explanation {
  const last =
    facts.kind === 'non-finite' && facts.lastFinite !== null
      ? `The last finite value was ${short(facts.lastFinite)}${facts.lastFiniteStep === null ? '' : ` at step ${facts.lastFiniteStep}`}. `
      : ''
  return {
    why: last + (batch === null ? NO_PREDICTIONS : innocent(batch)),
    cause: { code: null, candidates: [], evidence: [] },
  }
}

const NO_PREDICTIONS =
  'The log does not say why; with the predictions of the batch logged (probs or logits, and labels) nanwatch can tell.'

function innocent({ measure }: BatchEvidence): string {
  return `The predictions of this batch do not explain it: recomputed from them, its loss is ${short(measure.crossEntropy)}.`
}
