import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonNumberReader } from '../../../src/core/literals/json-number.ts'
import { type ArrayScan, scanNumberArray } from '../../../src/core/literals/number-array.ts'

function scan(text: string, start = 0): ArrayScan {
  return scanNumberArray(text, start, new JsonNumberReader())
}

function valuesOf(text: string): number[] {
  const result = scan(text)
  return result.ok ? Array.from(result.array.values) : []
}

/** Any double by its bits, so that every exponent comes up as often. */
const anyDouble = fc
  .tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
  .map(([low, high]) => new Float64Array(Uint32Array.of(low, high).buffer)[0]!)
  .filter(Number.isFinite)
/** The predictions of a float32 model, as Python prints them. */
const prediction = fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.double({ min: -40, max: 40, noNaN: true }))
const digits = fc.stringMatching(/^\d{1,25}$/)
/** A number as one might write it by hand, with more digits than a double holds and any exponent. */
const decimal = fc
  .tuple(fc.boolean(), digits, fc.option(digits), fc.option(fc.integer({ min: -60, max: 40 })))
  .map(([isNegative, whole, fraction, exponent]) => {
    const significant = whole.replace(/^0+(?=\d)/, '')
    return `${isNegative ? '-' : ''}${significant}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`
  })

test('every number is the double nearest to its text', () => {
  const text = fc.oneof(anyDouble.map(String), prediction.map(String), decimal)
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
      expect(valuesOf(`[${texts.join(', ').replaceAll('e+', 'e')}]`)).toEqual(texts.map(Number))
    }),
    { numRuns: 2000 },
  )
})

test('a number exactly between two doubles becomes the even one', () => {
  const whole = [9007199254740993n, 9007199254740995n, 9223372036854776832n, 9223372036854778880n]
  const texts = [
    ...whole.flatMap((tie) => [`${tie}`, `-${tie}.0`.slice(0, 20), `${tie - 1n}`, `${tie + 1n}`]),
    ...[
      '4503599627370496.5',
      '4503599627370497.5',
      '2251799813685248.25',
      '2251799813685248.75',
      '90071992547409930e-1',
    ],
    ...[
      '1125899906842624.125',
      '1125899906842624.375',
      '1e22',
      '1e23',
      '9007199254740993e22',
      '5e-324',
      '1e-128',
      '1e63',
    ],
  ]
  expect(valuesOf(`[${texts}]`)).toEqual(texts.map(Number))
})

test('a number that a window would cut is read whole', () => {
  for (const pad of Array.from({ length: 140 }, (_, i) => i)) {
    const long = `0.${'0'.repeat(90)}1234567890123456789`
    const numbers = `${'7,'.repeat(445 + Math.floor(pad / 2))}${' '.repeat(pad % 2)}${long},0.25`
    expect(valuesOf(`[${numbers}]`).slice(-2)).toEqual([Number(long), 0.25])
  }
})

test('an array larger than all windows keeps its values, its rows and its end', () => {
  const rows = Array.from({ length: 300 }, (_, i) => Array.from({ length: 50 }, (_, j) => Math.sin(i * 50 + j)))
  const text = `{"probs": ${JSON.stringify(rows)}, "step": 3}`
  const result = scan(text, 10)
  if (!result.ok) throw new Error(result.problem)
  expect(result.array.shape).toEqual([300, 50])
  expect(Array.from(result.array.values)).toEqual(rows.flat())
  expect(text.slice(result.end)).toBe(', "step": 3}')
})

test('words of Python and truth values are numbers, in the first window and behind it', () => {
  const words = ['NaN', '-Infinity', 'Infinity', 'true', 'false', 'nan', '-0.0']
  const numbers = [NaN, -Infinity, Infinity, 1, 0, NaN, -0]
  expect(valuesOf(`[${words}]`)).toEqual(numbers)
  expect(valuesOf(`[${'0.5,'.repeat(50_000)}${words}]`).slice(-7)).toEqual(numbers)
})

test('a character beyond ASCII is no digit, though its lower byte is one', () => {
  expect(scan('[1, \u0132, 3]')).toEqual({ ok: false, problem: 'character 4: no number' })
  expect(scan('[0.5, 2\u0132]')).toEqual({ ok: false, problem: 'numbers and rows are mixed' })
})

for (const text of [
  '[01]',
  '[1.]',
  '[.5]',
  '[1e]',
  '[--1]',
  '[1 2]',
  '[1,,2]',
  '[1,]',
  '[1',
  '[1, [2]]',
  '[[1], [2, 3]]',
]) {
  test(`${text} is no array of numbers`, () => {
    expect(scan(text).ok).toBe(false)
  })
}
