import { type Finite, isFinite } from '../../protocol/value.ts'
import type { Detector, SeenSample } from './detector.ts'
import { cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type NegativeLossParams = {
  /** How far below zero is more than rounding. */
  readonly below: number
  /**
   * From where on the first value of an NLL shows that it may be that of a density, which falls through zero as it learns.
   * Where scores are taken for log-probabilities it begins near zero, and one of probabilities is negative from the start.
   */
  readonly densityFrom: number
  /** A loss of any other name that began above 0 is noted at so many times its first value below it, or so far below 0, where it falls at each of so many values. */
  readonly fallenTimes: number
  readonly fallingSamples: number
  /** How many values in a row that are not negative end the incident. */
  readonly recoverySamples: number
}

interface NegativeLossFacts {
  /** The first value of a loss whose name does not say that it is never negative; else null. */
  readonly began: number | null
}

type NegativeLossState = {
  readonly firing: boolean
  readonly calmInARow: number
  /** Whether its name and its first value are those of a density; not there before that value. */
  readonly isDensity?: boolean
  /** Of a loss of any other name: its first value, its lowest one, and how many of the newest were each the lowest so far. */
  readonly began?: Finite
  readonly lowest?: Finite
  readonly lowsInARow?: number
}

const QUIET: NegativeLossState = { firing: false, calmInARow: 0 }

/** Words in the name of a metric that mean a negative logarithm of a probability, or its exponential. */
const NEVER_NEGATIVE = new Set(['ce', 'xent', 'xe', 'bce', 'nll', 'crossentropy', 'logloss', 'perplexity', 'ppl'])

/** A loss below zero whose name says that it never can be: targets are outside [0, 1], or scores are taken for log-probabilities. */
export const negativeLoss: Detector<'negative-loss', NegativeLossFacts, NegativeLossParams, NegativeLossState> = {
  name: 'negative-loss',
  version: 1,
  defaults: { below: 1e-4, densityFrom: 0.5, fallenTimes: 10, fallingSamples: 5, recoverySamples: 20 },
  needs: ['samples'],
  document: {
    about: 'a loss is below zero, and its name or its first value says that it can hardly be',
    watches: 'metrics named cross-entropy, NLL, BCE, log loss, perplexity; training losses',
    fires: ({ below, densityFrom, fallenTimes, fallingSamples }) =>
      `below −${below}; not an NLL whose first value was ${densityFrom} or more, for that of a density falls through zero; a training loss of any other name at ${fallenTimes} times its first value below zero, and below −${fallenTimes}, each of ${fallingSamples} values the lowest so far, where its target does not move`,
    severity: () => 'warning; info for a training loss of any other name',
  },

  headline: saysValue,

  watches: (kind, metric, role) => kind === 'sample' && (role === 'train_loss' || isNeverNegative(metric)),

  start: () => QUIET,

  calm(state, { role, values }, { below, fallenTimes }) {
    if (state.firing) return null
    if (state.began === undefined) {
      if (state.isDensity === undefined) return null
      return values.some((value) => value < -below) ? null : state
    }
    const { began, lowest: before, lowsInARow: lowsBefore = 0 } = state
    if (role !== 'train_loss' || before === undefined) return null
    const far = began > 0 ? -fallenTimes * Math.max(1, began) : Number.NEGATIVE_INFINITY
    let [lowest, lowsInARow]: number[] = [before, lowsBefore]
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      if (value < far) return null
      lowsInARow = value < lowest! ? lowsInARow! + 1 : 0
      if (value < lowest!) lowest = value
    }
    const isSame = lowest === before && lowsInARow === 0 && lowsBefore === 0
    return isSame ? state : { ...state, lowest: lowest as Finite, lowsInARow: lowsInARow! }
  },

  step(state, seen, params) {
    if (seen.kind !== 'sample' || !isFinite(seen.sample.value)) return unchanged(state)
    const { metric, value } = seen.sample
    // Its name is looked at once.
    const isOther = state.began !== undefined || (state.isDensity === undefined && !isNeverNegative(metric))
    if (isOther) return ofAnyName(state, seen, value, params)
    const { isDensity = isOnlyNll(metric) && value >= params.densityFrom } = state
    if (value < -params.below && !isDensity) {
      const next = { firing: true, calmInARow: 0, isDensity }
      return state.firing ? unchanged(next) : raised(next, 'warning', { began: null })
    }
    if (!state.firing) return unchanged(state.isDensity === undefined ? { ...state, isDensity } : state)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < params.recoverySamples) return unchanged({ firing: true, calmInARow, isDensity })
    return cleared({ ...QUIET, isDensity })
  },
}

/** A loss that falls without end is linear in what the model gives, and no cross-entropy. It is noted once. */
function ofAnyName(
  state: NegativeLossState,
  { sample: { role }, hasMovingTarget = false }: SeenSample,
  value: Finite,
  { fallenTimes, fallingSamples }: NegativeLossParams,
): RuleOutcome<NegativeLossState, NegativeLossFacts> {
  if (role !== 'train_loss' || state.firing) return unchanged(state)
  const { began, lowest, lowsInARow = 0 } = state
  if (began === undefined || lowest === undefined) return unchanged({ ...state, began: value, lowest: value })
  if (value >= lowest) return lowsInARow === 0 ? unchanged(state) : unchanged({ ...state, lowsInARow: 0 })
  const next = { ...state, lowest: value, lowsInARow: lowsInARow + 1 }
  const isFar = began > 0 && value < -fallenTimes * Math.max(1, began)
  if (hasMovingTarget || !isFar || next.lowsInARow < fallingSamples) return unchanged(next)
  return raised({ ...next, firing: true }, 'info', { began })
}

function isNeverNegative(metric: string): boolean {
  return wordsOfKind(metric).length > 0
}

/** Whether a name says no more than that it is a negative log-likelihood, which may be one of a density. */
function isOnlyNll(metric: string): boolean {
  return wordsOfKind(metric).every((word) => word === 'nll')
}

function wordsOfKind(metric: string): readonly string[] {
  const words = metric.toLowerCase().split(/[^a-z]/)
  return words.filter((word, at) => NEVER_NEGATIVE.has(word) || NEVER_NEGATIVE.has(word + (words[at + 1] ?? '')))
}
