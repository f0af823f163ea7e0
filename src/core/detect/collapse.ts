import { isFinite } from '../../protocol/value.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'

type CollapseParams = {
  /** The fewest rows of a batch that say anything. */
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
}

/**
 * What is wrong with the predictions: `uniform` favours no class in any row,
 * `overconfident` is sure of all and wrong in some, `saturated` has rounded to exactly 0 or 1.
 */
type CollapseSign = 'uniform' | 'overconfident' | 'saturated'

interface CollapseFacts {
  readonly sign: CollapseSign
  readonly measure: BatchMeasure
}

type CollapseState = { readonly sign: CollapseSign | null; readonly inARow: number; readonly firing: boolean }

const QUIET: CollapseState = { sign: null, inARow: 0, firing: false }

/** Predictions that say the same of every row, or are sure and wrong: a loss alone shows neither, or too late. */
export const collapse: Detector<'collapse', CollapseFacts, CollapseParams, CollapseState> = {
  name: 'collapse',
  version: 1,
  defaults: { rows: 16, uniformShare: 0.999, sureShare: 0.01, wrongShare: 0.05, saturatedShare: 0.01, batches: 3 },
  needs: ['predictions'],
  document: {
    about: 'predictions say the same of every row, or are sure and wrong',
    watches: 'predictions',
    fires: ({ batches, rows, uniformShare, sureShare, wrongShare, saturatedShare }) =>
      `at ${batches} batches in a row of ${rows} rows or more whose mean entropy is above ${uniformShare} ln K; or below ${sureShare} ln K with ${percent(wrongShare)} wrong; or of which ${percent(saturatedShare)} gave a wrong class exactly 1`,
    severity: () => 'warning',
  },

  headline: (_at, { sign }) => `the predictions have ${sign === 'uniform' ? 'collapsed' : 'saturated'}.`,

  watches: (kind) => kind === 'batch',

  start: () => QUIET,

  step(state, seen, params) {
    // A batch of NaN predictions, or of too few rows, says nothing of this.
    if (seen.kind !== 'batch' || seen.measure.used < params.rows || seen.measure.nan.count > 0) return unchanged(state)
    const { measure } = seen
    const sign = signOf(measure, params)
    const inARow = Math.min(params.batches, (sign === null) === (state.sign === null) ? state.inARow + 1 : 1)
    const isOther = inARow >= params.batches && (sign !== null) !== state.firing
    const next = { sign, inARow, firing: isOther ? sign !== null : state.firing }
    if (!isOther) return unchanged(next)
    return sign === null ? cleared(next) : raised(next, 'warning', { sign, measure })
  },
}

function signOf(measure: BatchMeasure, params: CollapseParams): CollapseSign | null {
  const { entropyShare, accuracy, used, oneOnWrong } = measure
  if (oneOnWrong.count >= params.saturatedShare * used) return 'saturated'
  if (!isFinite(entropyShare)) return null
  if (entropyShare > params.uniformShare) return 'uniform'
  if (!isFinite(accuracy)) return null
  return entropyShare < params.sureShare && 1 - accuracy > params.wrongShare ? 'overconfident' : null
}
