import { type Finite, isFinite, type MetricValue } from '../../protocol/value.ts'
import { parseNumber } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import type { Field } from './counters.ts'
import { errorIn, fieldOf, hasErrorOfBothPhases, isLossLike, isLossRole, lossKindOf, targetHintIn } from './fields.ts'
import { type LogRecord, MAX_METRICS, type Scalar } from './format.ts'

/** No number and no date is longer. */
const MAX_TEXT_CHARS = 1024
/** A longer name is text that only looks like one. */
const MAX_NAME_CHARS = 256
const MAX_BLANKS = 16

/**
 * Sorts the named values of one record into its step, its epoch, its time and its metrics.
 *
 * Every dialect fills one of these, so a name means the same in all of them.
 */
export class RecordBuilder {
  readonly scalars: Scalar[] = []
  step: number | null = null
  epoch: number | null = null
  time: string | null = null
  /** Whether the step stood under a name that only training logs use. */
  isStepCertain = false
  /** Whether it counts episodes. */
  isOfEpisodes = false
  /** What of the record was left out, for it holds more than is read of one; null for nothing. */
  unread: string | null = null
  #stepRank = Infinity
  #hasTarget = false
  #hasSource = false
  readonly #blanks: string[] = []

  /** Once there are so many metrics that nothing more is taken, the caller may stop. */
  get isFull(): boolean {
    return this.scalars.length === MAX_METRICS
  }

  /** `zeroDecimals` as of `NumberText`. */
  add(name: string, value: MetricValue, raw: string | null, zeroDecimals?: number): void {
    if (name.length > MAX_NAME_CHARS) return
    if (this.isFull) {
      this.unread ??= `more than ${MAX_METRICS} metrics: those behind them were not read`
      return
    }
    const field = fieldOf(name)
    switch (field.kind) {
      case 'metric':
        this.#hasSource ||= field.domain === 'source'
        this.#hasTarget ||= field.domain === 'target'
        this.scalars.push({
          metric: name,
          role: field.role,
          value,
          raw,
          ...(zeroDecimals === undefined ? {} : { zeroDecimals }),
        })
        break
      case 'step':
        this.isOfEpisodes ||= targetHintIn(name) === 'episode'
        if (Number.isSafeInteger(value)) this.#takeStep(field, Number(value))
        break
      case 'epoch':
        if (isFinite(value)) this.epoch ??= value
        break
      case 'time':
        this.#takeTime(name, value, raw)
    }
  }

  /** Takes note of a metric without a value: where it is a loss, that may be how a NaN was written. */
  addBlank(name: string): void {
    if (name.length > MAX_NAME_CHARS || this.#blanks.length === MAX_BLANKS) return
    const field = fieldOf(name)
    if (field.kind === 'metric' && field.role === 'train_loss') this.#blanks.push(name)
  }

  /** A text counts where it is a number through and through, a date, or a step or an epoch of so many: `10/438`. */
  addText(name: string, text: string): void {
    if (text.length > MAX_TEXT_CHARS) return
    const number = parseNumber(text)
    const field = fieldOf(name)
    if (number !== null) this.add(name, number.value, number.raw, number.zeroDecimals)
    else if (field.kind === 'time') this.time ??= isoTime(text)
    else if ((field.kind === 'step' || field.kind === 'epoch') && /^\d{1,15}\/\d{1,15}$/.test(text))
      this.add(name, Number.parseInt(text, 10) as Finite, null)
  }

  /** The loss that the record reports, training before validation; null when it reports none. */
  get loss(): Scalar | null {
    return (
      this.scalars.find(({ role }) => role === 'train_loss') ??
      this.scalars.find(({ role }) => isLossRole(role)) ??
      null
    )
  }

  /** The validation loss that the record reports beside a training loss; null where there are not both. */
  get validationLoss(): Scalar | null {
    if (this.loss?.role !== 'train_loss') return null
    return this.scalars.find(({ role }) => role === 'val_loss') ?? null
  }

  /** Takes the first measure of error for the loss where there is none, as in the rounds of boosting. */
  takeError(): void {
    if (this.loss !== null) return
    const measure = this.scalars.map(({ metric }) => errorIn(metric)?.measure).find((found) => found !== undefined)
    for (const [index, scalar] of this.scalars.entries()) {
      const error = errorIn(scalar.metric)
      if (error !== null && error.measure === measure) this.scalars[index] = { ...scalar, role: error.role }
    }
  }

  /** A step that has no name of its own; one with a name goes before it. */
  addPosition(step: number): void {
    if (this.step !== null) return
    this.step = step
    this.isStepCertain = true
  }

  /** Whether this can be a record of training: a print of settings has numbers, but none of these. */
  get isAboutTraining(): boolean {
    if (this.isStepCertain || this.epoch !== null) return true
    return this.hasLoss || this.scalars.some(({ role }) => role === 'grad_norm')
  }

  /** Whether the record reports a loss, be it a part of one or in another unit; or an error, beside a counter. */
  get hasLoss(): boolean {
    const isCounted = this.isStepCertain || this.epoch !== null
    if (this.scalars.some(({ metric, role }) => isLossRole(role) || isLossLike(metric))) return true
    const errors = this.scalars.filter(({ metric }) => lossKindOf(metric) === 'error')
    if (errors.length === 0) return false
    return isCounted || this.#isOfBatches(errors) || hasErrorOfBothPhases(errors.map(({ metric }) => metric))
  }

  /** Whether the record counts, and has the same metrics as another one: a log of training, whatever they are. */
  isLike(other: RecordBuilder): boolean {
    const { isStepCertain, epoch, scalars } = this
    if (!(isStepCertain || epoch !== null) || scalars.length === 0 || scalars.length !== other.scalars.length)
      return false
    return scalars.every(({ metric }, at) => metric === other.scalars[at]!.metric)
  }

  /** The record, or null when no metric was added and none left blank that counts. */
  record(offset: number): LogRecord | null {
    const { step, epoch, time, scalars } = this
    const blanks = step === null && epoch === null ? [] : this.#blanks
    if (scalars.length === 0 && blanks.length === 0) return null
    if (this.#hasTarget && this.#hasSource) takeTargets(scalars)
    const plain = this.isOfEpisodes
      ? ({ kind: 'scalars', offset, step, epoch, time, scalars, isOfEpisodes: true } as const)
      : ({ kind: 'scalars', offset, step, epoch, time, scalars } as const)
    const record = blanks.length === 0 ? plain : { ...plain, blanks }
    return isPlaceholder(scalars) ? { ...record, isPlaceholder: true } : record
  }

  /** Whether a step that other programs count as well is one of training: beside a learning rate, or an error on held-out data. */
  #isOfBatches(errors: readonly Scalar[]): boolean {
    if (this.step === null) return false
    return (
      errors.some(({ metric }) => errorIn(metric)?.role === 'val_loss') ||
      this.scalars.some(({ role }) => role === 'learning_rate')
    )
  }

  #takeStep(field: Extract<Field, { kind: 'step' }>, step: number): void {
    if (field.rank >= this.#stepRank) return
    this.#stepRank = field.rank
    this.step = step
    this.isStepCertain ||= field.isCertain
  }

  #takeTime(name: string, value: MetricValue, raw: string | null): void {
    const time = isFinite(value) ? isoTime(value) : null
    if (time === null) this.scalars.push({ metric: name, role: 'other', value, raw })
    else this.time ??= time
  }
}

/** Beside the loss of a source that of a target is one as well, and not what a loss shall come to. */
function takeTargets(scalars: Scalar[]): void {
  for (const [index, scalar] of scalars.entries()) {
    const field = fieldOf(scalar.metric)
    if (scalar.role === 'other' && field.kind === 'metric' && field.domain === 'target')
      scalars[index] = { ...scalar, role: 'loss_part' }
  }
}

/** Whether all is NaN, even what no failed training spoils: then nothing was recorded at this step. */
function isPlaceholder(scalars: readonly Scalar[]): boolean {
  if (scalars.length < 2 || !scalars.every(({ value }) => value === 'NaN')) return false
  return scalars.some(({ role }) => role === 'learning_rate' || role === 'accuracy' || role === 'loss_scale')
}
