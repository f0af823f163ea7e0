import { isoTime } from '../literals/timestamp.ts'

/** `2026-01-02 10:20:`, in front of the seconds. */
const MINUTE_CHARS = 17
const DATED = /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:[0-5]\d/

/** The times of lines that follow each other: what they have in common with the one before is not read again. */
export class MinuteClock {
  #minute = '\n'
  #iso = ''

  /** The same as `isoTime` of it. */
  isoOf(text: string): string | null {
    if (text.startsWith(this.#minute) && DATED.test(text)) return this.#iso + text.slice(MINUTE_CHARS).replace(',', '.')
    const iso = isoTime(text)
    if (iso !== null && DATED.test(text)) {
      this.#minute = text.slice(0, MINUTE_CHARS)
      this.#iso = iso.slice(0, MINUTE_CHARS)
    }
    return iso
  }
}

const TIME_OF_DAY = /\d\d:\d\d:\d\d/
const DATE = /^\d{4}[-/]\d\d[-/]\d\d/

/** Two digits of a time, and between which numbers they are. */
export interface ClockDigits {
  readonly at: number
  readonly least: number
  readonly most: number
}

/** The hours, minutes and seconds of a time, and the month and the day of one that begins with a date. */
export function clockDigitsOf(like: string): readonly ClockDigits[] {
  const at = TIME_OF_DAY.exec(like)?.index
  const ofDay = [23, 59, 59].map((most, index) => ({ at: at! + 3 * index, least: 0, most }))
  const ofDate = [
    { at: 5, least: 1, most: 12 },
    { at: 8, least: 1, most: 31 },
  ]
  return [...(at === undefined ? [] : ofDay), ...(DATE.test(like) ? ofDate : [])]
}

/** Whether a time that begins at a place of a line is one that a clock and a calendar show. */
export function isOnClock(line: Uint8Array, start: number, digits: readonly ClockDigits[]): boolean {
  for (const { at, least, most } of digits) {
    const value = 10 * (line[start + at]! - ZERO) + line[start + at + 1]! - ZERO
    if (!(value >= least && value <= most)) return false
  }
  return true
}

const ZERO = 0x30
