import { fieldOf } from './fields.ts'
import type { RecordBuilder } from './record-builder.ts'

/** A number at the head of the lines of a file that may count them; plain JSON. */
export type HeadCount = {
  readonly value: number
  /** The words before it and the first metric behind it, of each line that had this value. */
  readonly lines: readonly string[]
  /** Whether it has only grown so far: one that fell, or came twice for one metric, is none that counts. */
  readonly isSure: boolean
}

/** A whole number behind signs and one word at most: `t=40`, `(40)`, `40.`, `@40`, `cycle 40`, `train 40`. */
const HEAD =
  /^[^\p{L}\p{N}.+-]{0,12}(?:[-+.] )?(?:([\p{L}_]{1,16})[ .:=#([-]{1,3}|[ei])?(\d{1,12})(?![\p{L}\p{N}_%/]|[-.,:]\d)/iu
const NOT_COUNTED =
  /^(?:lr|seed|rank|gpu|worker|node|proc|process|pid|port|device|host|layer|line|fold|top|bs|size|version|v)$/i
const MOST_LINES = 8

/** What the number at the head of a line comes to, where the line tells a loss and no counter; undefined where there is none. */
export function headCountAfter(
  before: HeadCount | undefined,
  builder: RecordBuilder,
  text: string,
): HeadCount | undefined {
  if (before?.isSure === false || !builder.hasLoss) return undefined
  const [head = '', word = '', digits] = HEAD.exec(text) ?? []
  if (digits === undefined || !mayCount(word)) return undefined
  // `3 GPUs: loss 0.5`
  const rest = text.slice(head.length).trimStart()
  if (/^\p{L}/u.test(rest) && !builder.scalars.some(({ metric }) => rest.startsWith(metric))) return undefined
  const value = Number(digits)
  const line = `${word} ${builder.scalars.find(({ metric }) => metric !== word)?.metric}`
  if (before === undefined || value > before.value) return { value, lines: [line], isSure: true }
  const isSure = value === before.value && !before.lines.includes(line) && before.lines.length < MOST_LINES
  return { value, lines: [...before.lines, line], isSure }
}

/** Gives a record the count at its head for a step, which is no metric of it then. */
export function takeHeadCount(builder: RecordBuilder, { value }: HeadCount): void {
  if (builder.scalars.length > 1 && builder.scalars[0]!.value === value) builder.scalars.shift()
  builder.addPosition(value)
}

function mayCount(word: string): boolean {
  const field = fieldOf(word)
  return word === '' || (field.kind === 'metric' && field.role === 'other' && !NOT_COUNTED.test(word))
}

const SHORT_COUNT = /^[ei]\d{1,9}$/i

/** Whether a letter and a number, before `end` at the head of a line, count it, as in `e40 loss 0.5`: where another such word or a counter stands it is a name. */
export function isShortCount(word: string, text: string, end: number): boolean {
  if (!SHORT_COUNT.test(word)) return false
  const rest = text.slice(end)
  return /^[\s|:,>-]{1,6}\p{L}/u.test(rest) && !/\b(?:[ei]\d|(?:step|iter|iteration|it|batch|epoch)\b)/i.test(rest)
}
