import type { Evidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { causeOf, codeAt } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { type Conclusion, conclude } from '../loss-search/conclude.ts'
import { type BatchEvidence, type Context, type Explanation, known } from './diagnosis.ts'
import { whyOf } from './why.ts'

/** Every cause that the predictions of the batch show, by how its loss may have been computed. */
export function recomputed(finding: BuiltInRaise, { batch }: Context): Explanation | null {
  if (batch === null || batch.account === null) return null
  const { account, measure } = batch
  const reported = batch.reportedLoss ?? failedLoss(finding)
  switch (finding.rule) {
    case 'non-finite':
      // A loss that came out finite met no log(0): what failed beside it has another cause.
      if (reported !== null && isFinite(reported)) return null
      break
    case 'log-zero':
    case 'mismatch':
      break
    default:
      return null
  }
  const conclusion = conclude(account, measure, reported)
  if (finding.rule === 'log-zero' && conclusion.kind !== 'cause') return bare(batch, reported)
  if (conclusion.kind === 'nothing') return null
  if (conclusion.kind === 'open') return conclusion.candidates.length === 0 ? null : open(conclusion, batch, reported)
  const { code, confidence, way, others } = conclusion
  const evidence = [...evidenceOf(batch, reported), { name: 'computedAs', value: way.key }]
  const cause = known(code, confidence, [
    ...evidence,
    ...(account.dtype === 'float32' ? [] : [{ name: 'dtype', value: account.dtype }]),
    ...(others.length === 0 ? [] : [{ name: 'sameNumberFrom', value: others.join(', ') }]),
  ])
  const also = others.length === 0 ? '' : ` The same number comes from ${others.map(titleOf).join(' or from ')}.`
  return { why: whyOf(code, batch, reported, way) + also, cause }
}

/** The loss that the finding is about, where the batch itself came without one. */
function failedLoss({ rule, at }: BuiltInRaise): MetricValue | null {
  return rule === 'non-finite' && (at.role === 'train_loss' || at.role === 'val_loss') ? at.value : null
}

/** A zero of which the loss does not say what it did: a job that clips, or computes from logits, survives it, and so does one whose loss is known to be right. */
function bare(batch: BatchEvidence, reported: MetricValue | null): Explanation {
  const code = codeAt(1)
  const isHarmless = batch.account?.verdict === 'agrees' && batch.account.ways.length > 0
  if (isHarmless) {
    const why = whyOf(code, batch, reported, null)
    return { why, cause: { code: null, candidates: [code], evidence: evidenceOf(batch, reported) } }
  }
  const confidence = reported === null ? 'likely' : isFinite(reported) ? 'weak' : 'strong'
  return { why: whyOf(code, batch, reported, null), cause: known(code, confidence, evidenceOf(batch, reported)) }
}

function open({ candidates }: Conclusion & { kind: 'open' }, batch: BatchEvidence, reported: MetricValue | null) {
  const names = candidates.map((code) => `${titleOf(code)} (${code.split('-', 1)[0]})`)
  return {
    why: `The predictions fit several causes as well: ${names.join('; ')}. One batch more, or the logits, may tell.`,
    cause: { code: null, candidates, evidence: evidenceOf(batch, reported) },
  }
}

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
  ] as const
  return [
    { name: 'predictions', value: file },
    ...(step === null ? [] : [{ name: 'step', value: step }]),
    { name: 'rows', value: measure.n },
    { name: 'rowsUsed', value: measure.used },
    { name: 'classes', value: measure.k },
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
