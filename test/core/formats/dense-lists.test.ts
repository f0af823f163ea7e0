import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BrokenArray,
  isObject,
  NonFiniteNumber,
  NumberArray,
  type RecordValue,
} from '../../../src/core/literals/record-value.ts'
import { parsePythonJson } from '../../../src/core/records/python-json.ts'

/** What stands under `name`, or why the text is refused. */
function under(name: string, list: string): unknown {
  const parsing = parsePythonJson(`{"${name}": ${list}, "step": 3}`)
  if (!parsing.ok || !isObject(parsing.value)) return parsing
  return parsing.value[name]
}

/** The numbers of a list that was read one by one, and its shape; null where its rows differ or hold something else. */
function flatten(value: RecordValue): { shape: number[]; numbers: number[] } | null {
  if (value instanceof NonFiniteNumber) return { shape: [], numbers: [Number(value.value)] }
  if (typeof value === 'number' || typeof value === 'boolean') return { shape: [], numbers: [Number(value)] }
  if (!Array.isArray(value)) return null
  const items = value.map(flatten)
  const [first] = items
  if (items.some((item) => item === null || String(item.shape) !== String(first!.shape))) return null
  const numbers = items.flatMap((item) => item!.numbers)
  return { shape: [value.length, ...(first?.shape ?? [])], numbers }
}

/** Reads a list as that of predictions and as any other, which must come to the same, bit for bit. */
function expectSame(list: string): void {
  const dense = under('probs', list)
  const plain = under('other', list)
  if (!(dense instanceof NumberArray)) {
    // The detail counts characters, and the names are not equally long.
    if (dense instanceof BrokenArray) expect(Array.isArray(plain)).toBe(true)
    else
      expect(JSON.stringify(plain).replace(/character \d+/, '')).toBe(
        JSON.stringify(dense).replace(/character \d+/, ''),
      )
    return
  }
  const flat = flatten(plain as RecordValue)
  expect(flat?.shape.slice(0, dense.shape.length)).toEqual(dense.shape)
  expect(Array.from(dense.values)).toEqual(flat?.numbers)
}

const digits = fc.stringMatching(/^\d{1,24}$/)
const number = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }).map(String) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 4, arbitrary: fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`) },
  { weight: 2, arbitrary: fc.tuple(digits, fc.integer({ min: -340, max: 330 })).map(([whole, e]) => `${whole}e${e}`) },
  { weight: 2, arbitrary: digits.map((fraction) => `-0.${'0'.repeat(fraction.length)}${fraction}`) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('NaN', '-Infinity', 'inf', 'true', '-0', '0e5', '1E+2', '-0.0e-400', '1e-400'),
  },
)
const comma = fc.constantFrom(', ', ', ', ', ', ',', ' ,\t', ',  ')
const list = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), comma)
  .chain(([k, n, between]) =>
    fc
      .array(fc.array(number, { minLength: k, maxLength: k }), { minLength: n, maxLength: n })
      .map((rows) => `[${rows.map((row) => `[${row.join(between)}]`).join(between)}]`),
  )

test('a list of predictions is read as the same list is number by number', () => {
  fc.assert(fc.property(list, expectSame), { numRuns: 600 })
})

test('so is one of which some characters are missing, doubled or others', () => {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '[', ']', ',', ' ', '0', '9', '.', 'e', '-', '+', '\t', 'é', 'N', '00'),
  )
  fc.assert(
    fc.property(list, fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), (text, changes, isReplaced) => {
      let changed = text
      for (const [place, put] of changes) {
        const at = place % changed.length
        changed = changed.slice(0, at) + put + changed.slice(isReplaced ? at + 1 : at)
      }
      expectSame(changed)
    }),
    { numRuns: 3000 },
  )
})

test('a list that is longer than what is searched at once is read the same, wherever it is cut', () => {
  const row = Array.from({ length: 700 }, (_, i) => String(Math.fround(Math.exp(-i / 40))))
  for (let pad = 0; pad < 70; pad++) {
    expectSame(
      `[[${' '.repeat(pad)}${row.join(', ')}], [${row.map((text) => `-${text}`).join(',')}], [${row.toReversed().join(', ')}]${',['.repeat(pad % 2)}]`,
    )
    expectSame(`[${' '.repeat(pad)}${`${row.join(', ')}, `.repeat(6)}7]`)
  }
})
