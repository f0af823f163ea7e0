import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unpackLz4 } from '../../../src/core/binary/lz4.ts'
import { unpackZstd } from '../../../src/core/binary/zstd/zstd.ts'

/** Packed by the libraries that write Parquet; make.py beside them says how. */
const FIXTURES = join(import.meta.dirname, '../../fixtures/codecs')
const WORDS = 'loss step epoch nan inf the grad norm of train val accuracy and rate learning scale'.split(' ')
const NAMES = readdirSync(FIXTURES).filter((name) => !name.endsWith('.py'))

function randomNumbers(count: number): readonly number[] {
  let seed = 1
  return Array.from({ length: count }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return seed >>> 16
  })
}

function contentOf(name: string): Uint8Array {
  switch (name.split(/[-.]/)[0]) {
    case 'words':
      return new TextEncoder().encode(
        randomNumbers(36_000)
          .map((number) => WORDS[number % 16])
          .join(' '),
      )
    case 'floats':
      return new Uint8Array(Float32Array.from(randomNumbers(3000), (number) => (number % 4096) / 16).buffer)
    case 'skewed':
      return Uint8Array.from(randomNumbers(9000), (number) => Math.min(number % 7, number % 5) + 40)
    case 'short':
      return Uint8Array.from(randomNumbers(200), (number) => (number % 3) + 97)
    case 'noise':
      return Uint8Array.from(randomNumbers(700))
    case 'zeros':
      return new Uint8Array(300_000)
    default:
      return new Uint8Array(0)
  }
}

function unpack(name: string, packed: Uint8Array, size: number): Uint8Array | null {
  return name.endsWith('.zst') ? unpackZstd(packed, size) : unpackLz4(packed, size)
}

describe.each(NAMES)('%s', (name) => {
  const packed = new Uint8Array(readFileSync(join(FIXTURES, name)))
  const content = contentOf(name)

  test('unpacks to the last byte, and to no other size', () => {
    expect(Buffer.compare(unpack(name, packed, content.length) ?? Buffer.of(), content)).toBe(0)
    expect(unpack(name, packed, content.length + 1)).toBeNull()
    if (content.length > 0) expect(unpack(name, packed, content.length - 1)).toBeNull()
  })

  test('does not unpack where it is cut off, and never throws where a byte is changed', () => {
    const lengths = Array.from({ length: 60 }, (_, i) => Math.floor((i * packed.length) / 60))
    for (const length of lengths) {
      const unpacked = unpack(name, packed.subarray(0, length), content.length)
      if (content.length > 0) expect(unpacked).toBeNull()
    }
    let changes = 0
    for (let at = 0; at < packed.length; at += Math.ceil(packed.length / 60)) {
      for (const value of [0x00, 0x55, 0xff]) {
        const changed = Uint8Array.from(packed)
        changed[at] = value
        expect(unpack(name, changed, content.length)?.length ?? content.length).toBe(content.length)
        changes++
      }
    }
    expect(changes).toBeGreaterThan(2)
  })
})

test('frames of other data and several frames are read one after another', () => {
  const read = (name: string) => readFileSync(join(FIXTURES, name))
  const aside = Buffer.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3)
  const all = new Uint8Array(Buffer.concat([read('short-3.zst'), aside, read('noise-3.zst')]))
  const content = Buffer.concat([contentOf('short-3.zst'), contentOf('noise-3.zst')])
  expect(Buffer.from(unpackZstd(all, content.length)!)).toEqual(content)
  expect(unpackZstd(all.subarray(0, all.length - 1), content.length)).toBeNull()
})

test('what claims to repeat far more than fits is not unpacked', () => {
  // A literal, and a match whose length goes on over a million bytes.
  const endless = new Uint8Array(1_000_000).fill(255)
  endless.set([0x1f, 97, 1, 0])
  expect(unpackLz4(endless, 100)).toBeNull()
})
