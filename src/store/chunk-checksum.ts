import { crc32 } from 'node:zlib'
import type { PackedChunk } from '../chunks/packed-chunk.ts'

/** The CRC-32 of a chunk. SQLite has no checksums, and a value with a flipped bit is still a valid value. */
export function checksumOf(packed: PackedChunk, raws: ReadonlyMap<number, string>): number {
  const { bucket, attempt, epochScale, values } = packed
  const columns = [packed.ordinals, packed.steps, packed.offsets, packed.timesMs, packed.epochs]
  const numbers = columns.map(({ base, stride }) => `${base},${stride}`)
  let crc = crc32(`${bucket},${attempt},${epochScale};${numbers.join(';')};`)
  for (const { rest } of columns) if (rest !== null) crc = crc32(rest, crc)
  const inOrder = raws.size < 2 ? raws : [...raws].sort(([a], [b]) => a - b)
  for (const [ordinal, raw] of inOrder) crc = crc32(`${ordinal},${raw};`, crc)
  return crc32(values, crc)
}
