import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetMetadata, parquetSchema } from 'hyparquet/src/metadata.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import type { Dtype } from '../kernels/float-type.ts'
import { NumberArray } from '../literals/record-value.ts'
import { BrokenParquet, type ParquetColumn, readColumnChunk } from './parquet-column.ts'

/** The columns of each row group, or why they cannot be read. */
export type ParquetReading =
  | { readonly ok: true; readonly groups: readonly ReadonlyMap<string, NumberArray>[] }
  | { readonly ok: false; readonly problem: string }

/** A larger footer belongs to a data set. */
const MAX_FOOTER_BYTES = 4 * 1024 * 1024
const NUMERIC = ['FLOAT', 'DOUBLE', 'INT32', 'INT64', 'BOOLEAN']

export function isParquet(bytes: Uint8Array): boolean {
  return hasMagic(bytes, 0)
}

/** The names of the columns; null where the footer does not read, as in a file that is still written. */
export function parquetNames(bytes: Uint8Array): readonly string[] | null {
  const metadata = footerOf(bytes)
  return metadata?.row_groups[0]?.columns.map(({ meta_data: meta }) => meta?.path_in_schema[0] ?? '') ?? null
}

/** Reads the columns that `isWanted`: those of numbers, and of lists of as many numbers in each row. */
export function readParquet(bytes: Uint8Array, isWanted: (name: string) => boolean): ParquetReading {
  const metadata = footerOf(bytes)
  if (metadata === null) return { ok: false, problem: 'no footer: written in part' }
  try {
    const tree = parquetSchema(metadata)
    const groups = metadata.row_groups.map(({ columns }) => {
      const arrays = new Map<string, NumberArray>()
      for (const { meta_data: meta } of columns) {
        const name = meta?.path_in_schema[0] ?? ''
        if (meta === undefined || !NUMERIC.includes(meta.type) || !isWanted(name)) continue
        const array = arrayOf(readColumnChunk(bytes, meta, getTreePath(tree, meta.path_in_schema)), meta)
        if (array !== null && !arrays.has(name)) arrays.set(name, array)
      }
      return arrays
    })
    return { ok: true, groups }
  } catch (error) {
    return { ok: false, problem: error instanceof BrokenParquet ? error.message : 'a page that does not read' }
  }
}

function arrayOf({ numbers, lengths }: ParquetColumn, { type }: ColumnMetaData): NumberArray | null {
  const dtype: Dtype | null = type === 'FLOAT' ? 'float32' : type === 'DOUBLE' ? 'float64' : null
  const values = type === 'FLOAT' ? Float32Array.from(numbers) : Float64Array.from(numbers)
  if (lengths === null) return new NumberArray([numbers.length], values, dtype)
  const k = lengths[0] ?? 0
  return lengths.every((length) => length === k) ? new NumberArray([lengths.length, k], values, dtype) : null
}

function footerOf(bytes: Uint8Array): FileMetaData | null {
  if (bytes.length < 12 || !hasMagic(bytes, 0) || !hasMagic(bytes, bytes.length - 4)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(bytes.length - 8, true)
  if (length > MAX_FOOTER_BYTES || length + 12 > bytes.length) return null
  try {
    return parquetMetadata(bytes)
  } catch {
    return null
  }
}

/** `PAR1`. */
function hasMagic(bytes: Uint8Array, at: number): boolean {
  return [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[at + i] === byte)
}
