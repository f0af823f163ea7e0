import { isFinite } from '../../protocol/value.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import { isInFull, isInHalves } from '../measure/symptoms.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'

type CollapseParams = {
  /** The fewest rows of a batch that is judged. */
  readonly rows: number
  /** The mean entropy as a share of ln K above which no row favours a class. */
  readonly uniformShare: number
  /** The mean entropy share below which all rows are sure. */
  readonly sureShare: number
  /** The share of wrong rows that a sure model may have. */
  readonly wrongShare: number
  /** The share of rows whose probabilities have rounded to exactly 0 or 1 on the wrong side. */
  readonly saturatedShare: number
  /** How many batches in a row begin an incident, and how many end it. */
  readonly batches: number
  /** How long predictions may favour no class from the start on: a last layer that begins at 0 does, and leaves it. */
  readonly startBatches: number
}

/**
 * What is wrong with the predictions: `uniform` favours no class in any row,
 * `overconfident` is sure of all and wrong in some, `saturated` has rounded to exactly 0 or 1.
 */
type CollapseKind = 'uniform' | 'overconfident' | 'saturated'

interface CollapseFacts {
  readonly sign: CollapseKind
  readonly measure: BatchMeasure
}

type CollapseState = {
  readonly sign: CollapseKind | null
  readonly inARow: number
  readonly firing: boolean
  /** The batches before the first one that favoured a class; null from then on. Saved states of old lack it. */
  readonly sinceStart?: number | null
  /** While every batch of logits was sure and wrong, from the first one on. */
  readonly isFromStart?: boolean
}

const QUIET: CollapseState = { sign: null, inARow: 0, firing: false, sinceStart: 0, isFromStart: true }

/** Predictions of a lower mean entropy, as a share of ln K, favour some class. */
const FAVOURING_SHARE = 0.95

/**
 * Predictions that are the same for every row, or sure and wrong. A loss alone shows neither of them, or shows it too late.
 *
 * Logits that are so from the first batch on come of features that nobody scaled. A loss of logits takes that, and training
 * undoes it.
 */
export const collapse: Detector<'collapse', CollapseFacts, CollapseParams, CollapseState> = {
  name: 'collapse',
  version: 1,
  defaults: {
    rows: 16,
    uniformShare: 0.999,
    sureShare: 0.01,
    wrongShare: 0.05,
    saturatedShare: 0.01,
    batches: 3,
    startBatches: 1000,
  },
  needs: ['predictions'],
  failureSign: { weight: 8 },
  leastValues: ({ batches }) => batches,
  document: {
    about: 'predictions say the same of every row, or are sure and wrong',
    watches: 'predictions',
    fires: ({ batches, rows, uniformShare, sureShare, wrongShare, saturatedShare, startBatches }) =>
      `at ${batches} batches in a row of ${rows} rows or more whose mean entropy is above ${uniformShare} ln K, once it was below ${FAVOURING_SHARE} ln K or ${startBatches} batches have been read; or below ${sureShare} ln K with ${percent(wrongShare)} wrong; or of which ${percent(saturatedShare)} gave a wrong class exactly 1, in numbers of more than half a precision; of logits the latter two only after a batch that was not so`,
    severity: () => 'warning',
  },

  headline: (_at, { sign }) => `the predictions have ${sign === 'uniform' ? 'collapsed' : 'saturated'}.`,

  watches: (kind) => kind === 'batch',

  start: () => QUIET,

  step(state, seen, params) {
    // A batch with NaN predictions, or with too few rows, shows no collapse and no recovery.
    if (seen.kind !== 'batch' || seen.measure.used < params.rows || seen.measure.nan.count > 0) return unchanged(state)
    const { measure } = seen
    const sinceStart = afterBatch(state, measure)
    const found = kindOf(measure, params)
    const isFromStart = state.isFromStart === true && measure.kind === 'logits' && found !== null && found !== 'uniform'
    const isYoung = found === 'uniform' && sinceStart !== null && sinceStart <= params.startBatches
    const kind = isYoung || isFromStart ? null : found
    const inARow = Math.min(params.batches, (kind === null) === (state.sign === null) ? state.inARow + 1 : 1)
    const isOther = inARow >= params.batches && (kind !== null) !== state.firing
    const next = { sign: kind, inARow, firing: isOther ? kind !== null : state.firing, sinceStart, isFromStart }
    if (!isOther) return unchanged(next)
    return kind === null ? cleared(next) : raised(next, 'warning', { sign: kind, measure })
  },
}

function afterBatch({ sinceStart = null }: CollapseState, { entropyShare }: BatchMeasure): number | null {
  if (sinceStart === null || (isFinite(entropyShare) && entropyShare < FAVOURING_SHARE)) return null
  return sinceStart + 1
}

function kindOf(measure: BatchMeasure, params: CollapseParams): CollapseKind | null {
  const { entropyShare, accuracy, used, oneOnWrong } = measure
  // In half a precision 1 is anything above 0.9998, and the loss of a job that computes in more has a gradient there.
  const isExact = isInFull(measure) && !isInHalves(measure)
  if (isExact && oneOnWrong.count >= params.saturatedShare * used) return 'saturated'
  if (!isFinite(entropyShare)) return null
  if (entropyShare > params.uniformShare) return 'uniform'
  if (!isFinite(accuracy)) return null
  return entropyShare < params.sureShare && 1 - accuracy > params.wrongShare ? 'overconfident' : null
}
