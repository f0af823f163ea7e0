import { describe, expect, test } from 'vitest'
import { grouped, inWords, percent, period, powerOfTen, times } from '../../../src/core/detect/threshold-wording.ts'

const cases: readonly { readonly says: string; readonly of: (value: number) => string; readonly value: number }[] = [
  { says: 'one', of: inWords, value: 1 },
  { says: 'ten', of: inWords, value: 10 },
  { says: '11', of: inWords, value: 11 },
  { says: '2.5', of: inWords, value: 2.5 },
  { says: 'a million', of: inWords, value: 1e6 },
  { says: 'once', of: times, value: 1 },
  { says: 'twice', of: times, value: 2 },
  { says: '1.15 times', of: times, value: 1.15 },
  { says: '1,000 times', of: times, value: 1000 },
  { says: '1,234,567.5', of: grouped, value: 1_234_567.5 },
  { says: '0.00001', of: grouped, value: 1e-5 },
  { says: '10⁶', of: powerOfTen, value: 1e6 },
  { says: '10⁻¹²', of: powerOfTen, value: 1e-12 },
  { says: '2.5·10⁷', of: powerOfTen, value: 2.5e7 },
  { says: '10⁰', of: powerOfTen, value: 1 },
  { says: '1 %', of: percent, value: 0.01 },
  { says: '15 %', of: percent, value: 1.15 - 1 },
  { says: '0.5 %', of: percent, value: 0.005 },
  { says: 'a minute', of: period, value: 60_000 },
  { says: '20 minutes', of: period, value: 1_200_000 },
  { says: '90 seconds', of: period, value: 90_000 },
]

describe('a threshold is worded', () => {
  for (const { says, of, value } of cases) test(`${of.name} of ${value}: ${says}`, () => expect(of(value)).toBe(says))
})
