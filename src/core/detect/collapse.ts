import { isFinite } from '../../protocol/value.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import { isInFull } from '../measure/symptoms.ts'
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

type CollapseState = { readonly sign: CollapseKind | null; readonly inARow: number; readonly firing: boolean }

const QUIET: CollapseState = { sign: null, inARow: 0, firing: false }

/** Predictions that are the same for every row, or sure and wrong. A loss alone shows neither of them, or shows it too late. */
export const collapse: Detector<'collapse', CollapseFacts, CollapseParams, CollapseState> = {
  name: 'collapse',
  version: 1,
  defaults: { rows: 16, uniformShare: 0.999, sureShare: 0.01, wrongShare: 0.05, saturatedShare: 0.01, batches: 3 },
  needs: ['predictions'],
  failureSign: { weight: 8 },
  leastValues: ({ batches }) => batches,
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
    // A batch with NaN predictions, or with too few rows, shows no collapse and no recovery.
    if (seen.kind !== 'batch' || seen.measure.used < params.rows || seen.measure.nan.count > 0) return unchanged(state)
    const { measure } = seen
    const kind = kindOf(measure, params)
    const inARow = Math.min(params.batches, (kind === null) === (state.sign === null) ? state.inARow + 1 : 1)
    const isOther = inARow >= params.batches && (kind !== null) !== state.firing
    const next = { sign: kind, inARow, firing: isOther ? kind !== null : state.firing }
    if (!isOther) return unchanged(next)
    return kind === null ? cleared(next) : raised(next, 'warning', { sign: kind, measure })
  },
}

function kindOf(measure: BatchMeasure, params: CollapseParams): CollapseKind | null {
  const { entropyShare, accuracy, used, oneOnWrong } = measure
  if (isInFull(measure) && oneOnWrong.count >= params.saturatedShare * used) return 'saturated'
  if (!isFinite(entropyShare)) return null
  if (entropyShare > params.uniformShare) return 'uniform'
  if (!isFinite(accuracy)) return null
  return entropyShare < params.sureShare && 1 - accuracy > params.wrongShare ? 'overconfident' : null
}
