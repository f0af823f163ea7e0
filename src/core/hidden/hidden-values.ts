import type { Role } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import { parsePythonLiteral } from '../literals/python-literal.ts'
import { isObject } from '../literals/record-value.ts'
import { areOfMovingTarget, isLossRole } from '../records/fields.ts'
import type { LogRecord, Scalar, ScalarsRecord } from '../records/format.ts'
import { metricsOf } from '../records/object-metrics.ts'
import { isFarFromZero, type WayDown, wayDownAfter } from '../records/way-down.ts'
import { type Hidden, missingEpoch, missingLoss, type Shape, START_SHAPE, shapeAfter } from './hidden-shape.ts'
import { type NanMessage, nanMessageIn } from './nan-messages.ts'

export type HiddenRecord = Extract<LogRecord, { kind: 'hidden' }>

/** What a file has shown so far, as far as it tells a hidden value; plain JSON, saved with the cursor. */
export type HiddenState = {
  /** The metric whose values are hidden: the loss, by the log's own name. */
  readonly metric: string
  readonly role: Role
  readonly step: number | null
  readonly epoch: number | null
  /** The loss of the last record that had one, and the last that was not 0. */
  readonly loss: number | null
  readonly lossBeforeZeros: number | null
  /** How the loss has come down, where a gradient norm stands beside it. States of earlier versions lack it. */
  readonly way?: WayDown | undefined
  /** How many records in a row had the loss of the one before, to the last digit. */
  readonly repeats: number
  /** How many records in a row had a loss of exactly 0 beside a gradient norm of exactly 0. */
  readonly zeros: number
  readonly scale: number | null
  /** How often in a row the loss scale fell, and how many steps in a row overflowed by the words of the log. */
  readonly falls: number
  readonly overflows: number
  /** How many of them were since the last loss. States of earlier versions lack it. */
  readonly overflowsSinceLoss?: number
  /** The last value of each counter of NaNs. */
  readonly counts: Readonly<Record<string, number>>
  readonly shape: Shape
  /** Where the newest line was that told of a NaN, as long as nothing was read below it. */
  readonly told?: { readonly step: number | null }
}

type Stated = Extract<NanMessage, { kind: 'stated' }>

export interface HiddenFound {
  readonly state: HiddenState
  readonly hidden: readonly HiddenRecord[]
  /** The values that stand beside what is told in words, at the step that the words name. */
  readonly told?: ScalarsRecord
}

/** A loss above this does not come to exactly 0 from one record to the next. */
const FAR_FROM_ZERO_NATS = 0.01
/** DeepSpeed begins at 2³² and float16 settles near 2¹⁶: only a scale that falls on below 1 is lost. */
const LOST_SCALE = 1
const LEAST_FALLS = 8
const LEAST_OVERFLOWS = 24
/** So many zeros of loss and gradient in a row are no coincidence. */
const LEAST_ZEROS = 2
/** MLflow stores an infinity as the largest double. */
const CLAMPED = 1.797e308
const LEAST_REPEATS = 2
/** A longer line holds no more than a few losses. */
const MOST_DICT_CHARS = 65_536
const NO_GAIN =
  'No split of a tree has a finite gain and the loss stands still: a gradient or a label of LightGBM may be NaN.'
const MAX_COUNTERS = 16
const MAX_NAME_CHARS = 128
const NAN_WORDS = new Set(['nan', 'nans', 'nonfinite'])
const COUNT_WORDS = new Set([
  'count',
  'counts',
  'num',
  'number',
  'total',
  'nans',
  'iterations',
  'batches',
  'steps',
  'skipped',
  'skip',
])

export function nothingHidden(): HiddenState {
  return {
    metric: 'loss',
    role: 'train_loss',
    step: null,
    epoch: null,
    loss: null,
    lossBeforeZeros: null,
    repeats: 0,
    zeros: 0,
    scale: null,
    falls: 0,
    overflows: 0,
    counts: {},
    shape: START_SHAPE,
  }
}

/**
 * The values that a record hides, judged by what stands beside them and by the records before.
 *
 * A pure fold over the records of one file, in the order of the file and
 * whatever its format. A loss that is not finite is not hidden: beside it
 * nothing counts as hidden.
 */
export function hiddenInRecord(before: HiddenState, record: LogRecord): HiddenFound {
  const state = before.told === undefined ? before : untold(before)
  if (record.kind !== 'scalars' || record.isPlaceholder === true) return { state, hidden: [] }
  const { scalars, offset, step, epoch } = record
  const loss = lossOf(scalars)
  const grad = scalars.find(({ role }) => role === 'grad_norm')
  const scale = scalars.find(({ role }) => role === 'loss_scale')?.value
  const losses = loss === null ? state : afterLoss(state, loss, grad)
  const { overflows, overflowsSinceLoss = 0 } = loss === null ? state : overflowsAfter(state, record)
  const isNewScale = typeof scale === 'number' && scale !== state.scale
  // All keys are written out: copying the state and replacing most of it takes many times as long.
  const next: HiddenState = {
    metric: loss?.metric ?? state.metric,
    role: loss?.role ?? state.role,
    step,
    epoch,
    loss: losses.loss,
    lossBeforeZeros: losses.lossBeforeZeros,
    repeats: losses.repeats,
    zeros: losses.zeros,
    way: losses.way,
    overflows,
    overflowsSinceLoss,
    scale: isNewScale ? scale : state.scale,
    falls: isNewScale ? fallsAfter(state, scale) : state.falls,
    counts: countsAfter(state.counts, scalars),
    shape: shapeAfter(state.shape, record),
  }
  if (loss !== null && !isFinite(loss.value)) return { state: next, hidden: [] }

  const found = [
    missingEpoch(state.shape, record),
    loss === null ? missingLoss(state.shape, record) : besideGradient(state, next, loss, record),
    counted(state.counts, scalars),
    lostScale(state, next),
    clamped(scalars),
  ]
  const hidden: HiddenRecord[] = []
  for (const one of found) {
    if (one === null) continue
    const { metric, role } = one.scalar ?? next
    const { reason, detail, isDoubtful } = one
    const doubt = isDoubtful === undefined ? {} : { isDoubtful }
    hidden.push({ kind: 'hidden', offset, step: one.step ?? step, epoch, metric, role, reason, detail, ...doubt })
  }
  return { state: next, hidden }
}

function untold({ told: _, ...state }: HiddenState): HiddenState {
  return state
}

/** The values that a line of the log speaks of in words, where it is no record. */
export function hiddenInLine(before: HiddenState, line: string, offset: number): HiddenFound {
  const { told } = before
  const state = told === undefined ? before : untold(before)
  const message = nanMessageIn(line)
  if (message === null) {
    if (told === undefined) return { state: before, hidden: [] }
    const values = valuesIn(line, offset, told.step)
    return { state, hidden: [], ...(values !== null && { told: values }) }
  }
  const { epoch, metric, role } = state
  const at = { kind: 'hidden', offset, step: state.step, epoch, metric, role } as const
  if (message.kind === 'no-gain') {
    const isStuck = state.repeats >= LEAST_REPEATS
    return { state, hidden: isStuck ? [{ ...at, reason: 'repeated-loss', detail: NO_GAIN }] : [] }
  }
  if (message.kind === 'stated' && !isOfScaler(state, message)) {
    const { detail } = message
    const step = laterStep(state, message.step)
    const values = valuesIn(line, offset, step)
    return {
      state: values === null ? { ...state, told: { step } } : state,
      hidden: [{ ...at, step, reason: 'told', detail }],
      ...(values !== null && { told: values }),
    }
  }
  const overflows = state.overflows + 1
  const overflowsSinceLoss = (state.overflowsSinceLoss ?? 0) + 1
  if (overflows < LEAST_OVERFLOWS) return { state: { ...state, overflows, overflowsSinceLoss }, hidden: [] }
  const detail = `${LEAST_OVERFLOWS} steps in a row were skipped because their gradients overflowed.`
  return {
    state: { ...state, overflows: 0, overflowsSinceLoss },
    hidden: [{ ...at, reason: 'scale-halving', detail }],
  }
}

/** The record of a line below one that told of a NaN: without a step it belongs to that. Null for one of its own. */
export function toldRecord({ told }: HiddenState, record: LogRecord): ScalarsRecord | null {
  if (told === undefined || record.kind !== 'scalars' || record.step !== null) return null
  return record.scalars.some(({ value }) => !isFinite(value)) ? { ...record, step: told.step } : null
}

/** The dict of values in a line, where one of them is not finite: `loss_dict = {'loss_cls': nan}`. */
function valuesIn(text: string, offset: number, step: number | null): ScalarsRecord | null {
  const start = text.length > MOST_DICT_CHARS ? -1 : text.search(/\{\s?['"]/)
  const parsing = start === -1 ? null : parsePythonLiteral(text, start)
  if (parsing?.ok !== true || !isObject(parsing.value)) return null
  const record = metricsOf(parsing.value).record(offset)
  if (record?.kind !== 'scalars' || record.scalars.every(({ value }) => isFinite(value))) return null
  return { ...record, step: record.step ?? step }
}

/** Whether a step was left out by a loss scaler, which has shown itself in the log or may still look for its scale. */
function isOfScaler({ scale, loss }: HiddenState, { of, act }: Stated): boolean {
  if (of !== 'gradient' || act !== 'skips') return false
  return scale === null ? loss === null : scale > 1
}

/** The step that a line names, where it goes on from that of the last record. */
function laterStep({ step, epoch }: HiddenState, named: number | null): number | null {
  const isOfEpochs = step !== null && step === epoch
  return named !== null && !isOfEpochs && named >= (step ?? 0) ? named : step
}

/** A loss ends a row of overflows, unless each of the steps since the loss before it was one of them. */
function overflowsAfter(
  { step: before, overflows, overflowsSinceLoss = 0 }: HiddenState,
  { step, epoch }: ScalarsRecord,
): Pick<HiddenState, 'overflows' | 'overflowsSinceLoss'> {
  const isOfSteps = step !== null && before !== null && step > before && step !== epoch
  return { overflows: isOfSteps && overflowsSinceLoss >= step - before ? overflows : 0, overflowsSinceLoss: 0 }
}

/** The loss of training: what is hidden there keeps the run from being seen to fail. */
function lossOf(scalars: readonly Scalar[]): Scalar | null {
  return scalars.find(({ role }) => role === 'train_loss') ?? null
}

function afterLoss(
  state: HiddenState,
  { value }: Scalar,
  grad: Scalar | undefined,
): Pick<HiddenState, 'loss' | 'lossBeforeZeros' | 'way' | 'repeats' | 'zeros'> {
  const { loss, lossBeforeZeros, way } = state
  if (!isFinite(value)) return { loss: null, lossBeforeZeros, way, repeats: 0, zeros: 0 }
  const repeats = value === loss ? state.repeats + 1 : 0
  if (value === 0) return { loss: value, lossBeforeZeros, way, repeats, zeros: grad?.value === 0 ? state.zeros + 1 : 0 }
  const isBeside = grad !== undefined
  return { loss: value, lossBeforeZeros: value, way: isBeside ? wayDownAfter(way, value) : way, repeats, zeros: 0 }
}

/** A loss that cannot be true beside the gradient norm of the same record. */
function besideGradient(
  state: HiddenState,
  next: HiddenState,
  loss: Scalar,
  { scalars, isOfEpisodes }: ScalarsRecord,
): Hidden | null {
  const grad = scalars.find(({ role }) => role === 'grad_norm')
  if (grad === undefined) return null
  if (!isFinite(grad.value)) {
    if (loss.value === 0) {
      const detail =
        'The loss is logged as exactly 0 beside a gradient norm that is not finite: a NaN was left out of the average.'
      return { reason: 'zero-loss', detail }
    }
    if (loss.value !== state.loss) return null
    const detail =
      'The loss is the one before it to the last digit, beside a gradient norm that is not finite: an old average is logged again.'
    return { reason: 'repeated-loss', detail }
  }
  if (next.zeros === 0 || isOfEpisodes === true || areOfMovingTarget(scalars.map(({ metric }) => metric))) return null
  // A loss that sank to 0 is a model that knows its data by heart, and one zero is a chance.
  const { lossBeforeZeros, way } = state
  const isSudden =
    lossBeforeZeros === null
      ? loss.zeroDecimals === undefined
      : lossBeforeZeros > FAR_FROM_ZERO_NATS &&
        next.zeros >= LEAST_ZEROS &&
        (way === undefined || isFarFromZero(way, loss.zeroDecimals))
  const detail = 'The loss and the gradient norm are both logged as exactly 0: it is NaN, or no label counts.'
  return isSudden ? { reason: 'zero-loss', detail, isDoubtful: true } : null
}

/** `number of nan iterations: 1`, `nan_count=3`: each record tells its own, or they are summed up. */
function counted(counts: HiddenState['counts'], scalars: readonly Scalar[]): Hidden | null {
  for (const { metric, value } of scalars) {
    if (typeof value !== 'number' || value <= 0 || !isNanCounter(metric) || !Number.isInteger(value)) continue
    if (value === counts[metric] && !/iterations$/.test(metric)) continue
    return { reason: 'counted', detail: `The log counts what its loss does not show: "${metric}" is ${value}.` }
  }
  return null
}

function countsAfter(counts: HiddenState['counts'], scalars: readonly Scalar[]): HiddenState['counts'] {
  const changed = scalars.filter(({ metric, value }) => isNanCounter(metric) && counts[metric] !== value)
  if (changed.length === 0) return counts
  const all = { ...counts }
  for (const { metric, value } of changed) {
    const isKnown = Object.hasOwn(all, metric) || Object.keys(all).length < MAX_COUNTERS
    if (typeof value === 'number' && isKnown) all[metric] = value
  }
  return all
}

/** A name that counts NaNs, as `nan_count`, `num_nans` and `number of nan iterations` do. */
export function isNanCounter(metric: string): boolean {
  if (!/nan/i.test(metric) || metric.length > MAX_NAME_CHARS) return false
  const words = metric.toLowerCase().split(/[^a-z]+/)
  return words.some((word) => NAN_WORDS.has(word)) && words.some((word) => COUNT_WORDS.has(word))
}

function fallsAfter(state: HiddenState, scale: number): number {
  return state.scale !== null && scale < state.scale ? Math.min(state.falls + 1, LEAST_FALLS) : 0
}

/** A scale that has fallen for long, and on below what float16 needs. */
function lostScale(state: HiddenState, { scale, falls }: HiddenState): Hidden | null {
  if (scale === null || scale >= LOST_SCALE || falls < LEAST_FALLS || scale === state.scale) return null
  return {
    reason: 'scale-halving',
    detail: `The loss scale has only gone down, to ${scale}: the gradients overflow at every step.`,
  }
}

function clamped(scalars: readonly Scalar[]): Hidden | null {
  const scalar = scalars.find(
    ({ role, value }) =>
      typeof value === 'number' && Math.abs(value) >= CLAMPED && (isLossRole(role) || role === 'grad_norm'),
  )
  if (scalar === undefined) return null
  return { reason: 'clamped', detail: 'The value is the largest double, which stands for an infinity.', scalar }
}
