import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberAt, parseNumber } from '../../../src/core/literals/number.ts'
import type { MetricValue } from '../../../src/protocol/value.ts'

const numbers: readonly { readonly text: string; readonly value: number }[] = [
  { text: '0', value: 0 },
  { text: '-0.25', value: -0.25 },
  { text: '+3', value: 3 },
  { text: '.5', value: 0.5 },
  { text: '5.', value: 5 },
  { text: '1e-05', value: 1e-5 },
  { text: '7.334521E-01', value: 0.7334521 },
  { text: '1,234,567.5', value: 1234567.5 },
  { text: ' 0.5 ', value: 0.5 },
  { text: 'tensor(0.5)', value: 0.5 },
  { text: "tensor(1.5532, device='cuda:0', grad_fn=<NllLossBackward0>)", value: 1.5532 },
  { text: 'array(0.5, dtype=float32)', value: 0.5 },
  { text: "tensor([0.75], device='cuda:1')", value: 0.75 },
  { text: 'np.float64(12.)', value: 12 },
]
for (const { text, value } of numbers) {
  test(`${text} is the number ${value}`, () => {
    expect(parseNumber(text)).toEqual({ value, raw: null })
  })
}

const nonFinite: readonly { readonly text: string; readonly value: MetricValue }[] = [
  { text: 'nan', value: 'NaN' },
  { text: 'NaN', value: 'NaN' },
  { text: 'NAN', value: 'NaN' },
  { text: '-nan', value: 'NaN' },
  { text: 'nan(ind)', value: 'NaN' },
  { text: 'nan.0', value: 'NaN' },
  { text: 'inf.0', value: 'Infinity' },
  { text: '-inf.', value: '-Infinity' },
  { text: '-nan(ind)', value: 'NaN' },
  { text: '1.#QNAN', value: 'NaN' },
  { text: '-1.#IND00', value: 'NaN' },
  { text: 'inf', value: 'Infinity' },
  { text: '-inf', value: '-Infinity' },
  { text: '+inf', value: 'Infinity' },
  { text: 'Infinity', value: 'Infinity' },
  { text: '-Infinity', value: '-Infinity' },
  { text: '1.#INF', value: 'Infinity' },
  { text: '-1.#INF', value: '-Infinity' },
  { text: '1e400', value: 'Infinity' },
  { text: '-1e400', value: '-Infinity' },
  { text: "tensor(nan, device='cuda:0')", value: 'NaN' },
  { text: "tensor([[nan]], device='mps:0', dtype=torch.float16)", value: 'NaN' },
  { text: 'array([inf], dtype=float32)', value: 'Infinity' },
  { text: 'np.float64(nan)', value: 'NaN' },
  { text: "Decimal('NaN')", value: 'NaN' },
]
for (const { text, value } of nonFinite) {
  test(`${text} is ${value}, with its text kept`, () => {
    expect(parseNumber(text)).toEqual({ value, raw: text })
  })
}

const words = ['nano', 'info', 'finance', 'nanms', '+nanz', 'inference', 'nan_count', 'infs', 'Nancy', 'NaNs']
const units = ['12.00ms', '46.63%', '36.90GiB', '0.050s', '1.2.3', '12:30', '5µs', '2026-01-01', '3-layer']
const others = [
  '',
  'float("nan")',
  ' ',
  '-',
  '.',
  'e5',
  '1e',
  '0x10',
  '1_000',
  '1,23',
  'tensor([0.5, 0.25])',
  'tensor(0.5',
  'f(0.5)',
]
for (const text of [...words, ...units, ...others]) {
  test(`${JSON.stringify(text)} is no number`, () => {
    expect(parseNumber(text)).toBeNull()
    expect(numberAt(text, 0)).toBeNull()
  })
}

test('a fraction begins with a number and is none', () => {
  expect(numberAt('1/19560', 0)).toMatchObject({ value: 1, end: 1 })
  expect(parseNumber('1/19560')).toBeNull()
})

test('a number within a line ends where a word may end', () => {
  expect(numberAt('loss=0.5, lr', 5)).toEqual({ value: 0.5, raw: null, end: 8 })
  expect(numberAt('loss nan|', 5)).toEqual({ value: 'NaN', raw: 'nan', end: 8 })
  expect(numberAt('65s:loss:0.3645:acc', 9)).toEqual({ value: 0.3645, raw: null, end: 15 })
  expect(numberAt('It was 0.5.', 7)).toMatchObject({ value: 0.5 })
})

test('the text of a non-finite number is cut at 64 characters', () => {
  const text = `1${'0'.repeat(400)}`
  expect(parseNumber(text)).toEqual({ value: 'Infinity', raw: text.slice(0, 64) })
  expect(parseNumber(`tensor(nan, ${'x'.repeat(200)})`)?.raw).toHaveLength(64)
})

test('thousands of digits are one number, and a million nines are infinite', () => {
  const digits = '1234567890'.repeat(400)
  expect(parseNumber(`0.${digits}`)?.value).toBeCloseTo(0.123456789, 9)
  expect(parseNumber('9'.repeat(1_000_000))?.value).toBe('Infinity')
  expect(parseNumber(`${digits}%`)).toBeNull()
  expect(parseNumber(`${'1,'.repeat(100_000)}1`)).toBeNull()
  expect(parseNumber(`tensor(${'('.repeat(100_000)}`)).toBeNull()
})

test('every finite double that a program prints is read back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseNumber(Object.is(value, -0) ? '-0.0' : String(value))).toEqual({ value, raw: null })
    }),
  )
})

test('a failure to parse is null, and never NaN without a text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const number = parseNumber(text)
      if (number?.value === 'NaN') expect(number.raw).toMatch(/nan|ind/i)
    }),
  )
})

test('a 0 that a small number may look like says to how many decimals it was written', () => {
  const decimals = ['0.00', '-0.0000', '.000000', '0', '0.0', '0.00e+00', '0.001'].map(
    (text) => parseNumber(text)?.zeroDecimals,
  )
  expect(decimals).toEqual([2, 4, 6, undefined, undefined, undefined, undefined])
})
