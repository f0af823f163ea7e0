import { isParquet, parquetNames, readParquet } from '../../arrays/parquet.ts'
import { NumberArray } from '../../literals/record-value.ts'
import { fieldOf } from '../../records/fields.ts'
import { stepOfFileName } from '../../records/file-step.ts'
import { type ClassColumns, classColumns } from '../predictions/class-columns.ts'
import { isBatchName, isPredictionDump, isPredictionFile } from '../predictions/prediction-arrays.ts'
import { NOTHING_SEEN, type SeenBatches } from '../predictions/repeated-batches.ts'
import type { Container } from './container.ts'
import { type Dump, MAX_DUMP_BYTES, newRecordsOf } from './dump-file.ts'

/** Predictions in a table of Parquet: a row for each sample. */
export const parquet: Container<SeenBatches> = {
  name: 'parquet',
  about:
    'A table with a column of labels, and predictions as lists or in a column for each class; a step parts the batches.',
  example: 'predictions.parquet with step, label and probs',
  names: ['*.parquet'],
  isPerStep: true,
  leastBytes: 16,
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  recognises: ({ bytes }) => isParquet(bytes),

  // What it holds is told at its end; a large file is far likelier the data than what a model makes of them.
  mayHoldData: ({ name, sizeBytes }) => sizeBytes <= MAX_DUMP_BYTES || isPredictionFile(name),

  start: () => NOTHING_SEEN,

  parse: (frame, seen, name) => newRecordsOf(dumpOf(frame.bytes), frame, seen, stepOfFileName(name)),
}

/** The columns of the whole file where they count steps; else each row group is a batch of its own. */
function dumpOf(bytes: Uint8Array): Dump {
  const names = parquetNames(bytes)
  if (names === null)
    return { ok: false, reason: 'broken-frame', detail: 'a Parquet file without its footer: written in part' }
  const classes = classColumns(names)
  const classNames = (classes?.columns ?? []).map((column) => names[column]!)
  if (!isPredictionDump(classes === null ? names : [...names, 'predictions'])) return { ok: true, groups: [] }
  const reading = readParquet(bytes, (name) => isBatchName(name) || classNames.includes(name))
  if (!reading.ok) return { ok: false, reason: 'broken-frame', detail: reading.problem }
  const groups = reading.groups.map((group) => withClasses(group, classes, classNames))
  const isCounted = names.some((name) => ['step', 'epoch'].includes(fieldOf(name).kind))
  return { ok: true, groups: isCounted ? [joined(groups)] : groups }
}

type Columns = ReadonlyMap<string, NumberArray>

/** The columns with those of one class each made into one array, unless there is a column of predictions already. */
function withClasses(columns: Columns, classes: ClassColumns | null, names: readonly string[]): Columns {
  if (classes === null) return columns
  const arrays = names.map((name) => columns.get(name))
  const [first] = arrays
  if (first === undefined || arrays.some((array) => array?.shape.length !== 1)) return columns
  const n = first.values.length
  const k = arrays.length
  const values = first.dtype === 'float32' ? new Float32Array(n * k) : new Float64Array(n * k)
  for (const [j, array] of arrays.entries()) for (let i = 0; i < n; i++) values[i * k + j] = array!.values[i]!
  const rest = [...columns].filter(([name]) => !names.includes(name))
  return new Map([...rest, [classes.kind ?? 'predictions', new NumberArray([n, k], values, first.dtype)]])
}

/** One below the other; a column that is of another shape in one of the groups is left out. */
function joined(groups: readonly Columns[]): Columns {
  const [first] = groups
  if (first === undefined || groups.length === 1) return first ?? new Map()
  return new Map(
    [...first].flatMap(([name, { shape, dtype }]) => {
      const parts = groups.map((group) => group.get(name))
      if (parts.some((part) => part?.shape.length !== shape.length || part.shape[1] !== shape[1])) return []
      const size = parts.reduce((sum, part) => sum + part!.values.length, 0)
      const values = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)
      let at = 0
      let rows = 0
      for (const part of parts) {
        values.set(part!.values, at)
        at += part!.values.length
        rows += part!.shape[0]!
      }
      return [[name, new NumberArray([rows, ...shape.slice(1)], values, dtype)] as const]
    }),
  )
}
