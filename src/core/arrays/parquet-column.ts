import { gunzipSync } from 'fflate'
import type { ColumnMetaData, SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { unpackLz4 } from '../binary/lz4.ts'
import { unpackZstd } from '../binary/zstd/zstd.ts'
import { decodeHybrid } from './rle-hybrid.ts'

type PageHeader = ReturnType<typeof parquetHeader>

/** One column of one row group: a number for each row, or a list of them. */
export interface ParquetColumn {
  /** All numbers; a missing one is NaN, which is how pandas stores a NaN. */
  readonly numbers: readonly number[]
  /** How many of them each row has; null for a column without lists. */
  readonly lengths: readonly number[] | null
}

const MAX_PAGE_BYTES = 64 * 1024 * 1024
const MAX_VALUES = 16 * 1024 * 1024

/** Thrown inside a reading of a Parquet file, and never outside one. */
export class BrokenParquet extends Error {
  override readonly name = 'BrokenParquet'
}

/**
 * Decodes a column, page by page.
 *
 * The counts of a page are checked before memory is taken for them, and levels
 * and indices are decoded here: hyparquet writes as many as a run claims to have.
 */
export function readColumnChunk(bytes: Uint8Array, meta: ColumnMetaData, path: readonly SchemaTree[]): ParquetColumn {
  const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset)
  const from = Math.min(start, Number(meta.data_page_offset))
  const to = from + Number(meta.total_compressed_size)
  if (!(from >= 0 && to <= bytes.length)) throw new BrokenParquet(`a column behind the end of the file`)
  const chunk = bytes.subarray(from, to)
  const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 }
  const rows = new RowBuilder(path as SchemaTree[])
  let dictionary: ArrayLike<unknown> = []
  while (reader.offset < chunk.length && rows.count < Number(meta.num_values)) {
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    if (!(size >= 0 && reader.offset + size <= chunk.length)) throw new BrokenParquet('a page that is cut off')
    if (!(header.uncompressed_page_size <= MAX_PAGE_BYTES)) throw new BrokenParquet('a page that is too large')
    const page = chunk.subarray(reader.offset, reader.offset + size)
    reader.offset += size
    if (header.type === 'DICTIONARY_PAGE') dictionary = dictionaryOf(page, header, meta, rows.typeLength)
    else rows.addPage(dataPageOf(page, header, meta, rows), meta, dictionary)
  }
  return { numbers: rows.numbers, lengths: rows.lengths }
}

/** A data page with its levels and values apart, whichever version wrote it. */
interface DataPage {
  readonly count: number
  readonly encoding: string
  readonly repetitions: Uint32Array
  readonly definitions: Uint32Array
  readonly values: Uint8Array
}

function dataPageOf(page: Uint8Array, header: PageHeader, meta: ColumnMetaData, rows: RowBuilder): DataPage {
  const { data_page_header: v1, data_page_header_v2: v2 } = header
  const count = (v1 ?? v2)?.num_values ?? -1
  if (!(count >= 0 && count + rows.count <= MAX_VALUES)) throw new BrokenParquet('a page of too many values')
  if (v2 !== undefined) {
    const levels = v2.repetition_levels_byte_length
    const start = levels + v2.definition_levels_byte_length
    if (!(levels >= 0 && start >= levels && start <= page.length)) throw new BrokenParquet('levels behind their page')
    const body = page.subarray(start)
    const values = v2.is_compressed === false ? body : unpack(body, header.uncompressed_page_size - start, meta)
    const repetitions = levelsOf(page, 0, levels, rows.maxRepetition, count)
    const definitions = levelsOf(page, levels, start, rows.maxDefinition, count)
    return { count, encoding: v2.encoding, repetitions, definitions, values }
  }
  if (v1 === undefined) throw new BrokenParquet(`a page of type ${header.type}`)
  const whole = unpack(page, header.uncompressed_page_size, meta)
  let at = 0
  const next = (max: number) => {
    if (max === 0) return new Uint32Array(count)
    if (at + 4 > whole.length) throw new BrokenParquet('a page without its levels')
    const length = new DataView(whole.buffer, whole.byteOffset + at, 4).getUint32(0, true)
    const start = at + 4
    at = start + length
    if (at > whole.length) throw new BrokenParquet('levels behind their page')
    return levelsOf(whole, start, at, max, count)
  }
  const repetitions = next(rows.maxRepetition)
  const definitions = next(rows.maxDefinition)
  return { count, encoding: v1.encoding, repetitions, definitions, values: whole.subarray(at) }
}

function levelsOf(bytes: Uint8Array, from: number, to: number, max: number, count: number): Uint32Array {
  return hybrid(bytes, from, to, 32 - Math.clz32(max), count)
}

function hybrid(bytes: Uint8Array, from: number, to: number, width: number, count: number): Uint32Array {
  const numbers = width > 32 ? null : decodeHybrid(bytes, from, to, width, count)
  if (numbers === null) throw new BrokenParquet('levels or indices that are cut off')
  return numbers
}

type Codec = (packed: Uint8Array, size: number) => Uint8Array

/** As the buffer that unpacked data goes to has a fixed size, a page cannot grow beyond it. */
const CODECS: Readonly<Record<string, Codec>> = {
  GZIP: (packed, size) => gunzipSync(packed, { out: new Uint8Array(size) }),
  ZSTD: (packed, size) => unpackZstd(packed, size) ?? fail('a page that does not unpack'),
  LZ4_RAW: (packed, size) => unpackLz4(packed, size) ?? fail('a page that does not unpack'),
}
const OWN_CODECS = ['UNCOMPRESSED', 'SNAPPY']

function unpack(page: Uint8Array, size: number, { codec }: ColumnMetaData): Uint8Array {
  if (!OWN_CODECS.includes(codec) && CODECS[codec] === undefined) {
    fail(`compressed with ${codec}: write it with snappy, gzip, zstd or lz4`)
  }
  return decompressPage(page, size, codec, CODECS)
}

function fail(problem: string): never {
  throw new BrokenParquet(problem)
}

function dictionaryOf(page: Uint8Array, header: PageHeader, meta: ColumnMetaData, typeLength: number | undefined) {
  const count = header.dictionary_page_header?.num_values ?? -1
  if (!(count >= 0 && count <= MAX_VALUES)) throw new BrokenParquet('a dictionary of too many values')
  return plain(unpack(page, header.uncompressed_page_size, meta), meta, count, typeLength)
}

function plain(
  bytes: Uint8Array,
  { type }: ColumnMetaData,
  count: number,
  typeLength: number | undefined,
): ArrayLike<unknown> {
  if (count > bytes.length * 8) throw new BrokenParquet('a page with fewer values than it says')
  return readPlain(
    { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 },
    type,
    count,
    typeLength,
  )
}

/** Puts the values of pages into rows by their levels, as Dremel does. */
class RowBuilder {
  readonly maxRepetition: number
  readonly maxDefinition: number
  readonly typeLength: number | undefined
  readonly numbers: number[] = []
  readonly lengths: number[] | null
  count = 0
  readonly #isOptionalItem: boolean

  constructor(path: SchemaTree[]) {
    const leaf = path.at(-1)?.element
    this.maxRepetition = getMaxRepetitionLevel(path)
    this.maxDefinition = getMaxDefinitionLevel(path)
    this.typeLength = leaf?.type_length
    this.lengths = this.maxRepetition === 0 ? null : []
    this.#isOptionalItem = leaf?.repetition_type === 'OPTIONAL'
  }

  addPage(page: DataPage, meta: ColumnMetaData, dictionary: ArrayLike<unknown>): void {
    const { count, repetitions, definitions } = page
    const { maxDefinition, lengths, numbers } = this
    let given = 0
    for (let i = 0; i < count; i++) if (definitions[i] === maxDefinition) given++
    const values = valuesOf(page, meta, given, dictionary, this.typeLength)
    let next = 0
    for (let i = 0; i < count; i++) {
      if (lengths !== null && repetitions[i] === 0) lengths.push(0)
      const definition = definitions[i]!
      const isItem =
        definition === maxDefinition || lengths === null || (this.#isOptionalItem && definition === maxDefinition - 1)
      if (!isItem) continue
      numbers.push(definition === maxDefinition ? Number(values[next++]) : Number.NaN)
      if (lengths !== null) lengths[lengths.length - 1]!++
    }
    this.count += count
  }
}

function valuesOf(
  { encoding, values }: DataPage,
  meta: ColumnMetaData,
  count: number,
  dictionary: ArrayLike<unknown>,
  typeLength: number | undefined,
): ArrayLike<unknown> {
  switch (encoding) {
    case 'PLAIN':
      return plain(values, meta, count, typeLength)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const indices = count === 0 ? [] : hybrid(values, 1, values.length, values[0] ?? 0, count)
      return Array.from(indices, (index) => dictionary[index])
    }
    case 'RLE':
      return hybrid(values, 4, values.length, 1, count)
    case 'BYTE_STREAM_SPLIT': {
      const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
      if (count > values.length) throw new BrokenParquet('a page with fewer values than it says')
      return byteStreamSplit({ view, offset: 0 }, count, meta.type, typeLength)
    }
    default:
      throw new BrokenParquet(`values encoded as ${encoding}: write them plain or with a dictionary`)
  }
}
