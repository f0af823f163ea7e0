import type { Cause } from '../../protocol/alert.ts'
import { type BuiltInRaise, headlineOf, isOwn, type Raise } from '../detect/finding.ts'
import { short } from '../detect/wording.ts'
import type { BatchEvidence, Context, Explanation } from './diagnosis.ts'
import { HYPOTHESES } from './index.ts'
import { own } from './user-rule.ts'

export interface Diagnosis {
  /** One paragraph: what happened, why, and what to change. */
  readonly message: string
  readonly cause: Cause | null
}

/** Explains a finding by the first family that names a cause, or by one that has candidates, or says what is missing to tell. */
export function diagnose(finding: Raise, context: Context): Diagnosis {
  const explanation = explain(finding, context)
  const fix = explanation.cause.code === null ? '' : ` ${explanation.cause.fix}`
  return { message: `${headlineOf(finding)} ${explanation.why}${fix}`, cause: explanation.cause }
}

function explain(finding: Raise, context: Context): Explanation {
  if (isOwn(finding)) return own(finding)
  let open: Explanation | null = null
  for (const hypothesis of HYPOTHESES) {
    const explanation = hypothesis(finding, context)
    if (explanation !== null && explanation.cause.code !== null) return explanation
    open ??= explanation
  }
  return open ?? unexplained(finding, context)
}

function unexplained({ rule, facts }: BuiltInRaise, { batch }: Context): Explanation {
  const last =
    rule === 'non-finite' && facts.lastFinite !== null
      ? `The last finite value was ${short(facts.lastFinite)}${facts.lastFiniteStep === null ? '' : ` at step ${facts.lastFiniteStep}`}. `
      : ''
  return {
    why: last + (rule === 'mismatch' ? NO_CROSS_ENTROPY : batch === null ? NO_PREDICTIONS : innocent(batch)),
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
