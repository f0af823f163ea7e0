import { type MetricValue, metricValue } from '../../../protocol/value.ts'
import { parseNumber } from '../../literals/number.ts'
import { isObject, NonFiniteNumber, type RecordValue } from '../../literals/record-value.ts'
import { fieldOf, isLossRole, phaseOf } from '../../records/fields.ts'
import type { Scalar } from '../../records/format.ts'

/** A number in a list of a document. */
export interface Cell {
  readonly value: MetricValue
  readonly raw: string | null
}

/**
 * The number that a value of a document is, or null.
 *
 * Texts that spell one count, and so does the object that jsonpickle makes of
 * a NumPy scalar: `{"dtype": "float64", "py/object": …, "value": 0.5}`.
 */
export function cellOf(value: RecordValue | undefined): Cell | null {
  if (typeof value === 'number') return { value: metricValue(value), raw: null }
  if (value instanceof NonFiniteNumber) return value
  if (typeof value === 'string') return parseNumber(value)
  if (isObject(value) && Object.hasOwn(value, 'py/object')) return cellOf(value['value'])
  return null
}

/** The list that `value` is, unless it is none. */
export function listOf(value: RecordValue | undefined): readonly RecordValue[] | null {
  return Array.isArray(value) ? value : null
}

/** A step or an epoch that a document gives as a number or a text. */
export function wholeNumber(value: RecordValue | undefined): number | null {
  const cell = cellOf(value)
  return cell !== null && Number.isSafeInteger(cell.value) ? Number(cell.value) : null
}

/**
 * A metric under its path in the document, such as `valid_0/binary_logloss`.
 *
 * What it is for is told by the whole path, or else by its own name: the word
 * before it may be that of a run or an output, which no dictionary has.
 */
export function scalarAt(path: string, name: string, { value, raw }: Cell): Scalar {
  const metric = path === '' ? name : `${path}/${name}`
  const whole = fieldOf(metric)
  const own = fieldOf(name)
  let role = whole.kind === 'metric' ? whole.role : 'other'
  if (role === 'other' && own.kind === 'metric') role = own.role
  if (isLossRole(role)) role = phaseOf(metric) === 'validation' ? 'val_loss' : 'train_loss'
  return { metric, role, value, raw }
}
