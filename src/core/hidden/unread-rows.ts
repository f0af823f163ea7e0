import { numberAt } from '../literals/number.ts'
import { fieldOf, phaseOf } from '../records/fields.ts'

/** A row of values without names, some of which are not finite. */
export interface BrokenRow {
  /** Whether a whole number stands at its head, be it behind the name of a counter: `40 `, `[40] `, `epoch 40: `. */
  readonly isCounted: boolean
  /** Whether such a number is more than the first cell of a table. */
  readonly isMarked: boolean
  /** Whether it has no finite value beside its counter, times and sizes. */
  readonly isBare: boolean
  /** That number; null for none. */
  readonly count: number | null
}

/** An array as a framework prints it. Its values count, and not what is said of them. */
const ARRAY =
  /(?:\w{1,16}\.){0,3}(?:tensor|(?:device)?array|b?float\d{0,2}|double)\((?=[-+[(\dni])([^()=]{1,200}?)(?:, ?\w{1,16}=(?:\(\)|[^(),]{1,60})){0,6}\)/gi
/** The bar of progress that some put behind a row. */
const BAR = /\s\d{1,3}%\|/
/** What parts the cells of a row, and stands round them. */
const BETWEEN = /(?:[\s,;|│┃()[\]{}"'*]|[:./](?=[\s"')\]]|$)|[-=~]+>?(?=\s)|→)+/
/** A number with its unit, or a count of so many. */
const MEASURED = /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?[a-zµ%]{1,3}$|^\d+\/\d+$/i
/** A unit that stands behind its number, and what joins a count and its total. */
const UNIT = /^(?:[nmu]?s|secs?|mins?|[mhdkgtb]|hrs?|[kmgt]i?b(?:\/s)?|it\/s|s\/it|px|of)$/i
const MOST_CELLS = 64

/** The row of values that a line is, some of which are not finite; null for any other line. */
export function rowWithNonFinite(line: string): BrokenRow | null {
  const bar = BAR.exec(line)
  const text = (bar === null ? line : line.slice(0, bar.index)).replace(ARRAY, ' $1 ')
  const cells = text.split(BETWEEN, MOST_CELLS).filter((cell) => cell !== '')
  const at = isCounterName(cells[0]) ? 1 : 0
  const isCounted = /^\d+(?:\/\d+)?$/.test(cells[at] ?? '')
  if (at === 1 && !isCounted) return null
  let broken = 0
  let isBare = true
  for (let index = at; index < cells.length; index++) {
    const kind = kindOf(cells, index)
    if (kind === 'text') return null
    if (kind === 'broken') broken++
    if (kind === 'finite' && !(isCounted && index === at)) isBare = false
  }
  const isMarked = isCounted && !/^[\s|│┃]*\d+[\s,;|│┃](?![-=]>|→)/.test(text)
  return broken === 0
    ? null
    : { isCounted, isMarked, isBare, count: isCounted ? Number.parseInt(cells[at]!, 10) : null }
}

function isCounterName(cell = ''): boolean {
  return cell.length > 1 && ['step', 'epoch'].includes(fieldOf(cell).kind)
}

/** What a cell holds. One that is no value belongs to the one beside it: a size, its unit, the phase before it. */
function kindOf(cells: readonly string[], index: number): 'finite' | 'broken' | 'beside' | 'text' {
  const cell = cells[index]!
  const [before = '', after = ''] = [cells[index - 1], cells[index + 1]]
  const number = numberAt(cell, 0)
  if (number?.end === cell.length) {
    if (typeof number.value === 'string') return 'broken'
    return UNIT.test(after) || before === 'of' ? 'beside' : 'finite'
  }
  const isOfValue = MEASURED.test(cell) || (UNIT.test(cell) && /^[-+]?\d/.test(before)) || phaseOf(cell) !== null
  return isOfValue ? 'beside' : 'text'
}
