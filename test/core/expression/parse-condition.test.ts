import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leavesOf } from '../../../src/core/expression/expression.ts'
import { parseCondition } from '../../../src/core/expression/parse-condition.ts'
import { ExpressionError } from '../../../src/core/expression/tokens.ts'

function problem(text: string): string {
  try {
    parseCondition(text)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
  return 'none'
}

describe('a condition that is wrong says where and what would be right', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'at character 1: expected a number or a metric, found the end'],
    ['loss', 'at character 1: this is a number; a rule needs a comparison, such as loss > 10'],
    ['loss >', 'at character 7: expected a number or a metric, found the end'],
    ['loss > > 2', 'at character 8: expected a number or a metric, found ">"'],
    ['loss = 2', 'at character 6: "=" means nothing here; to compare write =='],
    ['loss > 2 && x > 1', 'at character 10: "&" means nothing here; write and, or'],
    ['loss > 2 x', 'at character 10: expected an operator, found "x"'],
    ['(loss > 2', 'at character 10: expected ")", found the end'],
    ['1 < loss < 2', 'at character 10: two comparisons in a row; join them with and'],
    ['loss and x > 1', 'at character 1: a number stands where a comparison should'],
    ['(loss > 1) + 2 > 3', 'at character 1: a comparison stands where a number should'],
    ['"train/loss > 2', 'at character 1: this quote is never closed'],
    [
      'eval(loss) > 2',
      'at character 1: no function is called eval (known: min, max, mean, median, last, previous, delta, count, abs, log, exp, isnan, isfinite)',
    ],
    ['min(2) < loss', 'at character 5: expected the name of a metric, which min is of, found "2"'],
    ['min(loss, 0) < loss', 'at character 11: expected a number of values from 1 to 1000, found "0"'],
    ['min(loss, 1001) < loss', 'at character 11: expected a number of values from 1 to 1000, found "1001"'],
    ['delta(loss, 3) > 1', 'at character 13: delta takes the name of a metric alone'],
    ['median(loss) > 1', 'at character 1: median is of the newest values only: median(loss, 100)'],
    ['and > 1', 'at character 1: expected a number or a metric, found "and"'],
    [`${'('.repeat(40)}1 > 0${')'.repeat(40)}`, 'at character 33: nested more than 32 deep'],
    [`${'not '.repeat(40)}1 > 0`, 'at character 129: nested more than 32 deep'],
    [`loss > ${'1'.repeat(1000)}`, 'at character 1001: longer than 1000 characters'],
  ]
  for (const [text, says] of cases) test(text.slice(0, 60), () => expect(problem(text)).toBe(says))
})

test('a metric is named as it is in the log, in quotes where the name is no word', () => {
  const metrics = (text: string) => leavesOf(parseCondition(text)).map(({ metric }) => metric)
  expect(metrics('loss > 1 and min("train/loss", 5) < 2 or not isnan(eval.acc)')).toEqual([
    'loss',
    'train/loss',
    'eval.acc',
  ])
  expect(metrics('"a \\"quoted\\" \\\\ name" > 1')).toEqual(['a "quoted" \\ name'])
})

test('whatever is typed is a condition or an ExpressionError, and nothing else', () => {
  const word = fc.constantFrom('loss', '"a/b"', '1e3', '(', ')', 'and', 'not', '<', '-', '^', ',', 'min', '"', '=', '_')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        expect(typeof problem(text)).toBe('string')
      },
    ),
    { numRuns: 1000 },
  )
})
