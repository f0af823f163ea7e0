import type { Role, Sample } from '../../protocol/sample.ts'
import { toNumber } from '../../protocol/value.ts'
import { isLossLike, isPlainRole } from '../records/fields.ts'
import type { MetricCurve, RunCurves } from './metric-curve.ts'

/** One value of a run, with its number in its series. */
export type CurveSample = Pick<Sample, 'metric' | 'role' | 'attempt' | 'step' | 'value' | 'offset'> & {
  readonly ordinal: number
  readonly isPlaceholder?: boolean
}

/** A value that turned out to belong to the next attempt. */
export type CurveMove = { readonly metric: string; readonly ordinal: number; readonly attempt: number }

/** A longer series is thinned: of so many values the medians are the same. */
const MOST_VALUES = 1 << 14

/** Collects the curves of one run from its samples, in the order in which they were read. Its memory is bounded. */
export class CurveCollector {
  readonly #run: string
  readonly #metrics = new Set<string>()
  readonly #drafts = new Map<string, Draft>()

  constructor(run: string) {
    this.#run = run
  }

  add(file: string, sample: CurveSample): void {
    this.#metrics.add(sample.metric)
    if (sample.isPlaceholder === true || !isCompared(sample)) return
    const key = keyOf(file, sample.metric)
    let draft = this.#drafts.get(key)
    if (draft === undefined) {
      draft = new Draft(file, sample.metric, isPlainRole(sample.role) ? 'other' : sample.role)
      this.#drafts.set(key, draft)
    }
    draft.add(sample)
  }

  move(file: string, { metric, ordinal, attempt }: CurveMove): void {
    this.#drafts.get(keyOf(file, metric))?.move(ordinal, attempt)
  }

  /** The curves that hold a finite value, in the order in which they began. */
  curves(): RunCurves {
    const curves = [...this.#drafts.values()].map((draft) => draft.curve()).filter((curve) => curve !== null)
    return { run: this.#run, curves, metrics: this.#metrics }
  }
}

/** Whether a metric may be compared at all: a loss, a part of one, or an accuracy. */
function isCompared({ metric, role }: CurveSample): boolean {
  if (role === 'train_loss' || role === 'val_loss' || role === 'accuracy') return true
  return isPlainRole(role) && role !== 'objective' && isLossLike(metric)
}

function keyOf(file: string, metric: string): string {
  return `${file}\u0000${metric}`
}

interface Value {
  readonly ordinal: number
  attempt: number
  readonly step: number | null
  readonly value: number
  readonly offset: number | null
}

/** The values of one metric in one file. */
class Draft {
  readonly #file: string
  readonly #metric: string
  readonly #role: Role
  #values: Value[] = []
  /** Every so many-th value is kept. */
  #stride = 1

  constructor(file: string, metric: string, role: Role) {
    this.#file = file
    this.#metric = metric
    this.#role = role
  }

  add({ ordinal, attempt, step, value, offset }: CurveSample): void {
    if (ordinal % this.#stride !== 0) return
    this.#values.push({ ordinal, attempt, step, value: toNumber(value), offset })
    if (this.#values.length < MOST_VALUES) return
    this.#stride *= 2
    this.#values = this.#values.filter((kept) => kept.ordinal % this.#stride === 0)
  }

  move(ordinal: number, attempt: number): void {
    const moved = this.#values.findLast((kept) => kept.ordinal <= ordinal)
    if (moved?.ordinal === ordinal) moved.attempt = attempt
  }

  curve(): MetricCurve | null {
    const axis = this.#values.every(({ step }) => step !== null) ? 'step' : 'value'
    const placed =
      axis === 'step' ? joined(this.#values) : this.#values.map((value) => ({ ...value, at: value.ordinal }))
    const finite = placed.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.at - b.at)
    if (finite.length === 0) return null
    return {
      metric: this.#metric,
      role: this.#role,
      file: this.#file,
      axis,
      at: Float64Array.from(finite, ({ at }) => at),
      value: Float64Array.from(finite, ({ value }) => value),
      origin: finite,
    }
  }
}

type PlacedValue = Value & { readonly at: number }

/** The values of all attempts as those of one training: a later attempt takes the place of what it repeats. */
function joined(values: readonly Value[]): PlacedValue[] {
  const attempts = new Map<number, Value[]>()
  for (const value of values) {
    const ofAttempt = attempts.get(value.attempt)
    if (ofAttempt === undefined) attempts.set(value.attempt, [value])
    else ofAttempt.push(value)
  }
  let all: PlacedValue[] = []
  for (const [, ofAttempt] of [...attempts].sort(([a], [b]) => a - b)) {
    const placed = counted(ofAttempt)
    const from = placed.reduce((least, { at }) => Math.min(least, at), Infinity)
    all = [...all.filter(({ at }) => at < from), ...placed]
  }
  return all
}

/**
 * The values of one attempt by a step that counts on where that of the log begins anew with each epoch.
 *
 * One step that falls and is behind the next is a line out of order. A step that
 * stays below begins another epoch.
 */
function counted(values: readonly Value[]): PlacedValue[] {
  const placed: PlacedValue[] = []
  let base = 0
  let top = -Infinity
  let gap = 1
  for (const [i, value] of values.entries()) {
    const step = value.step!
    const next = values[i + 1]?.step ?? null
    const isBelow = step + base < top
    if (isBelow && next !== null && next >= step && next + base < top) base = top + gap - step
    const at = step + base
    if (at > top) {
      if (top !== -Infinity) gap = at - top
      top = at
    }
    placed.push({ ...value, at })
  }
  return placed
}
