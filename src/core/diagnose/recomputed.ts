import type { Evidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { type ExplainedLoss, printedNote } from '../causes/explained-loss.ts'
import { CAUSE, causeOf, whyOf } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { type LikeliestCause, likeliestCause } from '../loss-search/likeliest-cause.ts'
import type { RatedCandidate, SearchResult } from '../loss-search/search-result.ts'
import { isInFull } from '../measure/symptoms.ts'
import { type BatchEvidence, type Context, type Explanation, known } from './diagnosis.ts'

/** Explains a finding by the predictions of its batch: by how the loss of the batch may have been computed. */
export function explainRecomputed(finding: BuiltInRaise, { batch }: Context): Explanation | null {
  if (batch === null || batch.lossSearch === null) return null
  const { lossSearch, measure } = batch
  const reported = batch.reportedLoss ?? failedLoss(finding)
  switch (finding.rule) {
    case 'non-finite':
      // The loss of this batch is finite, so the search over it does not explain what else is not finite there.
      if (reported !== null && isFinite(reported)) return null
      break
    case 'log-zero':
    case 'mismatch':
      break
    default:
      return null
  }
  const evidence = evidenceOf(batch, reported)
  const loss: ExplainedLoss = { symptoms: measure, reportedLoss: reported, dtype: lossSearch.dtype, computedAs: null }
  // No way by which the loss would have failed is that of the job. Odd targets are wrong all the same.
  const isSurvived = reported === null && batch.isSurvived === true && measure.badLabel.count === 0
  if (finding.rule === 'log-zero' && isSurvived) return survivedZero(whyOf(CAUSE.logZero, loss) + SURVIVED, evidence)
  const likeliest = likeliestCause(lossSearch, measure, reported)
  const isDisproved = likeliest.kind === 'open' && likeliest.missed !== undefined
  if (finding.rule === 'log-zero' && likeliest.kind !== 'cause' && !isDisproved)
    return bareZero(lossSearch, loss, evidence)
  if (likeliest.kind === 'nothing') return null
  if (likeliest.kind === 'open') return undecided(likeliest, printedNote(measure), evidence)
  const { code, confidence, candidate, others } = likeliest
  const cause = known(code, confidence, [
    ...evidence,
    { name: 'computedAs', value: candidate.key },
    ...(lossSearch.dtype === 'float32' ? [] : [{ name: 'dtype', value: lossSearch.dtype }]),
    ...(others.length === 0 ? [] : [{ name: 'sameNumberFrom', value: others.join(', ') }]),
  ])
  const also = others.length === 0 ? '' : ` The same number fits another cause: ${others.map(titleOf).join('; or ')}.`
  const isDoubted = confidence === 'weak' || reported === null || !isFinite(reported)
  const doubt = isDoubted ? printedNote(measure) + missedNote(candidate) : ''
  return { why: whyOf(code, { ...loss, computedAs: candidate.key }) + also + doubt, cause }
}

/** The loss that a finding is about, for a batch that came without one; null where it is about something else. */
function failedLoss({ rule, at }: BuiltInRaise): MetricValue | null {
  return rule === 'non-finite' && (at.role === 'train_loss' || at.role === 'val_loss') ? at.value : null
}

/**
 * Explains a true class with probability 0 where the loss does not show what that did.
 *
 * A job that clips, or computes from logits, survives it. Where the loss is
 * known to be finite, R1 is only a candidate. A loss of −∞ is no −log(0).
 */
function bareZero(
  { verdict, candidates }: SearchResult,
  loss: ExplainedLoss,
  evidence: readonly Evidence[],
): Explanation | null {
  const code = CAUSE.logZero
  const reported = loss.reportedLoss
  if (reported === '-Infinity') return null
  const why = whyOf(code, loss)
  const isSurvived = reported !== null && isFinite(reported)
  return isSurvived || (verdict === 'agrees' && candidates.length > 0)
    ? survivedZero(why, evidence)
    : { why, cause: known(code, 'likely', evidence) }
}

const SURVIVED = ' The log gives a finite loss at this step: the job clips, or computes from logits.'

function survivedZero(why: string, evidence: readonly Evidence[]): Explanation {
  return { why, cause: { code: null, candidates: [CAUSE.logZero], evidence } }
}

function undecided(
  { codes, missed = 0 }: Extract<LikeliestCause, { kind: 'open' }>,
  printed: string,
  evidence: readonly Evidence[],
): Explanation | null {
  if (codes.length === 0) return null
  const listed = codes.map(titleOf).join(' or ')
  if (missed > 1) {
    // A 0 or 1 of few decimals need not have been one, so that a finite loss beside it contradicts nothing.
    const so =
      printed === ''
        ? `But ${atLeast(missed)} batches before would have had another loss in that way, so it is something else: look at the weights, at what else is added to the loss, and at the gradients of the step before.`
        : `But ${atLeast(missed)} batches before had such numbers too, and another loss than that way gives for them: by what is printed nobody can tell.`
    return {
      why: `These predictions alone suggest ${listed}. ${so}${printed}`,
      cause: { code: null, candidates: [], evidence },
    }
  }
  const why =
    missed === 0
      ? 'The predictions fit several causes as well. One batch more, or the logits, may tell.'
      : `These predictions alone suggest ${listed}. But the loss of a batch before is another than that way gives.`
  return { why: why + printed, cause: { code: null, candidates: codes, evidence } }
}

/** What speaks against a cause that is named all the same. */
function missedNote({ tally: [reproduced, missed] = [0, 0] }: RatedCandidate): string {
  return missed === 0
    ? ''
    : ` Against it speaks ${missed === 1 ? 'one finite loss' : `${atLeast(missed)} finite losses`} before; it gives ${reproduced} others.`
}

/** What speaks against a way is counted to a limit, or not from the first batch on: only a few are surely all. */
function atLeast(missed: number): string {
  return missed < MOST_COUNTED ? String(missed) : `at least ${missed}`
}

const MOST_COUNTED = 4

function titleOf(code: string): string {
  const title = causeOf(code)?.title ?? code
  return title.charAt(0).toLowerCase() + title.slice(1)
}

function evidenceOf({ file, step, measure }: BatchEvidence, reported: MetricValue | null): Evidence[] {
  const counts = [
    ['ZeroOnTruth', measure.zeroOnTruth],
    ['ZeroOffTruth', measure.zeroOffTruth],
    ['NaN', measure.nan],
    ['Infinity', measure.infinite],
    ['OutOfRange', measure.outOfRange],
    ['SumNotOne', measure.notNormalised],
    ['BadLabel', measure.badLabel],
    ['NaNLabel', measure.nanLabel ?? { count: 0, rows: [] }],
  ] as const
  return [
    { name: 'predictions', value: file },
    ...(step === null ? [] : [{ name: 'step', value: step }]),
    { name: 'rows', value: measure.n },
    { name: 'rowsUsed', value: measure.used },
    { name: 'classes', value: measure.k },
    ...(isInFull(measure) ? [] : [{ name: 'printedDecimals', value: measure.printedDecimals! }]),
    ...(measure.maxLogit == null ? [] : [{ name: 'largestLogit', value: measure.maxLogit }]),
    ...counts
      .filter(([, { count }]) => count > 0)
      .flatMap(([name, { count, rows }]) => [
        { name: `rowsWith${name}`, value: count },
        { name: `firstRowsWith${name}`, value: rows },
      ]),
    ...(reported === null ? [] : [{ name: 'reportedLoss', value: reported }]),
    { name: 'crossEntropy', value: measure.crossEntropy },
    { name: 'crossEntropyClipped', value: measure.crossEntropyClipped },
    { name: 'epsilon', value: measure.epsilon },
  ]
}
