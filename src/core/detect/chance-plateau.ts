import type { Finite } from '../../protocol/value.ts'
import { decimalsOf, halfUnit } from '../measure/printed.ts'
import type { Detector } from './detector.ts'
import { type FiniteSample, perAttempt, type SampleContext } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type ChancePlateauParams = {
  /** How many values are averaged at a time. */
  readonly blockSamples: number
  /** How many of these averages in a row must stand at chance, and how many in a row away from it end the incident. */
  readonly blocks: number
  /** How far from chance they may be, as a share of it. From each other they may be less far. */
  readonly tolerance: number
  /** The largest deviation of the values in a block, as a share of chance: a guess depends little on the batch. */
  readonly noise: number
  /** How many epochs or evaluations, from the first one on, must stand at chance. */
  readonly evaluations: number
}

interface ChancePlateauFacts {
  /** The number of classes K whose ln K the level is; null where no K is near enough to be sure of it. */
  readonly classes: number | null
  readonly level: number
  readonly samples: number
  /** Whether each of these values is that of an epoch or an evaluation. */
  readonly isPerEvaluation: boolean
}

type ChancePlateauState = {
  readonly attempt: number
  /** The first value: the loss of a model that has learned nothing. Later ones may belong to an explosion already. */
  readonly start: number | null
  readonly count: number
  readonly sum: number
  readonly squares: number
  readonly plateau: Plateau | null
  readonly firing: boolean
  /** While an incident stands: the blocks in a row that were not at chance. */
  readonly awayInARow: number
  /** The values so far, while each is that of an epoch or an evaluation, and at chance. Saved states of old lack it. */
  readonly evaluated?: Evaluated | null
}

type Evaluated = {
  readonly epoch: number | null
  readonly count: number
  readonly chance: number | null
  /** The newest of these values but the first one of all. Saved states of old lack it. */
  readonly newest?: readonly number[]
}

type Plateau = { readonly chance: number; readonly lowest: number; readonly highest: number; readonly blocks: number }

/** How far from each other the averages of a plateau may be, as a share of how far from chance. */
const SPREAD_SHARE = 0.5
/** Larger values are left out: their squares would overflow. */
const LARGEST_LOSS = 1e100
/**
 * Numbers of classes that are usual.
 *
 * Any other level counts as chance only if the run began at it. For some integer
 * K every level is near ln K, so that would prove nothing.
 */
const USUAL_CLASSES = [2, 10, 100, 1000]
/** In multiples of ln K: an untrained model stands at ln K, or above it where a regulariser is part of its loss. */
const START_RATIO = { from: 0.9, to: 2 }
/** How far from ln K the mean of a whole epoch may be, as a share of it, and how far above it the first one. */
const EVALUATION_TOLERANCE = 0.005
const FIRST_TOLERANCE = 0.1
/** So many of the newest evaluations show whether the loss falls. */
const MOST_NEWEST = 10
/** In standard deviations of the rank test of Mann and Kendall: from there on a fall is no noise. */
const FALLING_Z = -2
/** How far below ln K a loss may stand that knows only how often each class occurs. */
const FREQUENCIES_SHARE = 0.001
/** Epochs are counted by whole numbers, or in shares where the log is written near the end of each. */
const LEAST_EPOCH_STRIDE = 0.9
/** Beyond this many classes ln K and ln (K + 1) are too close to each other to tell K from the level. */
const LARGEST_GUESSED_CLASSES = 20

const START: ChancePlateauState = {
  attempt: 0,
  start: null,
  count: 0,
  sum: 0,
  squares: 0,
  plateau: null,
  firing: false,
  awayInARow: 0,
  evaluated: { epoch: null, count: 0, chance: null },
}

/**
 * A loss that stays at ln K, the loss of guessing among K classes: the model has learned nothing, or has lost what it had learned.
 *
 * Of the losses of steps it takes many to be sure. The mean of an epoch hardly varies, and ten at ln K from the first one on
 * are enough. A head that begins at 0 begins there as well, and leaves it within the first.
 */
export const chancePlateau: Detector<'chance-plateau', ChancePlateauFacts, ChancePlateauParams, ChancePlateauState> =
  perAttempt({
    name: 'chance-plateau',
    version: 1,
    defaults: { blockSamples: 250, blocks: 4, tolerance: 0.01, noise: 0.04, evaluations: 10 },
    needs: ['samples'],
    leastValues: ({ blockSamples, blocks }) => blockSamples * blocks,
    judgesCourse: true,
    document: {
      about: 'a loss stays where guessing would be: nothing is learned',
      watches: 'training losses, and validation losses',
      fires: ({ blocks, blockSamples, tolerance, noise, evaluations }) =>
        `when ${blocks} means of ${blockSamples} values in a row stand within ${percent(tolerance)} of ln K and ${percent(SPREAD_SHARE * tolerance)} of each other, with deviations below ${percent(noise)}: K = ${USUAL_CLASSES.join(', ')} where the run began at ${START_RATIO.from} to ${START_RATIO.to} times ln K, or the level that the run began at; or when the first ${evaluations} values, each of an epoch or an evaluation, stand within ${percent(EVALUATION_TOLERANCE)} of ln K (K up to ${LARGEST_GUESSED_CLASSES}, 100 or 1000), the first up to ${percent(FIRST_TOLERANCE)} above, and the newest neither all stand more than ${percent(FREQUENCIES_SHARE)} below ln K nor fall to below it with a rank test of z ≤ ${String(FALLING_Z).replace('-', '−')}`,
      severity: () => 'warning',
    },

    headline: saysValue,

    roles: ['train_loss', 'val_loss'],
    start: START,
    kept: ({ firing }) => ({ firing }),

    calm(before, { role, values }, params) {
      if (role !== 'train_loss' || before.evaluated || before.firing || before.start === null) return null
      let { count, sum, squares, plateau, awayInARow } = before
      for (let index = 0; index < values.length; index++) {
        const value = values[index]!
        if (Math.abs(value) > LARGEST_LOSS) return null
        count++
        sum += value
        squares += value * value
        if (count < params.blockSamples) continue
        plateau = plateauAfter({ ...before, count, sum, squares, plateau }, params)
        if (plateau !== null && plateau.blocks >= params.blocks) return null
        count = 0
        sum = 0
        squares = 0
        awayInARow = 0
      }
      const { attempt, start, firing } = before
      return { attempt, start, count, sum, squares, plateau, firing, awayInARow, evaluated: null }
    },

    fold(before, sample, params, about) {
      const { role, value } = sample
      if (Math.abs(value) > LARGEST_LOSS) return unchanged(before)
      const evaluated = before.evaluated ? afterEvaluation(before.evaluated, before.start, sample, about) : null
      const state = evaluated === before.evaluated ? before : { ...before, evaluated }
      const isStuck = evaluated !== null && evaluated.count >= params.evaluations
      if (isStuck && evaluated.chance !== null && !state.firing && stands(evaluated.newest ?? [], evaluated.chance)) {
        const classes = classesOf(evaluated.chance)
        const facts = { classes, level: value, samples: evaluated.count, isPerEvaluation: true }
        return raised({ ...added(state, value), firing: true }, 'warning', facts)
      }
      const hasLeft = evaluated === null && (before.evaluated?.count ?? 0) >= params.evaluations
      if (hasLeft && state.firing) return cleared({ ...added(state, value), firing: false })
      if (role === 'val_loss') return unchanged({ ...state, start: state.start ?? value })
      const summed = added(state, value)
      if (summed.count < params.blockSamples) return unchanged(summed)

      const plateau = plateauAfter(summed, params)
      const isAtChance = plateau !== null && plateau.blocks >= params.blocks
      const awayInARow = state.firing && plateau === null ? state.awayInARow + 1 : 0
      const firing = isAtChance || (state.firing && awayInARow < params.blocks)
      const next = { ...summed, count: 0, sum: 0, squares: 0, plateau, firing, awayInARow }
      if (firing === state.firing) return unchanged(next)
      if (!isAtChance) return cleared(next)
      const level = summed.sum / summed.count
      const samples = plateau.blocks * params.blockSamples
      const classes = classesOf(plateau.chance)
      return raised(next, 'warning', { classes, level, samples, isPerEvaluation: false })
    },
  })

/**
 * The evaluations after one more value; null once a value is none of its own epoch, or is not at chance.
 *
 * A validation loss is one however much the training loss beside it scatters. A loss whose target moves may stand at ln 2
 * while all goes well.
 */
function afterEvaluation(
  { epoch: last, count, chance, newest = [] }: Evaluated,
  start: number | null,
  { role, value }: FiniteSample,
  { epoch, hasMovingTarget = false }: SampleContext,
): Evaluated | null {
  const isOwn = role === 'val_loss' || (epoch !== undefined && (last === null || epoch - last >= LEAST_EPOCH_STRIDE))
  if (!isOwn || hasMovingTarget) return null
  if (start === null) return { epoch: epoch ?? null, count: 1, chance }
  const known = chance ?? chanceOfClasses(value)
  if (known === null || !isNear(value, known, EVALUATION_TOLERANCE)) return null
  const isFromStart = start >= (1 - EVALUATION_TOLERANCE) * known && start <= (1 + FIRST_TOLERANCE) * known
  if (!isFromStart) return null
  return {
    epoch: epoch ?? null,
    count: count + 1,
    chance: known,
    newest: [...newest, value].slice(-MOST_NEWEST),
  }
}

/** Whether the newest evaluations show no learning: they do not all stand below ln K, nor fall to below it beyond their noise. */
function stands(newest: readonly number[], chance: number): boolean {
  const printed = halfUnit(Math.max(0, ...newest.map(decimalsOf)))
  if (newest.length > 0 && newest.every((value) => value + printed < (1 - FREQUENCIES_SHARE) * chance)) return false
  return newest.length === 0 || newest.at(-1)! + printed >= chance || trendOf(newest) > FALLING_Z
}

/** The z of the rank test of Mann and Kendall: how many more pairs rise than fall. */
function trendOf(values: readonly number[]): number {
  const count = values.length
  let rises = 0
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) rises += Math.sign(values[j]! - values[i]!)
  return rises / Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
}

/** The ln K that a value is near, for a number of classes K that can be told from the next one; else null. */
function chanceOfClasses(value: number): number | null {
  const few = Math.round(Math.exp(Math.min(value, Math.log(LARGEST_GUESSED_CLASSES + 1))))
  const classes = few >= 2 && few <= LARGEST_GUESSED_CLASSES ? [few] : USUAL_CLASSES
  return classes.map(Math.log).find((chance) => isNear(value, chance, EVALUATION_TOLERANCE)) ?? null
}

function added(state: ChancePlateauState, value: Finite): ChancePlateauState {
  return {
    attempt: state.attempt,
    start: state.start ?? value,
    count: state.count + 1,
    sum: state.sum + value,
    squares: state.squares + value * value,
    plateau: state.plateau,
    firing: state.firing,
    awayInARow: state.awayInARow,
    evaluated: state.evaluated ?? null,
  }
}

/** The plateau after a block has become full, or null where that block is not at chance. */
function plateauAfter(
  { start, count, sum, squares, plateau }: ChancePlateauState,
  { tolerance, noise }: ChancePlateauParams,
): Plateau | null {
  const mean = sum / count
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
  const chance = chanceNear(mean, start ?? mean, tolerance)
  if (chance === null || deviation > noise * chance) return null
  const isSame = plateau !== null && plateau.chance === chance
  const lowest = isSame ? Math.min(plateau.lowest, mean) : mean
  const highest = isSame ? Math.max(plateau.highest, mean) : mean
  if (highest - lowest > SPREAD_SHARE * tolerance * chance) return { chance, lowest: mean, highest: mean, blocks: 1 }
  return { chance, lowest, highest, blocks: isSame ? plateau.blocks + 1 : 1 }
}

/** The level of chance that a mean is near: ln K for a usual K, or the level at which the run began; else null. */
function chanceNear(mean: number, start: number, tolerance: number): number | null {
  const usual = usualChance(mean, start, tolerance)
  return usual ?? (start > 0 && isNear(mean, start, tolerance) ? start : null)
}

/** The loss of guessing among a usual number of classes that a mean is near, of a run that began near it or above; else null. */
export function usualChance(mean: number, start: number, tolerance: number): number | null {
  const usual = USUAL_CLASSES.map(Math.log).find((chance) => isNear(mean, chance, tolerance))
  if (usual === undefined || start < START_RATIO.from * usual || start > START_RATIO.to * usual) return null
  return usual
}

function isNear(mean: number, chance: number, tolerance: number): boolean {
  return Math.abs(mean - chance) <= tolerance * chance
}

/** The number of classes K whose ln K a level is; null where no K is near enough, or where it is too large to be sure. */
function classesOf(chance: number): number | null {
  const classes = Math.round(Math.exp(Math.min(chance, Math.log(LARGEST_GUESSED_CLASSES + 1))))
  if (USUAL_CLASSES.some((usual) => Math.log(usual) === chance)) return Math.round(Math.exp(chance))
  const isDistinct = classes >= 2 && classes <= LARGEST_GUESSED_CLASSES
  return isDistinct && Math.abs(Math.log(classes) - chance) <= 0.01 * chance ? classes : null
}
