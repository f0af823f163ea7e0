/** A line taken apart at its numbers. */
export interface LineParts {
  /** What stands before the first number, between two of them, and behind the last: one more than there are numbers. */
  readonly texts: readonly string[]
  readonly numbers: readonly string[]
}

/** A number, its sign, and a NaN or an infinity as a word of its own. */
const NUMBER = /(?:(?<![\w.)\]])[-+])?(?:\d+(?:\.\d+|\.)?(?:e[-+]?\d+)?|(?<![^\W_])(?:nan|inf(?:inity)?)(?![^\W_])|∞)/gi

/** Takes a line apart. Digits within a word are numbers, too. */
export function partsOf(line: string): LineParts {
  const texts: string[] = []
  const numbers: string[] = []
  let end = 0
  for (const { 0: number, index } of line.matchAll(NUMBER)) {
    texts.push(line.slice(end, index))
    numbers.push(number)
    end = index + number.length
  }
  return { texts: [...texts, line.slice(end)], numbers }
}

/** What bars of progress are drawn with. They grow from line to line. */
const BAR = /[\u2500-\u259f]+ *|[-=>.#]{4,} *|(?<=\|) +(?=\|)/g

/** What lines that differ in their numbers have in common. */
export function shapeOf(line: string): string {
  return partsOf(line).texts.join('0').replace(BAR, '').replace(/\s+/g, ' ')
}
