import type { AlertText, Cause } from '../../protocol/alert.ts'
import { CAUSE, causeOf } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import { nanLoss } from '../crashes/c29-nan-loss.ts'
import { type BuiltInRaise, type FactsOf, headlineOf, isOfUser, type Raise } from '../detect/finding.ts'
import type { BatchEvidence, Context, Explanation } from './diagnosis.ts'
import { firstSignOf } from './first-sign.ts'
import { EXPLAINERS } from './index.ts'
import { explainUserCondition } from './user-condition.ts'

/** What an alert says about a finding. */
export interface Diagnosis extends AlertText {
  readonly cause: Cause | null
}

/**
 * Explains a finding.
 *
 * The first explainer that names a cause wins, but for a weak one and for a damage whose cause another names, and else the
 * first that says anything. Where none does, the text says what else would have to be logged.
 */
export function diagnose(finding: Raise, context: Context): Diagnosis {
  const { why, cause } = explain(finding, context)
  const firstSign = isOfUser(finding) ? null : firstSignOf(finding, context)
  return { headline: headlineOf(finding), firstSign, why, cause: withChoices(cause) }
}

/** The cause with its candidates by title, each with what would show that it is the one. */
function withChoices(cause: Cause): Cause {
  if (cause.code !== null || cause.candidates.length === 0) return cause
  const choices = cause.candidates.flatMap((code) => {
    const entry = causeOf(code)
    return entry === null ? [] : [{ code, title: entry.title, confirm: entry.confirm }]
  })
  return { ...cause, choices }
}

function explain(finding: Raise, context: Context): Explanation {
  if (isOfUser(finding)) return explainUserCondition(finding)
  const explanations = EXPLAINERS.flatMap((explainer) => explainer(finding, context) ?? [])
  const named = explanations.filter(({ cause }) => cause.code !== null)
  const sure = named.filter(({ cause }) => cause.code !== null && cause.confidence !== 'weak')
  const [first] = sure
  // That the weights hold a NaN only says that something broke them: where the log shows what, that is the cause.
  const root =
    first?.cause.code === CAUSE.nanInModel ? sure.find(({ cause }) => cause.code === CAUSE.nanGradient) : null
  return root ?? first ?? named[0] ?? explanations[0] ?? unexplained(finding, context)
}

function unexplained(finding: BuiltInRaise, { batch }: Context): Explanation {
  const { rule, severity } = finding
  const reason = rule === 'mismatch' ? NO_CROSS_ENTROPY : batch === null ? NO_PREDICTIONS : innocent(batch)
  return {
    why: rule === 'non-finite' ? whyNotFinite(finding.facts, reason) : reason,
    cause:
      rule === 'non-finite' && severity === 'critical' && batch === null
        ? NAN_LOSS
        : { code: null, candidates: [], evidence: [] },
  }
}

/** What is known of a value that is not finite: the one before it, and the other losses of its record. */
function whyNotFinite({ lastFinite, lastFiniteStep, beside }: FactsOf<'non-finite'>, reason: string): string {
  const at = lastFiniteStep === null ? '' : ` at step ${lastFiniteStep}`
  const { lost = [], kept = [], isOfPredictions = true, terms } = beside ?? {}
  // The first sign names them.
  const isSaid = terms !== undefined && terms.lost.length > 0 && terms.kept.length > 0
  const parts = [
    lastFinite === null ? null : `The last finite value was ${short(lastFinite)}${at}.`,
    isSaid || lost.length === 0 ? null : `In the same record ${are(lost)} not finite either.`,
    isSaid || kept.length === 0 ? null : `${lost.length === 0 ? 'In the same record ' : 'But '}${are(kept)} finite.`,
    reason === NO_PREDICTIONS && !isOfPredictions ? UNKNOWN : reason,
  ]
  return parts.filter((part) => part !== null).join(' ')
}

function are(names: readonly string[]): string {
  const [last, ...others] = names.toReversed()
  return others.length === 0 ? `${last} is` : `${others.toReversed().join(', ')} and ${last} are`
}

/** What is known of a loss that is no number, where nothing says how it became one: what to do, and no more. */
const NAN_LOSS: Cause = { code: nanLoss.code, confidence: 'weak', evidence: [], fix: nanLoss.fix }

const UNKNOWN = 'The log does not say why.'

const NO_PREDICTIONS =
  'The log does not say why; with the predictions of the batch logged (probs or logits, and labels) nanwatch can tell.'

const NO_CROSS_ENTROPY =
  'No way that nanwatch knows of computing a cross-entropy gives that number: it may be another loss, or hold more terms.'

function innocent({ measure }: BatchEvidence): string {
  return `The predictions of this batch do not explain it: recomputed from them, its loss is ${short(measure.crossEntropy)}.`
}
