import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ArrayReading } from '../../../src/core/arrays/array-reading.ts'
import { readNpy } from '../../../src/core/arrays/npy.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/arrays')
const expected: Readonly<Record<string, { shape: number[]; values: string[] }>> = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
)

function read(name: string): ArrayReading {
  return readNpy(readFileSync(join(FIXTURES, name)))
}

function numberOf(text: string): number {
  return { nan: Number.NaN, inf: Infinity, '-inf': -Infinity }[text] ?? Number(text)
}

for (const [name, { shape, values }] of Object.entries(expected).filter(([name]) => name.endsWith('.npy'))) {
  test(`${name} reads as NumPy reads it`, () => {
    const reading = read(name)
    if (!reading.ok) throw new Error(reading.problem)
    expect(reading.array.shape).toEqual(shape)
    expect([...reading.array.values]).toEqual(values.map(numberOf))
  })
}

const types = { 'f2-le.npy': 'float16', 'bf16.npy': 'bfloat16', 'f4-be.npy': 'float32', 'f8-le.npy': 'float64' }
for (const [name, dtype] of Object.entries(types)) {
  test(`${name} is known as ${dtype}`, () => {
    const reading = read(name)
    expect(reading.ok && reading.array.dtype).toBe(dtype)
    expect(reading.ok && reading.array.values.constructor).toBe(dtype === 'float64' ? Float64Array : Float32Array)
  })
}

const refused = {
  'objects.npy': ['refused', 'pickle'],
  'texts.npy': ['refused', '<U3'],
  'records.npy': ['refused', 'structured'],
}
for (const [name, [reason, word]] of Object.entries(refused)) {
  test(`${name} is refused with what to do instead`, () => {
    expect(read(name)).toEqual({ ok: false, reason, problem: expect.stringContaining(word!) })
  })
}

test('an array that is cut off anywhere is broken, and never half read', () => {
  const bytes = readFileSync(join(FIXTURES, 'f4-le.npy'))
  for (let length = 0; length < bytes.length; length++) {
    expect(readNpy(bytes.subarray(0, length))).toMatchObject({ ok: false, reason: 'broken-frame' })
  }
})

test.each([
  '(9007199254740991, 9007199254740991)',
  '(4294967296,)',
  '(-1, 3)',
  '(1.5,)',
  '(nan,)',
  '(1, 1, 1, 1, 1, 1, 1, 1, 1)',
  "('a',)",
  '7',
])('a header that claims the shape %s takes no memory and is broken', (shape) => {
  expect(readNpy(withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`))).toMatchObject({
    ok: false,
    reason: 'broken-frame',
  })
})

test('a header deeper than any parser goes is broken', () => {
  expect(readNpy(withHeader(`{'descr': ${'['.repeat(9000)}`)).ok).toBe(false)
})

function withHeader(header: string): Uint8Array {
  const text = new TextEncoder().encode(header)
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    0,
    0,
    0,
    0,
  ])
}
