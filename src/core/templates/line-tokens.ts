/** A part of a line that may be another one in the next line of its shape. */
export interface LineToken {
  /** `clock` is a time with its date, or as the head of the line has it; `bar` is drawn by a bar of progress. */
  readonly kind: 'number' | 'blanks' | 'bar' | 'clock'
  readonly start: number
  readonly end: number
}

const CLOCK = String.raw`(?<![\d:.])(?:\d{4}[-/]\d\d[-/]\d\d)[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?![\d:])`
const BAR = String.raw`(?<=\d%\|)[ #\u2580-\u259f\d]{1,200}(?=\|)`
/** Not a part of `1.2.3`, and no minus that joins words. */
const NUMBER = String.raw`(?<![\d.])(?:(?<![\w)\]])-)?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\d|\.\d)`
const TOKEN = new RegExp(`(?<clock>${CLOCK})|(?<bar>${BAR})|(?<blanks> {2,})|(?<number>${NUMBER})`, 'g')
const KINDS = ['clock', 'bar', 'blanks', 'number'] as const

/** The tokens of a line, in order. `clock` is where its head has a time that is none by itself. */
export function tokensOf(line: string, clock: Pick<LineToken, 'start' | 'end'> | null): LineToken[] {
  const tokens: LineToken[] = []
  for (const { groups, index, 0: text } of line.matchAll(TOKEN)) {
    const kind = KINDS.find((name) => groups![name] !== undefined)!
    tokens.push({ kind, start: index, end: index + text.length })
  }
  if (clock === null) return tokens
  const others = tokens.filter(({ start, end }) => end <= clock.start || start >= clock.end)
  return [...others, { kind: 'clock' as const, ...clock }].sort((one, other) => one.start - other.start)
}

/** A line with its tokens left out: lines that differ in these only have one shape. */
export function shapeOf(line: string): string {
  return line.replace(TOKEN, (text, clock?: string, bar?: string, blanks?: string) => {
    if (clock !== undefined) return '\u0001'
    if (bar !== undefined) return '\u0002'
    if (blanks !== undefined) return '  '
    return /^-?\d+$/.test(text) ? '0' : '0.0'
  })
}
