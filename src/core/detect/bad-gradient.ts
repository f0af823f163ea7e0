import { type Finite, isFinite, type MetricValue } from '../../protocol/value.ts'
import type { Detector, DetectorInput } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { FEWEST_NEWEST, foldGround, type Ground, isRegained, lostGround, NO_GROUND } from './ground.ts'
import { cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, percent } from './threshold-wording.ts'
import {
  DRIFT_SHARE,
  EXACT_DECIMALS,
  fallsAllTheSame,
  fewestDecimals,
  foldCourse,
  NO_COURSE,
  ROUNDED_SAMPLES,
  SHOWN_SHARE,
  stillSeverity,
  TELLING_DECIMALS,
  type WholeCourse,
} from './whole-course.ts'
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
  /** Whether a norm among them may be a small number that the log has rounded to 0. */
  readonly isRounded: boolean
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
  /** The fewest decimals of one of these that the log may have rounded to 0; null or absent where each is exact. */
  readonly zeroDecimals?: number | null
  /** Whether one was good before: where a run has converged, a small norm and a loss that stands still are no surprise. */
  readonly hadGood?: boolean
  /** The newest norm that was not finite, and the losses since. */
  readonly broken: BadNorm | null
  readonly since: number
  readonly goodInARow: number
  /** While the loss is the sign: how many losses in a row are near their best level again. */
  readonly calmInARow: number
  readonly firing: BadGradientFacts['sign'] | null
  /** While it fires: whether only as a note. */
  readonly isNoted?: boolean
  /** Whether the loss fell under norms of 0: there is nothing to find before a good one. */
  readonly isRefuted?: boolean
}

const START: BadGradientState = {
  attempt: 0,
  loss: null,
  ground: NO_GROUND,
  bad: null,
  inARow: 0,
  besides: NO_COURSE,
  broken: null,
  since: 0,
  goodInARow: 0,
  calmInARow: 0,
  firing: null,
}
/** A norm of 0 with so many decimals is a small one of no usual loss: beside a loss that surely stands still it is no norm at all. */
const QUIET_DECIMALS = 4
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
      `at ${inARow} gradient norms in a row that are exactly 0 or not finite, while the rank test of \`no-progress\` over the losses beside them gives |z| < ${stillZ}, or their last third is less than ${percent(DRIFT_SHARE)} from the first, and they are not 0 (in a log that writes 0 with fewer than ${EXACT_DECIMALS} decimals by the longer test of \`learning-rate-zero\`, with the noise let pass only where no norm was good before); or ${inWords(FEWEST_NEWEST)} to ${afterSamples} losses after one that is not finite, where the loss is far above its beginning as \`worse-than-start\` has it`,
    severity: () =>
      `warning; info where the log writes 0 with fewer than ${TELLING_DECIMALS} decimals and the noise could hide a fall of ${percent(SHOWN_SHARE)}, or with fewer than ${inWords(QUIET_DECIMALS)}`,
  },

  headline(at, { sign, gradient }) {
    if (sign === 'lost') return saysValue(at)
    return `${gradient.metric} is ${short(gradient.value)} and ${at.metric} does not move.`
  },

  watches: (kind) => kind === 'record',

  start: () => START,

  calm(state, { attempt, metric, role, values, columns, length }, { afterSamples }) {
    const { firing, bad, broken, inARow } = state
    if (attempt !== state.attempt || firing !== null || bad !== null || broken !== null || inARow > 0) return null
    if (state.besides !== NO_COURSE || role !== 'train_loss' || state.loss !== metric) return null
    const norms = columns.filter((column) => column.role === 'grad_norm')
    if (norms.length > 0 && (state.hadGood !== true || norms.some((column) => column.values.includes(0)))) return null
    let { ground } = state
    for (let index = 0; index < length; index++) ground = foldGround(ground, values[index] as Finite, GROUND)
    const since = Math.min(state.since + length, afterSamples + 1)
    const good = norms.length === 0 ? state : withGood({ ...state, goodInARow: state.goodInARow + length - 1 })
    return withLoss(good, { loss: metric, ground, besides: NO_COURSE, since })
  },

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const { loss: followed, firing, isNoted = false } = saved
    const state = attempt === saved.attempt ? saved : { ...START, attempt, loss: followed, firing, isNoted }
    const withNorms = afterNorms(state, seen)
    const loss = followedLoss(seen, state.loss)
    if (loss === null) return unchanged(withNorms)
    const ground = foldGround(withNorms.ground, loss.value, GROUND)
    const besides = withNorms.inARow > 0 && loss.value !== 0 ? foldCourse(withNorms.besides, loss.value) : NO_COURSE
    const since = Math.min(withNorms.since + 1, params.afterSamples + 1)
    const next = withLoss(withNorms, { loss: loss.metric, ground, besides, since })
    const shouldFall = seen.hasMovingTarget !== true && next.hadGood !== true
    if (next.bad?.value === 0 && fallsAllTheSame(next.besides, next.zeroDecimals ?? null)) return refuted(next)
    const isSurer = next.isNoted === true && stillnessOf(next, params, shouldFall) === 'warning'
    return next.firing === null || isSurer ? judged(next, params, shouldFall) : ended(next, params)
  },
}

/** The state after a loss. All names are written out, for to copy a state and replace most of it takes many times as long. */
function withLoss(
  state: BadGradientState,
  { loss, ground, besides, since }: Pick<BadGradientState, 'loss' | 'ground' | 'besides' | 'since'>,
): BadGradientState {
  const { attempt, bad, inARow, zeroDecimals, hadGood, broken, goodInARow, calmInARow, firing, isNoted, isRefuted } =
    state
  if (hadGood === undefined) return { ...state, loss, ground, besides, since }
  return {
    attempt,
    loss,
    ground,
    bad,
    inARow,
    besides,
    zeroDecimals: zeroDecimals ?? null,
    hadGood,
    broken,
    since,
    goodInARow,
    calmInARow,
    firing,
    isNoted: isNoted ?? false,
    isRefuted: isRefuted ?? false,
  }
}

/** The state after a good norm. */
function withGood({
  attempt,
  loss,
  ground,
  besides,
  broken,
  since,
  goodInARow,
  calmInARow,
  firing,
  isNoted,
}: BadGradientState): BadGradientState {
  return {
    attempt,
    loss,
    ground,
    bad: null,
    inARow: 0,
    besides,
    zeroDecimals: null,
    hadGood: true,
    broken,
    since,
    goodInARow: goodInARow + 1,
    calmInARow,
    firing,
    isNoted: isNoted ?? false,
    isRefuted: false,
  }
}

/** The state after the gradient norms of a record, if it has any. */
function afterNorms(
  state: BadGradientState,
  { samples, zeroDecimals }: Extract<DetectorInput, { kind: 'record' }>,
): BadGradientState {
  const norms = samples.filter(({ role }) => role === 'grad_norm')
  if (norms.length === 0) return state
  const broken = norms.find(({ value }) => !isFinite(value))
  const bad = broken ?? (norms.every(({ value }) => value === 0) ? norms[0] : undefined)
  if (bad === undefined) return withGood(state)
  const norm = { metric: bad.metric, step: bad.step, value: bad.value }
  const decimals = broken === undefined ? zeroDecimals.grad_norm : null
  const fewest = fewestDecimals(state.zeroDecimals, decimals)
  const next = { ...state, bad: norm, inARow: state.inARow + 1, zeroDecimals: fewest, goodInARow: 0 }
  return broken === undefined ? next : { ...next, broken: norm, since: 0 }
}

/** What a loss that does not move says of the bad norms beside it; null for nothing. */
function stillnessOf(
  { isRefuted, inARow, besides, zeroDecimals = null }: BadGradientState,
  params: BadGradientParams,
  shouldFall: boolean,
): 'warning' | 'info' | null {
  if (isRefuted === true || inARow < params.inARow || besides.count < params.inARow) return null
  return stillSeverity(besides, params.stillZ, zeroDecimals, QUIET_DECIMALS, shouldFall)
}

function judged(
  state: BadGradientState,
  params: BadGradientParams,
  shouldFall: boolean,
): RuleOutcome<BadGradientState, BadGradientFacts> {
  const { bad, inARow, zeroDecimals = null, broken, since, ground } = state
  const isRounded = zeroDecimals !== null
  const severity = stillnessOf(state, params, shouldFall)
  if (bad !== null && severity !== null) {
    const facts = { sign: 'still', gradient: bad, inARow, isRounded, best: null, level: null } as const
    return raised({ ...state, firing: 'still', isNoted: severity === 'info' }, severity, facts)
  }
  if (broken === null || since < FEWEST_NEWEST || since > params.afterSamples) return unchanged(state)
  const lost = lostGround(ground, GROUND)
  if (lost === null) return unchanged(state)
  const { best, level } = lost
  return raised({ ...state, firing: 'lost' }, 'warning', {
    sign: 'lost',
    gradient: broken,
    inARow,
    isRounded,
    best,
    level,
  })
}

/** The loss falls under norms of 0: what they are of does not matter to it. */
function refuted(state: BadGradientState): RuleOutcome<BadGradientState, never> {
  if (state.firing !== 'still') return unchanged({ ...state, isRefuted: true })
  const findings = [{ kind: 'clear', calledOff: 'The loss falls all the same: it cannot be 0.' }] as const
  return { state: { ...state, isRefuted: true, firing: null, isNoted: false }, findings }
}

function ended(state: BadGradientState, { recoverySamples }: BadGradientParams): RuleOutcome<BadGradientState, never> {
  const calmInARow = isRegained(state.ground, GROUND) ? state.calmInARow + 1 : 0
  const isBack = state.ground.isSigned || calmInARow >= recoverySamples
  const isOver = state.firing === 'lost' ? isBack : state.goodInARow >= recoverySamples
  return isOver
    ? cleared({ ...state, firing: null, isNoted: false, broken: null, calmInARow: 0 })
    : unchanged({ ...state, calmInARow })
}
