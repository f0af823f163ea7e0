import { describe, expect, test } from 'vitest'
import { foldOrder, isLevelLost, type LowOrder, NO_ORDER } from '../../../src/core/detect/low-order.ts'

/** The order of values that are written as `L` and `H`. */
function order(text: string): LowOrder {
  return [...text].reduce((before, letter) => foldOrder(before, letter === 'L'), NO_ORDER)
}

function isLost(text: string, looks = text.length): boolean {
  return isLevelLost(order(text), looks)
}

const highs = (count: number) => 'H'.repeat(count)

describe('the order of low and high values', () => {
  test('knows how many there are, in how many stretches, and how many high ones came since', () => {
    expect(order('HLLHHLHHH')).toEqual({ lows: 3, stretches: 2, highs: 3, since: 3 })
  })

  test('shows a level that is lost where the low ones stand together and come no more', () => {
    expect(isLost(`LL${highs(10)}`)).toBe(true)
    expect(isLost(`HHLLLL${highs(6)}`)).toBe(true)
    expect(isLost(`LLLLLHLLLLL${highs(5)}`)).toBe(true)
  })

  test('and none where they may come again', () => {
    expect(isLost(`LHLH${highs(10)}`)).toBe(false)
    expect(isLost(`LHHHLLHHLLLHHHHLLHLHHLLL${highs(6)}`)).toBe(false)
    expect(isLost(`LL${highs(9)}L`)).toBe(false)
  })

  test('a dip of two is never a level, one of three after three times as many high ones as came before it', () => {
    expect(isLost(`HHHLL${highs(10_000)}`)).toBe(false)
    expect(isLost(`HHHLLL${highs(7)}`)).toBe(false)
    expect(isLost(`HHHLLL${highs(8)}`)).toBe(true)
  })

  test('asks for more, the more often it was looked at', () => {
    const text = `LLHLLL${highs(8)}`
    expect(isLost(text)).toBe(true)
    expect(isLost(text, 10_000)).toBe(false)
  })

  test('counts each order that is as clear', () => {
    // Every order of 4 low ones among 12, of no more stretches and with as many high ones at the end.
    const text = `HLLHLL${highs(6)}`
    const { stretches, since } = order(text)
    const all = ordersOf(12, 4).map(order)
    const asClear = all.filter((one) => one.stretches <= stretches && one.since >= since)
    expect(isLost(text)).toBe(asClear.length / all.length <= 1 / 66)
    expect(asClear).toHaveLength(12)
  })
})

/** All orders of so many low ones among all. */
function ordersOf(count: number, lows: number): string[] {
  if (count === 0) return lows === 0 ? [''] : []
  const high = ordersOf(count - 1, lows).map((rest) => `H${rest}`)
  return lows === 0 ? high : [...ordersOf(count - 1, lows - 1).map((rest) => `L${rest}`), ...high]
}
