import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { unpack, zipMembers } from '../../../src/core/binary/zip.ts'

const LARGE = Uint8Array.from({ length: 70_001 }, (_, i) => (i * 7) % 251)
const SMALL = Uint8Array.of(1, 2, 3)

/** A file with the large array in it, at each of eight distances from where a double may begin. */
function fileWith(name: string, extraBytes: number): Uint8Array {
  const extra = extraBytes < 4 ? {} : { 20055: new Uint8Array(extraBytes - 4) }
  return zipSync({ 'first.npy': [SMALL, { level: 0 }], [name]: [LARGE, { level: 0, extra }] }, { mtime: '2026-11-26' })
}

function membersOf(file: Uint8Array): { name: string; bytes: Uint8Array | string }[] {
  return (zipMembers(file) ?? []).map((member) => ({ name: member.name, bytes: unpack(file, member) }))
}

test('a large member that is stored begins where a double may, and the file says the same when it is read again', () => {
  for (let length = 1; length <= 8; length++) {
    const name = 'x'.repeat(length)
    const file = fileWith(name, 20)
    const first = membersOf(file)
    expect((first[1]!.bytes as Uint8Array).byteOffset % 8).toBe(0)
    expect(first).toEqual([
      { name: 'first.npy', bytes: SMALL },
      { name, bytes: LARGE },
    ])
    expect(membersOf(file)).toEqual(first)
  }
})

test('without an extra field to move it over a member stays where it is', () => {
  for (let length = 1; length <= 8; length++) {
    const file = fileWith('x'.repeat(length), 0)
    const before = file.slice()
    expect(membersOf(file)[1]).toEqual({ name: 'x'.repeat(length), bytes: LARGE })
    expect(file).toEqual(before)
  }
})
