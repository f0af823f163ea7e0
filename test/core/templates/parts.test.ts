import { describe, expect, test } from 'vitest'
import { isoTime } from '../../../src/core/literals/timestamp.ts'
import { shapeOf, tokensOf } from '../../../src/core/templates/line-tokens.ts'
import { clockDigitsOf, isOnClock, MinuteClock } from '../../../src/core/templates/minute-clock.ts'
import { slotFor, slotForTime, slotInGroup } from '../../../src/core/templates/number-slots.ts'
import { isSame, leafNames, leavesOf, withLeaves } from '../../../src/core/templates/state-leaves.ts'
import { TemplateShelf } from '../../../src/core/templates/template-shelf.ts'

describe('the leaves of a state', () => {
  const model = { format: 'csv', inner: { row: 3, names: ['a'] }, previous: null, pending: [], isOver: false }

  test('are its numbers, flags and nulls, and as a whole what is not looked into', () => {
    expect(leavesOf(model, model)).toEqual([3, null, [], false])
    expect(leafNames(model)).toEqual(['row', 'previous', 'pending', 'isOver'])
  })

  test('of one that is built otherwise, or has other words, there are none', () => {
    expect(leavesOf(model, { ...model, format: 'keras' })).toBeNull()
    expect(leavesOf(model, { ...model, inner: { row: 3, names: ['a', 'b'] } })).toBeNull()
    expect(leavesOf(model, { ...model, inner: null })).toBeNull()
    expect(leavesOf(model, { ...model, more: 1 })).toBeNull()
  })

  test('make a state again, which shares what did not change', () => {
    const line = { offset: 9, text: 'Epoch 3', bytes: 7 }
    const made = withLeaves(model, [4, line, [], true])
    expect(made).toEqual({ ...model, inner: { row: 4, names: ['a'] }, previous: line, isOver: true })
    expect(withLeaves(model, [3, null, model.pending, true]).inner).toBe(model.inner)
  })

  test('are the same whatever the order of names, but not whatever the kind of a zero', () => {
    expect(isSame({ a: 1, b: [null] }, { b: [null], a: 1 })).toBe(true)
    expect(isSame({ a: 0 }, { a: -0 })).toBe(false)
    expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(isSame([1], { 0: 1 })).toBe(false)
  })
})

describe('the shelf of what was learned', () => {
  test('keeps the files that were read last, and which were misread for good', () => {
    const shelf = new TemplateShelf()
    const first = shelf.of('a.log')
    expect(shelf.of('a.log')).toBe(first)
    first.differ()
    for (let file = 0; file < 100; file++) shelf.of(`${file}.log`)
    expect(shelf.of('a.log')).not.toBe(first)
    expect([...shelf.misread]).toEqual(['a.log'])
  })
})

describe('the shape of a line', () => {
  const shapes = [
    ['step 12 loss 0.5', 'step 900 loss 3.25e-05', true],
    ['step 12 loss 0.5', 'step 12 loss 5', false],
    ['step 12 loss 0.5', 'step 12 loss nan', false],
    ['a:  1', 'a:       12', true],
    ['a: 1', 'a:  1', false],
    ['2026-03-05 10:20:30,123 x=1', '2027-11-30 23:59:59,001 x=2', true],
    [' 10%|█         | 1/9', ' 90%|█████████ | 8/9', true],
    ['torch 1.2.3', 'torch 1.2.4', false],
  ] as const
  for (const [one, other, isShared] of shapes)
    test(`of "${one}" is ${isShared ? '' : 'not '}that of "${other}"`, () =>
      expect(shapeOf(one) === shapeOf(other)).toBe(isShared))

  test('has its tokens in order, the time of its head among them', () => {
    const line = '[10:20:30] a-5 b=-5.5e-3'
    const kinds = tokensOf(line, { start: 1, end: 9 }).map(({ kind, start, end }) => [kind, line.slice(start, end)])
    expect(kinds).toEqual([
      ['clock', '10:20:30'],
      ['number', '5'],
      ['number', '-5.5e-3'],
    ])
  })
})

describe('the numbers that may stand in place of one', () => {
  const all = () => true

  test('are all kinds where all are read', () => {
    expect(slotFor('0.25', [], all)).toMatchObject({
      isInteger: true,
      isDecimal: true,
      hasExponent: true,
      hasMinus: true,
    })
  })

  test('are those up to the first that is read otherwise', () => {
    expect(slotFor('37', [], (text) => /^\d+$/.test(text) && Number(text) < 60)).toMatchObject({
      isInteger: true,
      isDecimal: false,
      hasMinus: false,
      least: 0,
      most: 59,
    })
    expect(slotFor('37', [40], (text) => /^\d+$/.test(text) && Number(text) <= 40)).toMatchObject({ most: 40 })
  })

  test('are none where not even the number itself may be another', () => {
    expect(slotFor('0.25', [], () => false)).toBeNull()
  })

  test('have as many digits as it in a group, and as those of its time', () => {
    expect(slotInGroup('05', [], all)).toMatchObject({ least: 0, most: 99, isOfWidth: true, isDecimal: false })
    expect(slotInGroup('7', [], all)).toMatchObject({ least: 0, most: 9, isDecimal: false })
    expect(slotForTime('1772000000.5', [], all)).toMatchObject({ isInteger: false, leastDigits: 10, mostDigits: 10 })
    expect(slotForTime('1772000000', [], all)).toMatchObject({ isInteger: true, least: 1e9, most: 9_999_999_999 })
  })
})

describe('a clock', () => {
  const times = [
    '2026-03-05 10:20:30,123',
    '2026-03-05 10:20:31,004',
    '2026-03-05T10:20:59Z',
    '2026-03-05T10:20:07.5+01:00',
    '2026-03-05 10:20:61',
    '2026/03/05 10:21:00',
    '2026-13-05 10:21:00',
    '10:20:30',
    '',
  ]
  test('reads a time as it is read by itself, whichever was read before', () => {
    const clock = new MinuteClock()
    for (const one of times)
      for (const other of times) expect([clock.isoOf(one), clock.isoOf(other)]).toEqual([isoTime(one), isoTime(other)])
  })

  test('shows no minute 60 and no month 13', () => {
    const isShown = (text: string) => isOnClock(Buffer.from(text), 0, clockDigitsOf(text))
    expect(['10:59:59', '2026-12-31 23:00:00', '05/03 00:00:00.5'].map(isShown)).toEqual([true, true, true])
    const others = [
      '24:00:00',
      '10:60:00',
      '10:00:60',
      '2026-13-01 10:00:00',
      '2026-01-32 10:00:00',
      '2026-00-10 10:00:00',
    ]
    expect(others.filter(isShown)).toEqual([])
  })
})
