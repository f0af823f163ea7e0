import type { StepCount } from './end-counts.ts'

/** The shapes of lines that came, the newest last; plain JSON. */
export type Repeats = readonly RepeatedShape[]

/** A line but for its numbers. */
type RepeatedShape = {
  readonly text: string
  /** The numbers of the first line of this shape. */
  readonly firsts: readonly (number | null)[]
  /** Those of the newest one; null where they did not rise from line to line. */
  readonly lasts: readonly (number | null)[]
  readonly stride: number
  readonly times: number
}

/** So many lines of one shape, with a number that rises, are the steps of a training. */
const ENOUGH_TIMES = 3
const MOST_SHAPES = 8
const MOST_CHARS = 200
/** A larger number is a time. */
const MOST_STEPS = 1e9
const TIMES = /\d{4}-\d{2}-\d{2}|\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d+)?)?/g
const PERCENT = /\d+(?:\.\d+)?\s?%/g
const BARS = /[\s|#=>.─━╸╺\u2580-\u259f-]+/g
const NUMBER = /\d+(?:[.,]\d+)*(?:e[+-]?\d+)?/g
/** What steps tell beside their count: a value, or of how many they are. */
const VALUE = /\d[.,]\d|\d(?:\s?\/\s?|\sof\s)\d|\d\s?%/
/** What is counted before there is a training. */
const BEFORE_TRAINING =
  /\b(?:load|download|fetch|read|map|filter|tokeni|process|preprocess|prepar|build|index|encod|cach|extract|convert|generat(?!ion\s?#?\d)|copy|unpack|warm|shard|param|layer)\w*/i

/** The shapes after a line. */
export function withShape(known: Repeats, line: string): Repeats {
  const read = readShape(line)
  if (read === null) return known
  const before = known.find(({ text }) => text === read.text)
  const others = known.filter((each) => each !== before).slice(1 - MOST_SHAPES)
  return [...others, shapeWith(before, read.text, read.numbers)]
}

/** Whether the newest line is one of those that repeat, and count. */
export function isRepeated(repeats: Repeats): boolean {
  return (repeats.at(-1)?.times ?? 0) >= ENOUGH_TIMES
}

/** How far the newest of the lines that repeat has counted; null where none does. */
export function repeatedSteps(repeats: Repeats): StepCount | null {
  const shape = repeats.findLast(({ times }) => times >= ENOUGH_TIMES)
  if (shape === undefined) return null
  const at = shape.lasts.findIndex((number) => number !== null)
  return { first: shape.firsts[at] ?? null, last: shape.lasts[at] ?? null, stride: shape.stride }
}

function shapeWith(
  before: RepeatedShape | undefined,
  text: string,
  numbers: readonly (number | null)[],
): RepeatedShape {
  const first = { text, firsts: numbers, lasts: numbers, stride: 0, times: 1 }
  if (before === undefined || before.lasts.length !== numbers.length) return first
  // A counter that is known may begin again.
  const isKnown = before.times >= ENOUGH_TIMES
  const lasts = before.lasts.map((last, i) => {
    const number = numbers[i] ?? null
    return last !== null && number !== null && (isKnown || number > last) ? number : null
  })
  const at = lasts.findIndex((number) => number !== null)
  if (at === -1) return isKnown ? before : first
  const stride = Number(lasts[at]) - Number(before.lasts[at])
  return {
    ...before,
    lasts,
    stride: stride > 0 ? stride : before.stride,
    times: Math.min(before.times + 1, ENOUGH_TIMES),
  }
}

/** A line but for its numbers, and these; null for one that tells no step of a training. */
function readShape(line: string): (Pick<RepeatedShape, 'text'> & { readonly numbers: (number | null)[] }) | null {
  const text = line.slice(0, MOST_CHARS)
  if (!VALUE.test(text) || BEFORE_TRAINING.test(text)) return null
  const plain = text.replace(TIMES, 't').replace(PERCENT, '%')
  const numbers = [...plain.matchAll(NUMBER)].map(([digits]) => countOf(digits))
  return { text: plain.replace(NUMBER, '0').replace(BARS, ' ').trim(), numbers }
}

function countOf(digits: string): number | null {
  const count = /^\d+$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY
  return count < MOST_STEPS ? count : null
}
