const ESCAPE = '\u001b'

/**
 * A line as a reader sees it: without the colours, links and moves that a terminal acts on, and with the control
 * characters that a collector of logs has written as numbers.
 */
export function plainText(line: string): string {
  return line.includes('#0')
    ? withControls(withoutSequences(line.replace(ESCAPE_AS_NUMBER, ESCAPE)))
    : withoutSequences(line)
}

/** Whether the text of lines is as it stands there: `plainText` changes nothing of them. */
export function isPlain(bytes: Buffer): boolean {
  return !bytes.includes(ESCAPE_CODE) && !bytes.includes('#0')
}

/** rsyslog, and CloudWatch with it, write a control character as # and its three octal digits. */
const ESCAPE_AS_NUMBER = /#033(?=\[|\(B)/g
/**
 * The same of backspace, tab, LF and CR. What stands behind a word and a blank, or in brackets, is the number of
 * something, as in `worker #012`; so is what a line begins with, unless a bar or a word follows at once.
 */
const CONTROL_AS_NUMBER =
  /(?:(?<=[^\s([{'"&/A-Za-z])|(?<=[A-Za-z])(?=#0\d\d[A-Za-z\d#])|(?<=\S)(?=#0\d\d {2})|(?<![A-Za-z.:=,] |[([{'"&/A-Za-z])(?=#0\d\d(?:[A-Za-z#]|\s{0,8}\d{1,9}(?:%|\/\d|it\b))))#0(10|11|12|15)/g

function withControls(line: string): string {
  return line.replace(CONTROL_AS_NUMBER, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/**
 * A line without the sequences that a terminal acts on.
 *
 * These are the sequences of ECMA-48: colours and cursor moves (`ESC [ … letter`),
 * titles and links (`ESC ] … BEL`), and the short ones. What follows an ESC that
 * opens none of them is text. No sequence goes on behind the next ESC, so no
 * character is looked at more than twice.
 */
function withoutSequences(line: string): string {
  let escape = line.indexOf(ESCAPE)
  if (escape < 0) return line
  let plain = ''
  let start = 0
  for (; escape >= 0; escape = line.indexOf(ESCAPE, start)) {
    if (escape > start) plain += line.slice(start, escape)
    start = sequenceEnd(line, escape + 1)
  }
  return plain + line.slice(start)
}

/** Where the text goes on after the ESC before `start`. */
function sequenceEnd(line: string, start: number): number {
  const code = line.charCodeAt(start)
  if (code === OPEN_BRACKET) return controlEnd(line, start + 1)
  if (STRING_OPENERS.has(code)) return stringEnd(line, start)
  if (code >= 0x20 && code <= 0x2f) {
    const last = skip(line, start, 0x20, 0x2f)
    const end = last + 1
    return isInRange(line.charCodeAt(last), 0x30, 0x7e) ? end : start
  }
  return isInRange(code, 0x30, 0x39) || code === EQUALS || code === GREATER ? start + 1 : start
}

/** Parameters, then intermediates, then a final character, which the end of a line may have cut off. */
function controlEnd(line: string, start: number): number {
  const end = skip(line, skip(line, start, 0x30, 0x3f), 0x20, 0x2f)
  return isInRange(line.charCodeAt(end), 0x40, 0x7e) ? end + 1 : end
}

/** Behind the BEL or `ESC \` that ends a title or a link; `start` when it has no end. */
function stringEnd(line: string, start: number): number {
  for (let end = start + 1; end < line.length; end++) {
    const code = line.charCodeAt(end)
    if (code === BELL) return end + 1
    if (code === ESCAPE_CODE) return line.charCodeAt(end + 1) === BACKSLASH ? end + 2 : start
  }
  return start
}

function skip(line: string, start: number, least: number, most: number): number {
  let end = start
  while (isInRange(line.charCodeAt(end), least, most)) end++
  return end
}

function isInRange(code: number, least: number, most: number): boolean {
  return code >= least && code <= most
}

const BELL = 0x07
const ESCAPE_CODE = 0x1b
const EQUALS = 0x3d
const GREATER = 0x3e
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
/** `]`, `P`, `X`, `^`, `_`. */
const STRING_OPENERS: ReadonlySet<number> = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f])
