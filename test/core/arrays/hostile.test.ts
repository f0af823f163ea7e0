import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { decodeHybrid } from '../../../src/core/arrays/rle-hybrid.ts'
import { unpack, zipMembers } from '../../../src/core/binary/zip.ts'
import { type Container, HEAD_BYTES } from '../../../src/core/formats/containers/container.ts'
import { CONTAINERS } from '../../../src/core/formats/containers/index.ts'
import type { ParseResult } from '../../../src/core/records/format.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/arrays')
const names = readdirSync(FIXTURES).filter((name) => !/\.(?:py|json)$/.test(name))

function tell(container: Container, bytes: Uint8Array, name: string): readonly ParseResult[] {
  container.mayHoldData?.({ name, bytes: bytes.subarray(0, HEAD_BYTES), sizeBytes: bytes.length })
  const frame = { offset: 0, bytes, companions: [] }
  return container.parse(frame, container.start(), name).results.map(({ result }) => result)
}

function containerOf(bytes: Uint8Array, name: string): Container {
  const found = CONTAINERS.find(({ recognises }) => recognises({ name, bytes, sizeBytes: bytes.length }))
  if (found === undefined) throw new Error(`no container recognises ${name}`)
  return found
}

test.each(names)('%s that is cut off anywhere does not throw and tells no batch', (name) => {
  const whole = new Uint8Array(readFileSync(join(FIXTURES, name)))
  const container = containerOf(whole, name)
  const lengths = Array.from({ length: Math.min(whole.length - 1, 400) }, (_, i) =>
    Math.floor((i * whole.length) / 400),
  )
  for (const length of lengths) {
    const records = tell(container, whole.subarray(0, length), name).filter(({ kind }) => kind === 'records')
    expect(records).toEqual([])
  }
})

test.each(names)('%s with any byte changed does not throw', (name) => {
  const whole = new Uint8Array(readFileSync(join(FIXTURES, name)))
  const container = containerOf(whole, name)
  let read = 0
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 150)) {
    for (const value of [0x00, 0x7f, 0xff]) {
      const changed = Uint8Array.from(whole)
      changed[at] = value
      tell(container, changed, name)
      read += 1
    }
  }
  expect(read).toBeGreaterThan(100)
})

test('a member of a zip file that unpacks to more than it says is not unpacked', () => {
  const bomb = zipSync({ 'a.npy': new Uint8Array(8 * 1024 * 1024) })
  const [member] = zipMembers(bomb)!
  expect(unpack(bomb, { ...member!, unpackedBytes: 100 })).toBe('does not unpack to the 100 bytes that it says')
  expect(unpack(bomb, { ...member!, unpackedBytes: 2 ** 31 })).toContain('more than')
  expect(unpack(bomb, member!)).toHaveLength(8 * 1024 * 1024)
})

test('a large member is unpacked in steps, to the byte', () => {
  let seed = 1
  const bytes = Uint8Array.from({ length: 300_000 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return seed >>> 24
  })
  const zip = zipSync({ 'a.npy': bytes })
  const [member] = zipMembers(zip)!
  expect(member!.packedBytes).toBeGreaterThan(64 * 1024)
  expect(unpack(zip, member!)).toEqual(bytes)
  expect(unpack(zip, { ...member!, unpackedBytes: 299_999 })).toContain('does not unpack')
})

test('a run that claims to be longer than its page writes no more than the page has', () => {
  // The header of a run of 2²⁷ ones.
  expect([...decodeHybrid(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x01, 1), 0, 6, 1, 3)!]).toEqual([1, 1, 1])
  expect(decodeHybrid(Uint8Array.of(0x00, 1), 0, 2, 1, 3)).toBeNull()
  expect(decodeHybrid(Uint8Array.of(0x03), 0, 1, 1, 8)).toBeNull()
})

test('packed bits are read across the borders of bytes', () => {
  // 0 to 7 in three bits each, the example of the format's description.
  expect([...decodeHybrid(Uint8Array.of(0x03, 0x88, 0xc6, 0xfa), 0, 4, 3, 8)!]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})
