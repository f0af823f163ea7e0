import { isFinite, type MetricValue } from '../../protocol/value.ts'
import type { Detector, DetectorInput } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { FEWEST_NEWEST, foldGround, type Ground, isRegained, lostGround, NO_GROUND } from './ground.ts'
import { cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, percent } from './threshold-wording.ts'
import { DRIFT_SHARE, foldCourse, isStill, NO_COURSE, ROUNDED_SAMPLES, type WholeCourse } from './whole-course.ts'
import { saysValue, short } from './wording.ts'
import { worseThanStart } from './worse-than-start.ts'

type BadGradientParams = {
  /** How many gradient norms of 0, or not finite, in a row beside a loss that does not move are no accident. */
  readonly inARow: number
  /** Between minus and plus so many standard deviations of the rank test the loss does not move. */
  readonly stillZ: number
  /** For how many losses after a norm that is not finite what they do is put down to it. */
  readonly afterSamples: number
  /** How many good gradient norms in a row end the incident, or how many losses near the best level. */
  readonly recoverySamples: number
}

interface BadGradientFacts {
  /** `still`: the loss does not move under bad gradients. `lost`: after one it stays far above its beginning. */
  readonly sign: 'still' | 'lost'
  readonly gradient: BadNorm
  readonly inARow: number
  /** The best level of the beginning of the loss, and that of its newest values; null of a loss that does not move. */
  readonly best: number | null
  readonly level: number | null
}

/** A gradient norm of 0, or one that is not finite. */
type BadNorm = { readonly metric: string; readonly step: number | null; readonly value: MetricValue }

type BadGradientState = {
  readonly attempt: number
  /** The loss that is followed: the first one that the file names. */
  readonly loss: string | null
  readonly ground: Ground
  /** The newest bad norm, how many there were in a row up to now, and the losses beside them. */
  readonly bad: BadNorm | null
  readonly inARow: number
  readonly besides: WholeCourse
  /** Whether one of these may be a small number that the log has rounded to 0. */
  readonly isRounded: boolean
  /** The newest norm that was not finite, and the losses since. */
  readonly broken: BadNorm | null
  readonly since: number
  readonly goodInARow: number
  /** While the loss is the sign: how many losses in a row are near their best level again. */
  readonly calmInARow: number
  readonly firing: BadGradientFacts['sign'] | null
}

const START: BadGradientState = {
  attempt: 0,
  loss: null,
  ground: NO_GROUND,
  bad: null,
  inARow: 0,
  besides: NO_COURSE,
  isRounded: false,
  broken: null,
  since: 0,
  goodInARow: 0,
  calmInARow: 0,
  firing: null,
}
/** The loss has lost ground where `worse-than-start` says so by its defaults. */
const GROUND = worseThanStart.defaults

/**
 * A gradient norm of 0 or one that is not finite, and a loss that shows its harm.
 *
 * Mixed precision skips a step whose gradients overflow, and a norm of few
 * decimals rounds to 0, so the norm alone proves nothing. Two things do: a loss
 * that does not move under many such norms in a row, and one that stays far
 * above its beginning after such a norm.
 */
export const badGradient: Detector<'bad-gradient', BadGradientFacts, BadGradientParams, BadGradientState> = {
  name: 'bad-gradient',
  version: 1,
  defaults: { inARow: 12, stillZ: 2, afterSamples: 100, recoverySamples: 10 },
  needs: ['samples'],
  leastValues: ({ inARow }) => inARow,
  leastRounded: ROUNDED_SAMPLES,
  compares: ['grad_norm', 'train_loss'],
  failureSign: { weight: 45 },
  document: {
    about: 'the gradient norm is 0 or not finite, and the loss stands still or does not come back',
    watches: 'gradient norms and training losses of one file',
    fires: ({ inARow, stillZ, afterSamples }) =>
      `at ${inARow} gradient norms in a row that are exactly 0 or not finite, while the rank test of \`no-progress\` over the losses beside them gives |z| < ${stillZ}, or their last third is less than ${percent(DRIFT_SHARE)} from the first, and they are not 0 (in a log that writes 0 with decimals by the longer test of \`learning-rate-zero\`); or ${inWords(FEWEST_NEWEST)} to ${afterSamples} losses after one that is not finite, where the loss is far above its beginning as \`worse-than-start\` has it`,
    severity: () => 'warning',
  },

  headline(at, { sign, gradient }) {
    if (sign === 'lost') return saysValue(at)
    return `${gradient.metric} is ${short(gradient.value)} and ${at.metric} does not move.`
  },

  watches: (kind) => kind === 'record',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const state = attempt === saved.attempt ? saved : { ...START, attempt, loss: saved.loss, firing: saved.firing }
    const withNorms = afterNorms(state, seen)
    const loss = followedLoss(seen, state.loss)
    if (loss === null) return unchanged(withNorms)
    const next = {
      ...withNorms,
      loss: loss.metric,
      ground: foldGround(withNorms.ground, loss.value, GROUND),
      besides: withNorms.inARow > 0 && loss.value !== 0 ? foldCourse(withNorms.besides, loss.value) : NO_COURSE,
      since: Math.min(withNorms.since + 1, params.afterSamples + 1),
    }
    return next.firing === null ? judged(next, params) : ended(next, params)
  },
}

/** The state after the gradient norms of a record, if it has any. */
function afterNorms(
  state: BadGradientState,
  { samples, isRounded }: Extract<DetectorInput, { kind: 'record' }>,
): BadGradientState {
  const norms = samples.filter(({ role }) => role === 'grad_norm')
  if (norms.length === 0) return state
  const broken = norms.find(({ value }) => !isFinite(value))
  const bad = broken ?? (norms.every(({ value }) => value === 0) ? norms[0] : undefined)
  if (bad === undefined) return { ...state, bad: null, inARow: 0, isRounded: false, goodInARow: state.goodInARow + 1 }
  const norm = { metric: bad.metric, step: bad.step, value: bad.value }
  const isOfFewDigits = state.isRounded || (isRounded && broken === undefined)
  const next = { ...state, bad: norm, inARow: state.inARow + 1, isRounded: isOfFewDigits, goodInARow: 0 }
  return broken === undefined ? next : { ...next, broken: norm, since: 0 }
}

function judged(state: BadGradientState, params: BadGradientParams): RuleOutcome<BadGradientState, BadGradientFacts> {
  const { bad, inARow, besides, isRounded, broken, since, ground } = state
  const isLong = bad !== null && inARow >= params.inARow && besides.count >= params.inARow
  if (isLong && isStill(besides, params.stillZ, isRounded)) {
    const facts = { sign: 'still', gradient: bad, inARow, best: null, level: null } as const
    return raised({ ...state, firing: 'still' }, 'warning', facts)
  }
  if (broken === null || since < FEWEST_NEWEST || since > params.afterSamples) return unchanged(state)
  const lost = lostGround(ground, GROUND)
  if (lost === null) return unchanged(state)
  const { best, level } = lost
  return raised({ ...state, firing: 'lost' }, 'warning', { sign: 'lost', gradient: broken, inARow, best, level })
}

function ended(state: BadGradientState, { recoverySamples }: BadGradientParams): RuleOutcome<BadGradientState, never> {
  const calmInARow = isRegained(state.ground, GROUND) ? state.calmInARow + 1 : 0
  const isBack = state.ground.isSigned || calmInARow >= recoverySamples
  const isOver = state.firing === 'lost' ? isBack : state.goodInARow >= recoverySamples
  return isOver ? cleared({ ...state, firing: null, broken: null, calmInARow: 0 }) : unchanged({ ...state, calmInARow })
}
