import { describe, expect, test } from 'vitest'
import { TOPICS } from '../../../src/core/lessons/index.ts'
import { lesson, topicList } from '../../../src/core/lessons/lesson-of-topic.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { batchOf, cellOf, HEALTHY, subjectOf, wordsOf } from './subject.ts'

const INFINITE = batchOf(9, [0.5, 0, 0])
const NAN = batchOf(10, [NaN, 0.5])
const EMPTY = batchOf(11, [])

const blocksOf = (topic: string, subject = subjectOf()) => lesson(topic, subject)!.blocks

describe('every topic', () => {
  const subjects = {
    'a healthy batch': subjectOf(),
    'an infinite loss': subjectOf(INFINITE, { batch: INFINITE, before: HEALTHY }),
    'a NaN': subjectOf(NAN, { batch: NAN, before: null }),
    'a batch without rows': subjectOf(EMPTY),
  }
  for (const [name, subject] of Object.entries(subjects)) {
    for (const topic of TOPICS) {
      test(`${topic.name} is told with ${name}, as JSON that loses no value`, () => {
        const told = lesson(topic.name, subject)!
        expect(told.blocks.length).toBeGreaterThan(2)
        expect(decodeJson(encodeJson(told))).toEqual(told)
      })
    }
  }

  test('has charts of at least two points each, by ascending x and never below 0', () => {
    const charts = TOPICS.flatMap((topic) => topic.teach(subjectOf())).filter((block) => block.kind === 'chart')
    expect(charts.length).toBeGreaterThanOrEqual(TOPICS.length - 1)
    for (const { title, lines } of charts) {
      for (const { x, y } of lines) {
        expect(x.length, title).toBe(y.length)
        expect(x.length, title).toBeGreaterThan(1)
        expect([...x].sort((a, b) => a - b)).toEqual(x)
        expect(
          y.map(Number).every((value) => value >= 0),
          title,
        ).toBe(true)
      }
    }
  })

  test('has a name of its own, and one that is not there has no lesson', () => {
    const names = topicList().map(({ topic }) => topic)
    expect(new Set(names).size).toBe(names.length)
    expect(lesson('astrology', subjectOf())).toBeNull()
  })
})

describe('the numbers of the batch', () => {
  // Three rows that gave the truth 1/2, 1/4 and 9/10.
  const mean = -(Math.log(0.5) + Math.log(0.25) + Math.log(0.9)) / 3

  test('surprise tells the mean in nats and bits, the typical p and the worst row', () => {
    const blocks = blocksOf('surprise')
    expect(cellOf(blocks, 'mean surprise of the truth')).toBeCloseTo(mean, 14)
    expect(cellOf(blocks, 'the same')).toBeCloseTo(mean / Math.LN2, 14)
    expect(cellOf(blocks, 'typical p of the truth')).toBeCloseTo((0.5 * 0.25 * 0.9) ** (1 / 3), 14)
    expect(cellOf(blocks, 'largest surprise', 2)).toBe('nats, row 1')
    expect(cellOf(blocks, 'p of the truth there')).toBeCloseTo(0.25, 14)
  })

  test('likelihood is the product of the probabilities', () => {
    const blocks = blocksOf('likelihood')
    expect(cellOf(blocks, 'log-likelihood −N · CE')).toBeCloseTo(Math.log(0.5 * 0.25 * 0.9), 14)
    expect(cellOf(blocks, 'the same in float64')).toBeCloseTo(0.1125, 14)
    expect(cellOf(blocks, 'ln L above that of knowing nothing')).toBeCloseTo(Math.log(0.1125 / 0.125), 14)
  })

  test('divergence equals cross-entropy for labels that are certain', () => {
    const blocks = blocksOf('divergence')
    expect(cellOf(blocks, 'KL(truth ‖ prediction)')).toBeCloseTo(mean, 14)
    expect(wordsOf(blocks)).toContain('cross-entropy and divergence are one number')
  })

  test('gradient pulls the true logit of the worst row by p − 1, and squared error by 2 (p − 1) p (1 − p)', () => {
    const blocks = blocksOf('gradient')
    expect(cellOf(blocks, 'pull of cross-entropy there')).toBeCloseTo(-0.75, 14)
    expect(cellOf(blocks, 'pull of squared error there')).toBeCloseTo(-2 * 0.75 * 0.25 * 0.75, 14)
  })

  test('a healthy run is told how far it is from log(0) in each type', () => {
    const blocks = blocksOf('crash')
    expect(cellOf(blocks, 'from there to p = 0 in float32')).toBeCloseTo(150 * Math.LN2 - Math.log(4), 12)
  })

  test('a broken run is told by which rows, and what the loss was before', () => {
    const blocks = blocksOf('crash', subjectOf(HEALTHY, { batch: INFINITE, before: HEALTHY }))
    expect(cellOf(blocks, 'cross-entropy a batch earlier')).toBeCloseTo(mean, 14)
    expect(cellOf(blocks, 'rows with p = 0 for the truth')).toBe(2)
    expect(cellOf(blocks, 'cross-entropy, recomputed')).toBe(Infinity)
    expect(wordsOf(blocks)).toContain('Rows 1, 2 gave their true class a probability of exactly 0')
  })

  test('an infinite loss leaves no difference to its divergence', () => {
    expect(cellOf(blocksOf('divergence', subjectOf(INFINITE)), 'entropy of the truth: the difference')).toBeNaN()
  })
})

describe('what lessons usually get wrong', () => {
  test('log(0) is −∞, the NaN is 0 · (−∞) or ∞ − ∞', () => {
    const blocks = blocksOf('crash')
    expect(cellOf(blocks, 'ln 0')).toBe(-Infinity)
    expect(cellOf(blocks, '0 · ln 0')).toBeNaN()
    expect(cellOf(blocks, '∞ − ∞')).toBeNaN()
    expect(cellOf(blocks, 'xlogy(0, 0)')).toBe(0)
  })

  test('sure and wrong by 20 the logit is pulled back by 1, and by squared error with 4·10⁻⁹', () => {
    const blocks = blocksOf('gradient')
    expect(cellOf(blocks, 20, 2)).toBeCloseTo(1, 8)
    expect(Number(cellOf(blocks, 20, 3)) * 1e9).toBeCloseTo(4.1223, 4)
  })

  test('the clip at 10⁻¹⁰ has both ends in float64, one in float32 and none in float16', () => {
    const row = (column: number) => cellOf(blocksOf('clip'), 1e-10, column)
    expect([1, 2, 3, 4].map(row)).toEqual(['both ends', 'lower end only', 'neither end', 'lower end only'])
  })
})
