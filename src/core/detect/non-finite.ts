import type { Severity } from '../../protocol/alert.ts'
import { RECOMPUTED_PREFIX, type Role, type Sample } from '../../protocol/sample.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import type { TermsBeside } from '../causes/circumstances.ts'
import { isLossLike, isLossRole, isMeasure, isOfPast, isPlainRole, lossKindOf, phaseOf } from '../records/fields.ts'
import { areOfOnePhase, isOfPreferences, isReconstruction, termKindOf } from '../records/loss-terms.ts'
import type { Detector, SeenSample } from './detector.ts'
import { afterBroken, afterFinite, type Holes, LEAST_WAIT, longestWait, NO_HOLES, WAIT_RATIO } from './holes.ts'
import { calledOff, cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type NonFiniteParams = {
  /** How many finite values in a row end the incident. */
  readonly recoverySamples: number
}

interface NonFiniteFacts {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly beside?: LossesBeside
}

/** What stands beside a value that is not finite. */
interface LossesBeside {
  /** The other losses of its record, by name: those that are not finite either, and those that are. */
  readonly lost: readonly string[]
  readonly kept: readonly string[]
  /** Whether predictions could say why: not where the target moves, nor of a part of a loss. */
  readonly isOfPredictions: boolean
  /** The terms of a loss. A state of an older version has none. */
  readonly terms?: TermsBeside
}

type NonFiniteState = {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly firing: boolean
  readonly finiteInARow: number
  /** Older states lack it. */
  readonly holes?: Holes
  /** While it fires: whether a finite value shows that nothing was wrong. */
  readonly mayComeBack?: boolean
}

/**
 * From so many in a row on it stays broken: a divergence of a policy enters its loss then, or is no bound any more, and a
 * part of a loss is no single odd batch.
 */
const STAYS_BROKEN = 3
/** Where so much of the loss is no number, the rest does not save it. */
const MOST = 0.5
/** So many losses beside it are named. */
const MOST_NAMES = 4

/** Of a measure, such as a correlation, there may be nothing to measure for a while: after more in a row it is broken. */
const MEASURE_WAITS = 9

/**
 * The end for a gradient norm: NaN gradients that reach the weights stay. What the loss does after such a norm is for
 * `bad-gradient`.
 */
const PASSED = 'The gradient norms are finite again.'
const CAME_BACK = 'It is finite again: there was nothing to measure.'

/** A value that is NaN or ±Infinity. The first one is enough: there is no warm-up and no threshold. */
export const nonFinite: Detector<'non-finite', NonFiniteFacts, NonFiniteParams, NonFiniteState> = {
  name: 'non-finite',
  version: 1,
  defaults: { recoverySamples: 10 },
  needs: ['samples'],
  failureSign: { weight: 70 },
  document: {
    about: 'a value is NaN or infinite',
    watches: 'every series of the log',
    fires: () => 'at the first NaN, +∞ or −∞; no warm-up',
    severity: () =>
      `critical for a loss; info for one of held-out data, or an accuracy, beside a finite training loss before its first finite value (a loss is warned of at the ${STAYS_BROKEN}rd in a row where it was evaluated for sure, and at the ${LEAST_WAIT}th where each record is an epoch), and nothing where it is finite only now and then, as long as it is not missing for longer than ${WAIT_RATIO} times its longest hole, or ${LEAST_WAIT} values (${inWords(STAYS_BROKEN)} where it had none before and another held-out value beside it is finite); for a part of the loss, where the file logs no whole one, when half of the parts of its record or the gradient norm are not finite, when a policy learns, or at the ${STAYS_BROKEN}rd such value in a row, else warning; where no loss is logged, critical for a value that was finite before when most of its record are not, or, beside a counter and times, rates and sizes alone, for the only one (a measure of quality is warned of at the ${MEASURE_WAITS + 1}th in a row); info for one of these that is finite again; warning or info for others; info for a loss that never was a number beside another one that is, and for a perplexity that is infinite from its first value on where it is the only loss; a KL divergence beside a policy is noted, and warned of at the ${STAYS_BROKEN}rd such value in a row; info where gradient norms became finite again`,
  },

  headline: saysValue,

  // The recomputed series are left to `log-zero`, which knows why they are infinite.
  watches: (kind, metric) => kind === 'sample' && !metric.startsWith(RECOMPUTED_PREFIX),

  start: () => ({ lastFinite: null, lastFiniteStep: null, firing: false, finiteInARow: 0 }),

  calm(state, { values, steps }) {
    if (state.firing) return null
    let holes = holesOf(state)
    for (let index = 0; index < values.length; index++) {
      const after = afterFinite(holes)
      if (after === holes) break
      holes = after
    }
    const last = values.length - 1
    const lastFiniteStep = steps === null ? null : steps[last]!
    return { lastFinite: values[last] as Finite, lastFiniteStep, holes, firing: false, finiteInARow: 0 }
  },

  step(state, seen, params) {
    if (seen.kind !== 'sample') return unchanged(state)
    const { sample, isPlaceholder = false } = seen

    const { lastFinite, lastFiniteStep, firing } = state
    const holes = holesOf(state)
    if (isFinite(sample.value)) {
      const { value, step } = sample
      const after = afterFinite(holes)
      if (firing)
        return afterFailure(state, { lastFinite: value, lastFiniteStep: step, holes: after }, sample.role, params)
      // Fields instead of a spread, which is slower: every value comes through here.
      return unchanged({ lastFinite: value, lastFiniteStep: step, holes: after, firing: false, finiteInARow: 0 })
    }

    // A hole in the log neither begins nor prolongs an incident.
    if (isPlaceholder) return unchanged(state)

    const after = afterBroken(holes)
    const { atOnce, later, wait, mayComeBack } = gravityOf(seen, holes)
    // What was noted as a hole may turn out to be none.
    const isTold = firing && (mayComeBack || state.mayComeBack !== true)
    const severity = after.broken === wait + 1 ? later : isTold ? null : atOnce
    const next = { ...state, holes: after, finiteInARow: 0 }
    if (severity === null) return unchanged(next)
    return raised({ ...next, firing: true, mayComeBack }, severity, {
      lastFinite,
      lastFiniteStep,
      beside: lossesBeside(seen),
    })
  },
}

/** The holes of a series; states of earlier versions lack them. */
function holesOf({ holes, lastFinite }: NonFiniteState): Holes {
  return holes ?? (lastFinite === null ? NO_HOLES : afterFinite(afterFinite(NO_HOLES)))
}

type SoFar = Required<Pick<NonFiniteState, 'lastFinite' | 'lastFiniteStep' | 'holes'>>

/** The outcome of a finite value while an incident is open. */
function afterFailure(
  { finiteInARow: before, mayComeBack = false }: NonFiniteState,
  known: SoFar,
  role: Role,
  { recoverySamples }: NonFiniteParams,
): RuleOutcome<NonFiniteState, never> {
  const over = { ...known, firing: false, finiteInARow: 0 }
  if (mayComeBack) return calledOff(over, CAME_BACK)
  const finiteInARow = before + 1
  if (finiteInARow < recoverySamples) return unchanged({ ...known, firing: true, finiteInARow })
  return role === 'grad_norm' ? calledOff(over, PASSED) : cleared(over)
}

/** How severe a value is that is not finite. */
interface Gravity {
  /** Null where it may well be a hole, and is not told. */
  readonly atOnce: Severity | null
  /** What it becomes after so many in a row; null where it is told at once for what it is. */
  readonly later: Severity | null
  readonly wait: number
  /** Whether a finite value shows that nothing was wrong. */
  readonly mayComeBack: boolean
}

function gravityOf(seen: SeenSample, holes: Holes): Gravity {
  const severity = severityOf(seen, holes.finite > 0)
  const wait = longestWait(holes)
  if (seen.broken?.alone === seen.sample.metric) return gravityAlone(seen.sample, severity, wait)
  if (wait > 0 && isHeldOutBesideTraining(seen)) {
    const most = holes.finite > 0 ? null : mostNeverFinite(seen)
    if (most !== null) return { atOnce: 'info', later: 'warning', wait: most - 1, mayComeBack: true }
    const hole = { ...gravityOfHole('info', wait), later: severity }
    // One finite value is no rhythm where it was evaluated each time since.
    const isFirstHole = holes.longest === 0 && seen.sample.role === 'val_loss'
    return isFirstHole && isBesideHeldOut(seen) ? { ...hole, wait: STAYS_BROKEN - 1 } : hole
  }
  return { atOnce: severity, later: whenStays(seen), wait: STAYS_BROKEN - 1, mayComeBack: false }
}

/** Of the only value that a file logs. */
function gravityAlone({ role, metric }: Sample, severity: Severity, wait: number): Gravity {
  if (role !== 'accuracy' && !isMeasure(metric)) return { ...gravityOfHole(severity, wait), later: 'critical' }
  return { ...gravityOfHole('info', wait), later: 'warning', wait: Math.max(wait, MEASURE_WAITS) }
}

/** Of a value that may not have been measured. Where it was missing before, that is no news. */
function gravityOfHole(atOnce: Severity, wait: number) {
  const isKnown = wait > 0 && Number.isFinite(wait)
  return { atOnce: isKnown ? null : atOnce, wait, mayComeBack: true }
}

/**
 * After how many values in a row a loss of held-out data that never was finite is no hole any more: after a few where it
 * was evaluated each time, for the record has a finite value of such data as well, or none of training; after more where
 * each record is an epoch. Null where nothing tells.
 */
function mostNeverFinite({ sample, broken, isBesideTraining, epoch }: SeenSample): number | null {
  if (sample.role !== 'val_loss') return null
  if (isBesideHeldOut({ broken }) || isBesideTraining === false) return STAYS_BROKEN
  return epoch !== undefined && sample.step === epoch ? LEAST_WAIT : null
}

/** Whether the record has a finite value of held-out data. */
function isBesideHeldOut({ broken }: Pick<SeenSample, 'broken'>): boolean {
  return broken?.beside.some(({ metric, value }) => phaseOf(metric) === 'validation' && isFinite(value)) === true
}

/** Whether a value is one of held-out data, which is not always measured, while the training loss is finite. */
function isHeldOutBesideTraining({ sample: { role, metric }, broken }: SeenSample): boolean {
  if (broken?.mayHaveHoles !== true) return false
  return role === 'val_loss' || role === 'accuracy' || phaseOf(metric) === 'validation'
}

/** What a value becomes that stays broken; null where it is told at once for what it is. */
function whenStays({ sample, hasPolicy = false, isPart = false }: SeenSample): Severity | null {
  if (isPart && (isLossRole(sample.role) || sample.role === 'objective')) return 'critical'
  return hasPolicy && sample.role === 'kl' ? 'warning' : null
}

function lossesBeside(seen: SeenSample): LossesBeside {
  const { sample, broken, hasMovingTarget = false, isPart = false } = seen
  const others = (broken?.beside ?? []).filter(
    ({ metric, role }) => metric !== sample.metric && (isLossRole(role) || isLossLike(metric)),
  )
  const named = (some: readonly Sample[]) => some.slice(0, MOST_NAMES).map(({ metric }) => metric)
  return {
    lost: named(others.filter(({ value }) => !isFinite(value))),
    kept: named(others.filter(({ value }) => isFinite(value))),
    isOfPredictions: isLossRole(sample.role) && !isPart && !hasMovingTarget,
    ...(isLossRole(sample.role) && { terms: termsBeside(seen) }),
  }
}

function termsBeside({ sample, broken, isPart = false, hasPolicy = false }: SeenSample): TermsBeside {
  const { metric, role } = sample
  const beside = broken?.beside ?? []
  const names = beside.map((other) => other.metric)
  const terms = beside.flatMap((other) => {
    const known = other.metric === metric ? null : termKindOf(other.metric, other.role, !isFinite(other.value))
    const isOther = other.metric !== metric && other.role === 'other' && isReconstruction(other.metric, names)
    const kind = isOther ? 'other' : known
    return kind === null || !areOfOnePhase(metric, other.metric)
      ? []
      : [{ metric: other.metric, value: other.value, kind }]
  })
  return {
    lost: terms.filter(({ value }) => !isFinite(value)).slice(0, MOST_NAMES),
    kept: terms.filter(({ kind, value }) => isFinite(value) && kind !== 'term or measure').slice(0, MOST_NAMES),
    isSum: !isPart && termKindOf(metric, role) === null,
    isOfPolicy: hasPolicy || beside.some((other) => isOfPreferences(other.metric)),
  }
}

/**
 * How severe a non-finite value is: a loss ends the run, while a gradient norm may be one skipped step of mixed precision.
 *
 * InternEvo and others log NaN for a test set that was not evaluated. So the
 * loss of a test set that was never finite is only a warning.
 */
function severityOf(seen: SeenSample, wasFinite: boolean): Severity {
  const { role, metric } = seen.sample
  const { isPart = false, hasPolicy = false, gradientNorm, otherLosses = [] } = seen
  const brokenShare = seen.broken?.share ?? 0
  if (role === 'val_loss' && !wasFinite && metric.toLowerCase().includes('test')) return 'warning'
  // The exponential of a loss overflows before it has learned anything.
  if (isPart && seen.sample.value === 'Infinity' && !wasFinite && lossKindOf(metric) === 'unit') return 'info'
  // The divergence or the entropy of a policy enters the gradient as a part of its loss.
  if (isPart && typeof gradientNorm === 'string') return 'critical'
  if (isLossRole(role) || (isPart && role === 'objective')) {
    // A bar may show a loss that the job never sets beside the one that it trains by.
    if (!isPart) return role === 'train_loss' && !wasFinite && otherLosses.length > 0 ? 'info' : 'critical'
    return brokenShare >= MOST || hasPolicy || typeof gradientNorm === 'string' ? 'critical' : 'warning'
  }
  if (role === 'other' && wasFinite && brokenShare > MOST) return 'critical'
  const isLoss = metric.toLowerCase().includes('loss') && !isOfPast(metric)
  return role !== 'loss_part' && isPlainRole(role) && !isLoss ? 'info' : 'warning'
}
