import { describe, expect, test } from 'vitest'
import { kernels } from '../../../src/core/kernels/kernels.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { LineMatcher, type LinePart, type NumberSlot } from '../../../src/core/templates/line-matcher.ts'
import { LineShape } from '../../../src/core/templates/line-shape.ts'
import { clockDigitsOf } from '../../../src/core/templates/minute-clock.ts'
import { utf8 } from '../reading/bytes.ts'

const ANY: NumberSlot = {
  isInteger: true,
  isDecimal: true,
  hasExponent: true,
  hasMinus: true,
  mayBeZero: true,
  least: Number.NEGATIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
  paddedDigits: 0,
  isOfWidth: false,
  leastDigits: 1,
  mostDigits: 15,
  below: Number.POSITIVE_INFINITY,
}
const number = (slot: Partial<NumberSlot> = {}): LinePart => ({ kind: 'number', slot: { ...ANY, ...slot } })
const words = (text: string): LinePart => ({ kind: 'words', words: text })

/** The same each time. */
function drawing(seed: number): (count: number) => number {
  let state = seed
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

function slotBy(draw: (count: number) => number): Partial<NumberSlot> {
  const [some, most] = [draw(3), 10 ** (1 + draw(9))]
  return {
    isInteger: draw(4) > 0,
    isDecimal: draw(4) > 0,
    hasExponent: draw(3) > 0,
    hasMinus: draw(2) > 0,
    mayBeZero: draw(2) > 0,
    ...(some === 0 && { least: draw(50), most }),
    ...(some === 1 && { paddedDigits: 1 + draw(4), isOfWidth: draw(2) > 0 }),
    ...(some === 2 && { leastDigits: 1 + draw(2), mostDigits: 1 + draw(6), below: most }),
  }
}

function numberBy(draw: (count: number) => number): string {
  const digits = (count: number) => Array.from({ length: count }, () => draw(10)).join('')
  const whole = draw(5) === 0 ? '0' : draw(6) === 0 ? digits(1 + draw(18)) : String(draw(10 ** (1 + draw(7))))
  const text =
    draw(3) === 0
      ? whole
      : `${whole}.${draw(9) === 0 ? '0'.repeat(draw(24)) : ''}${digits(draw(9) === 0 ? draw(34) : 1 + draw(8))}`
  const exponent =
    draw(4) > 0 ? '' : `${draw(2) === 0 ? 'e' : 'E'}${['', '-', '+'][draw(3)]}${draw(draw(9) === 0 ? 400 : 30)}`
  return `${draw(6) === 0 ? '-' : ''}${text}${exponent}`
}

/** How many lines the slow way matches before the first that it does not, and their numbers. */
function slowly(parts: readonly LinePart[], text: string) {
  const bytes = utf8(text)
  const { lines } = splitLines(bytes, 0, true)
  const matcher = new LineMatcher(parts)
  const numbers = new Float64Array(matcher.numbers * lines.length)
  let count = 0
  while (count < lines.length) {
    const first = count * matcher.numbers
    if (!matcher.matches(bytes, lines.startOf(count), lines.endOf(count), numbers, first)) break
    count++
  }
  return { lines, count, numbers: numbers.subarray(0, count * matcher.numbers) }
}

describe('lines that are matched at once', () => {
  test('are those that are matched one by one, with the same numbers to the last bit', () => {
    const draw = drawing(7)
    let [matched, left] = [0, 0]
    for (let round = 0; round < 4000; round++) {
      const parts: LinePart[] = [words('step ')]
      for (let part = draw(4); part >= 0; part--) {
        parts.push(
          number(slotBy(draw)),
          draw(5) === 0 ? { kind: 'blanks' } : words(['/', ' loss: ', '%, a much longer part of words = '][draw(3)]!),
        )
      }
      const lineBy = () =>
        parts
          .map((part) =>
            part.kind === 'words' ? part.words : part.kind === 'blanks' ? ' '.repeat(1 + draw(4)) : numberBy(draw),
          )
          .join('') + (draw(30) === 0 ? ['x', ' ', '1'][draw(3)] : '')
      // Lines that the slow way matches, and one that it may not.
      const lines: string[] = []
      for (let tries = 0; tries < 40; tries++) {
        const line = lineBy()
        if (slowly(parts, line).count === 1) lines.push(line)
      }
      lines.splice(draw(lines.length + 1), 0, lineBy())
      const text = lines.join('\n')
      const one = slowly(parts, text)
      const shape = LineShape.of(parts)!
      const count = shape.countIn(one.lines, 0, one.lines.length)
      expect(count, text).toBeLessThanOrEqual(one.count)
      const fast = kernels.numbers.slice(0, count * parts.filter(({ kind }) => kind === 'number').length)
      expect(new BigUint64Array(fast.buffer), text).toEqual(
        new BigUint64Array(one.numbers.slice(0, fast.length).buffer),
      )
      matched += count
      left += one.count - count
    }
    // It is sound, and leaves few lines to the slow way.
    expect(matched).toBeGreaterThan(5000)
    expect(left / (matched + left)).toBeLessThan(0.8)
  })

  test('of the usual kind are matched all of them, be they longer than the memory of the kernel', () => {
    const parts = [words('{"step": '), number(), words(', "loss": '), number(), words('}')]
    const text = Array.from(
      { length: 9000 },
      (_, step) => `{"step": ${step}, "loss": ${(1 / (step + 1)).toFixed(6)}}`,
    ).join('\n')
    const { lines, numbers } = slowly(parts, text)
    const shape = LineShape.of(parts)!
    const found: number[] = []
    for (let index = 0; index < lines.length; ) {
      const count = shape.countIn(lines, index, lines.length)
      expect(count).toBeGreaterThan(index + 10 < lines.length ? 10 : 0)
      found.push(...kernels.numbers.subarray(0, 2 * count))
      index += count
    }
    expect(found).toEqual([...numbers])
  })

  test('may have bars and clocks, and give the place of their time', () => {
    const like = '2026-03-05 10:20:30'
    const parts: LinePart[] = [
      words('['),
      { kind: 'clock', like, digits: clockDigitsOf(like) },
      words('] '),
      number(),
      words('%|'),
      { kind: 'bar' },
      words('| loss='),
      number(),
    ]
    const good = [
      '[2026-03-05 10:20:30] 5%|█▌        | loss=0.5',
      '[2026-12-31 23:59:59] 15%|##3       | loss=1.25e-05',
      '[2026-01-01 00:00:00] 100%|██████████| loss=3',
    ]
    const bad = [
      '[2026-13-05 10:20:30] 5%|█▌        | loss=0.5',
      '[2026-12-31 24:00:00] 5%|█▌        | loss=0.5',
      '[2026-12-3 123:00:00] 5%|█▌        | loss=0.5',
      '[2026-12-31 23:00:00] 5%|| loss=0.5',
      '[2026-12-31 23:00:00] 5%|⣿⣿| loss=0.5',
      '[2026/12/31 23:00:00] 5%|██| loss=0.5',
    ]
    const shape = LineShape.of(parts, 1)!
    for (const last of bad) {
      const text = [...good, last].join('\n')
      const { lines, count } = slowly(parts, text)
      expect(count, last).toBe(good.length)
      expect(shape.countIn(lines, 0, lines.length), last).toBe(good.length)
      const times = good.map((_, row) =>
        utf8(text)
          .subarray(kernels.spans[2 * row]!)
          .subarray(0, like.length),
      )
      expect(times.map((time) => Buffer.from(time).toString())).toEqual(good.map((line) => line.slice(1, 20)))
    }
  })

  test('have numbers', () => {
    expect(LineShape.of([words('a ')])).toBeNull()
  })
})
