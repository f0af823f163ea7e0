import type { SampleChunk } from '../../chunks/chunk.ts'
import type { PackedChunk } from '../../chunks/packed-chunk.ts'
import type { Summary } from '../../chunks/summary.ts'
import type { WholeNumbers } from '../../chunks/whole-numbers.ts'

/** The columns of a chunk that say where its samples belong and what they come to, by the fields of a summary. */
export const SUMMARY_COLUMNS: Readonly<Record<keyof Summary, string>> = {
  firstOrdinal: 'first_ordinal',
  lastOrdinal: 'last_ordinal',
  minStep: 'min_step',
  maxStep: 'max_step',
  finite: 'finite',
  min: 'min',
  max: 'max',
  first: 'first',
  last: 'last',
  sum: 'sum',
  nan: 'nan',
  infinity: 'infinity',
  negInfinity: 'neg_infinity',
  firstNan: 'first_nan',
  firstInfinity: 'first_infinity',
  firstNegInfinity: 'first_neg_infinity',
  badStep: 'bad_step',
}

/** The fields of a summary, as columns to select. */
export const SUMMARY_FIELDS = Object.entries(SUMMARY_COLUMNS)
  .map(([field, column]) => `${column} AS ${field}`)
  .join(', ')

/** The columns of whole numbers of a chunk, by how their names begin. */
export const WHOLE_NUMBERS = {
  ordinal: 'ordinals',
  step: 'steps',
  offset: 'offsets',
  time: 'timesMs',
  epoch: 'epochs',
} as const

type WholeNumbersName = keyof typeof WHOLE_NUMBERS
const NAMES = Object.keys(WHOLE_NUMBERS) as WholeNumbersName[]

/** What a chunk is packed into, short columns before long ones. */
export const PACKED_COLUMNS: readonly string[] = [
  'epoch_scale',
  ...NAMES.flatMap((name) => [`${name}_base`, `${name}_stride`]),
  ...NAMES.map((name) => `${name}_rest`),
  'value_floats',
]

/** All that a chunk is made of, to be selected. */
export const CHUNK_FIELDS = `bucket, attempt, ${SUMMARY_FIELDS}, crc, ${PACKED_COLUMNS.join(', ')}`

/** A chunk as the database has it. Its packed columns are null once its finite samples were dropped. */
export type ChunkRow = Pick<SampleChunk, 'bucket' | 'attempt'> &
  Summary & { readonly crc: number } & {
    readonly [column in `${WholeNumbersName}_${'base' | 'stride'}`]: number | null
  } & { readonly [column in `${WholeNumbersName}_rest`]: Uint8Array | null } & {
    readonly epoch_scale: number
    readonly value_floats: Uint8Array | null
  }

/** The values of the packed columns, in their order. */
export function packedValues(packed: PackedChunk): (number | Uint8Array | null)[] {
  const all = NAMES.map((name) => packed[WHOLE_NUMBERS[name]])
  return [
    packed.epochScale,
    ...all.flatMap(({ base, stride }) => [base, stride]),
    ...all.map(({ rest }) => rest),
    packed.values,
  ]
}

/** The packed columns of a row; null where its finite samples were dropped. */
export function packedOf(row: ChunkRow): PackedChunk | null {
  if (row.value_floats === null) return null
  return {
    bucket: row.bucket,
    attempt: row.attempt,
    ordinals: numbersOf(row, 'ordinal'),
    steps: numbersOf(row, 'step'),
    offsets: numbersOf(row, 'offset'),
    timesMs: numbersOf(row, 'time'),
    epochs: numbersOf(row, 'epoch'),
    epochScale: row.epoch_scale,
    values: row.value_floats,
  }
}

type ColumnsOf<Name extends WholeNumbersName> = Pick<ChunkRow, `${Name}_base` | `${Name}_stride` | `${Name}_rest`>

/** One column of whole numbers of a row. */
export function numbersOf<Name extends WholeNumbersName>(row: ColumnsOf<Name>, name: Name): WholeNumbers {
  return { base: row[`${name}_base`], stride: row[`${name}_stride`], rest: row[`${name}_rest`] }
}

/** How many samples of a row are not finite. Their raw texts stand in a table of their own. */
export function nonFiniteCount({
  nan,
  infinity,
  negInfinity,
}: Pick<ChunkRow, 'nan' | 'infinity' | 'negInfinity'>): number {
  return nan + infinity + negInfinity
}
