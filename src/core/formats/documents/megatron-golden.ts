import { isObject, type RecordObject, type RecordValue } from '../../literals/record-value.ts'
import { isLossRole } from '../../records/fields.ts'
import { type ParseResult, type Scalar, SKIP } from '../../records/format.ts'
import { cellOf, listOf, scalarAt, wholeNumber } from './cells.ts'
import type { DocumentShape } from './shape.ts'
import type { Track } from './track.ts'

/**
 * The values that a test of Megatron-LM compares a run with.
 *
 * "nan" stands in it where nothing was recorded: at a step without any value,
 * which is a placeholder, and at most steps of the iteration time, which is no
 * sample. A loss of "nan" at a step that has other values is a NaN.
 */
export const megatronGolden: DocumentShape = {
  name: 'megatron-golden',
  about: 'Golden values of Megatron-LM: per metric its values by step; "nan" where nothing was recorded.',
  example: '{"lm loss": {"start_step": 1, "end_step": 100, "step_interval": 5, "values": {"1": 10.8, "5": "nan"}}}',

  read(document) {
    if (!isObject(document)) return null
    const steps = new Map<number, Scalar[]>()
    let metrics = 0
    for (const name in document) {
      const metric = document[name]
      const values = isObject(metric) && Object.hasOwn(metric, 'step_interval') ? valuesOf(metric) : null
      if (values === null) return null
      metrics++
      for (const [step, value] of values) {
        const cell = cellOf(value)
        if (cell === null) continue
        const scalars = steps.get(step)
        const scalar = scalarAt('', name, cell)
        if (scalars === undefined) steps.set(step, [scalar])
        else scalars.push(scalar)
      }
    }
    return metrics === 0 ? null : [trackOf(steps)]
  },
}

/** The values by step; older files have a list and tell its steps apart. */
function valuesOf(metric: RecordObject): readonly (readonly [number, RecordValue])[] | null {
  const values = metric['values']
  const list = listOf(values)
  if (list !== null) {
    const start = wholeNumber(metric['start_step']) ?? 0
    const interval = wholeNumber(metric['step_interval']) ?? 1
    return list.map((value, index) => [start + index * interval, value])
  }
  if (!isObject(values)) return null
  const pairs: (readonly [number, RecordValue])[] = []
  for (const key in values) {
    const step = wholeNumber(key)
    if (step !== null) pairs.push([step, values[key]!])
  }
  return pairs
}

function trackOf(steps: ReadonlyMap<number, readonly Scalar[]>): Track {
  const rows = [...steps].sort(([a], [b]) => a - b)
  return {
    name: 'values',
    axis: 'values',
    length: rows.length,

    at(index): ParseResult {
      const row = rows[index]
      if (row === undefined) return SKIP
      const [step, scalars] = row
      const base = { kind: 'scalars', offset: 0, step, epoch: null, time: null } as const
      const recorded = scalars.filter(({ value }) => value !== 'NaN')
      if (recorded.length === 0) return { kind: 'records', records: [{ ...base, scalars, isPlaceholder: true }] }
      const kept = scalars.filter(({ role, value }) => value !== 'NaN' || isLossRole(role) || role === 'grad_norm')
      return { kind: 'records', records: [{ ...base, scalars: kept }] }
    },
  }
}
