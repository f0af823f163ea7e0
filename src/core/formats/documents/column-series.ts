import { metricValue } from '../../../protocol/value.ts'
import { isObject, type RecordObject, type RecordValue } from '../../literals/record-value.ts'
import type { Field } from '../../records/counters.ts'
import { fieldOf, isLossRole } from '../../records/fields.ts'
import { type ParseResult, SKIP } from '../../records/format.ts'
import { cellOf, listOf, scalarAt, wholeNumber } from './cells.ts'
import type { Track } from './track.ts'

/** A metric as the list of its values. */
export interface Column {
  /** The names above its own in the document, joined by `/`. */
  readonly path: string
  readonly name: string
  readonly axis: string
  readonly values: readonly RecordValue[]
  /** The step of the value at an index, or null. */
  readonly stepAt: (index: number) => number | null
  readonly epochAt?: (index: number) => number | null
  readonly timeAt?: (index: number) => string | null
}

export function columnTrack(column: Column): Track {
  const { path, name, axis, values, stepAt } = column
  return {
    name: path === '' ? name : `${path}/${name}`,
    axis,
    length: values.length,

    at(index): ParseResult {
      const cell = cellOf(values[index])
      const step = stepAt(index)
      if (cell === null) return blankAt(column, index, step)
      const epoch = column.epochAt?.(index) ?? null
      const time = column.timeAt?.(index) ?? null
      const scalars = [scalarAt(path, name, cell)]
      return { kind: 'records', records: [{ kind: 'scalars', offset: 0, step, epoch, time, scalars }] }
    },
  }
}

/** A loss that is null may be a NaN, which JSON has none of; any other gap says nothing. */
function blankAt(column: Column, index: number, step: number | null): ParseResult {
  const { path, name, values } = column
  const { metric, role } = scalarAt(path, name, { value: metricValue(0), raw: null })
  if (values[index] !== null || role !== 'train_loss' || step === null) return SKIP
  const record = {
    kind: 'scalars',
    offset: 0,
    step,
    epoch: column.epochAt?.(index) ?? null,
    time: null,
    scalars: [],
    blanks: [metric],
  } as const
  return { kind: 'records', records: [record] }
}

/**
 * The lists of numbers of one object as series: `{"loss": […], "val_loss": […]}`, as Keras' `History.history` is dumped.
 *
 * A list of steps or epochs numbers those that are as long as itself; without
 * one the position is the step. Null when no list is one of training: a
 * configuration has lists of numbers too.
 */
export function columnTracks(object: RecordObject, path: string): readonly Track[] | null {
  const lists: { readonly name: string; readonly values: readonly RecordValue[] }[] = []
  for (const name in object) {
    const values = listOf(object[name]) ?? numberedList(object[name])
    if (values !== null && isNumberList(values)) lists.push({ name, values })
  }
  const counters = lists.filter(({ name }) => isCounter(name))
  const metrics = lists.filter(({ name }) => !isCounter(name) && fieldOf(name).kind === 'metric')
  if (!metrics.some(({ name, values }) => isLoss(name) || counterOf(counters, 'step', values.length) !== null))
    return null

  return metrics.map(({ name, values }) => {
    const steps = counterOf(counters, 'step', values.length)
    const epochs = counterOf(counters, 'epoch', values.length)
    const axis = `${path}[${values.length}]`
    const epochAt = (index: number) => wholeNumber(epochs?.[index])
    const stepAt = (index: number) =>
      steps === null && epochs === null ? index : wholeNumber((steps ?? epochs)?.[index])
    return columnTrack({ path, name, axis, values, stepAt, epochAt })
  })
}

function counterOf(
  counters: readonly { readonly name: string; readonly values: readonly RecordValue[] }[],
  kind: 'step' | 'epoch',
  length: number,
): readonly RecordValue[] | null {
  let best: readonly RecordValue[] | null = null
  let bestRank = Infinity
  for (const { name, values } of counters) {
    const field = fieldOfList(name)
    const rank = field.kind === 'step' ? field.rank : 0
    if (field.kind !== kind || values.length !== length || rank >= bestRank) continue
    best = values
    bestRank = rank
  }
  return best
}

function isCounter(name: string): boolean {
  const { kind } = fieldOfList(name)
  return kind === 'step' || kind === 'epoch'
}

/** What a list is of: `epochs` would be a setting, were it no list. */
function fieldOfList(name: string): Field {
  const field = fieldOf(name)
  return field.kind === 'metric' && /s$/i.test(name) ? fieldOf(name.slice(0, -1)) : field
}

function isLoss(name: string): boolean {
  const field = fieldOf(name)
  return field.kind === 'metric' && (isLossRole(field.role) || field.role === 'loss_part')
}

/** The values of `{"0": 0.5, "1": 0.25}`, as pandas writes a column; null for any other object. */
function numberedList(value: RecordValue | undefined): readonly RecordValue[] | null {
  if (!isObject(value)) return null
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([key], index) => key === `${index}`) ? Object.values(value) : null
}

/** Whether a list holds numbers, and nothing else but gaps. */
export function isNumberList(values: readonly RecordValue[]): boolean {
  return values.some((value) => value !== null) && values.every((value) => value === null || cellOf(value) !== null)
}
