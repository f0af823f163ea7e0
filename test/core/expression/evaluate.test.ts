import { describe, expect, test } from 'vitest'
import { holds, type Memories } from '../../../src/core/expression/evaluate.ts'
import { parseCondition } from '../../../src/core/expression/parse-condition.ts'
import { type Remembered, remember } from '../../../src/core/expression/remembered.ts'
import { encodeJson } from '../../../src/protocol/json.ts'
import { metricValue } from '../../../src/protocol/value.ts'

function memoryOf(values: readonly number[], window = 1000): Remembered {
  return values.reduce<Remembered | undefined>(
    (memory, value) => remember(memory, 'other', metricValue(value), window),
    undefined,
  )!
}

const MEMORIES: Memories = {
  loss: memoryOf([4, 1, 2, 3]),
  bad: memoryOf([1, 5, Number.NaN]),
  huge: memoryOf([1, Infinity]),
  once: memoryOf([7]),
}

describe('a condition', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['1 + 2 * 3 == 7', true],
    ['(1 + 2) * 3 == 9', true],
    ['2 ^ 3 ^ 2 == 512', true],
    ['-2 ^ 2 == -4', true],
    ['2 ^ -1 == 0.5', true],
    ['10 - 4 - 3 == 3', true],
    ['16 / 4 / 2 == 2', true],
    ['1 < 2 or 1 > 2 and 1 > 2', true],
    ['not 1 > 2 and 1 < 2', true],
    ['1e-3 == .001', true],
    ['loss == 3', true],
    ['last(loss) == 3', true],
    ['previous(loss) == 2', true],
    ['delta(loss) == 1', true],
    ['count(loss) == 4', true],
    ['min(loss) == 1', true],
    ['max(loss) == 4', true],
    ['max(loss, 2) == 3', true],
    ['min(loss, 2) == 2', true],
    ['mean(loss) == 2.5', true],
    ['mean(loss, 2) == 2.5', true],
    ['mean(loss, 3) == 2', true],
    ['median(loss, 3) == 2', true],
    ['median(loss, 4) == 2.5', true],
    ['abs(-loss) == 3', true],
    ['log(exp(2)) == 2', true],
    ['loss > 2 * min(loss)', true],
    ['isnan(bad)', true],
    ['bad > 0', false],
    ['bad <= 0', false],
    ['bad != 0', false],
    ['bad == bad', false],
    ['not bad > 0', true],
    ['isfinite(bad)', false],
    ['isnan(delta(bad))', true],
    ['max(bad) == 5', true],
    ['mean(bad) == 3', true],
    ['median(bad, 9) == 3', true],
    ['count(bad) == 3', true],
    ['previous(bad) == 5', true],
    ['huge > 1e308', true],
    ['isfinite(huge)', false],
    ['max(huge) == 1', true],
    ['isnan(previous(once))', true],
  ]
  for (const [text, expected] of cases) {
    test(`${text} is ${expected}`, () => expect(holds(parseCondition(text), MEMORIES)).toBe(expected))
  }
})

test('the memory of a metric is of bounded size, and JSON, whatever its values', () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? Number.NaN : i % 2 === 0 ? 1.7e308 : -1.7e308))
  const memory = memoryOf(values, 10)
  expect(memory.newest).toHaveLength(10)
  expect(Number.isFinite(memory.mean)).toBe(true)
  expect(() => encodeJson(memory)).not.toThrow()
  expect(memoryOf([1, 2, 3], 0).newest).toEqual([])
})
