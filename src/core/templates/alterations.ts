import type { LineToken } from './line-tokens.ts'
import type { StateLeaf } from './state-leaves.ts'

/** A line whose zeros with a point are numbers that are none: what they feed is seen by what changes. */
export function withoutZeros(line: string, tokens: readonly LineToken[]): string {
  return tokens.reduce((text, { kind, start, end }) => {
    const own = text.slice(start, end)
    return kind === 'number' && own.includes('.') && Number(own) === 0
      ? text.slice(0, start) + own.replaceAll('0', '3') + text.slice(end)
      : text
  }, line)
}

/** Other numbers in place of one, each with as many digits where it can have them. The first digit of a time stays the same. */
export function alterationsOf(number: string): string[] {
  const value = Number(number)
  const behind = (digits: string) => digits.replace(/\d/g, (digit) => String((Number(digit) + 3) % 10))
  const [, sign = '', first = '', rest = ''] = /^(-?)(\d)(.*)$/.exec(number) ?? []
  const turned = `${sign}${first === '0' ? '0' : (Number(first) % 9) + 1}${behind(rest)}`
  const isWhole = /^\d+$/.test(number)
  const near = isWhole ? [String(value + 1), String(Math.max(0, value - 1))] : []
  return [...near, turned, sign + first + behind(rest)].filter((each) => each !== number)
}

/** Other times of the same form. */
export function clocksLike(clock: string): string[] {
  return [
    clock.replace(/(\d\d):(\d\d):(\d\d)/, '03:27:51'),
    clock.replace(/(\d\d):(\d\d):(\d\d)/, '23:59:08'),
    clock.replace(
      /(\d\d:\d\d:\d\d[.,])(\d+)/,
      (_, before: string, digits: string) => before + '739216458'.slice(0, digits.length),
    ),
    clock.replace(/^(\d{4}[-/])\d\d([-/])\d\d/, '$112$228'),
    clock.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 4) % 10)),
  ]
}

/** What a leaf of the state under this name might be as well. */
export function othersFor(name: string, leaf: StateLeaf, text: string): readonly StateLeaf[] {
  const lines = ['Validation:', 'step,loss,lr', 'Epoch 3', text].map((each) => ({
    offset: 3,
    text: each,
    bytes: each.length,
  }))
  if (name === 'previous') return [null, ...lines]
  if (name === 'pending') return [[], lines.slice(0, 1)]
  if (name === 'scores') return [{}, { 'key-value': 2, csv: 1 }]
  if (typeof leaf === 'boolean') return [!leaf]
  const isCounter = name === 'step' || name === 'epoch'
  if (typeof leaf === 'number') return [0, leaf + 1, leaf - 1, leaf + 1000, 1_000_000, ...(isCounter ? [null] : [])]
  return leaf === null && isCounter ? [0, 7, 250_000] : []
}
