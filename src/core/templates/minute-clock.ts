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

const TIME_OF_DAY = /(\d\d):(\d\d):(\d\d)/
const DATE = /^\d{4}[-/](\d\d)[-/](\d\d)/

/** Whether the hours, minutes and seconds of a text are some that a clock shows, and its month and day those of a calendar. */
export function isOnClock(text: string): boolean {
  const [, hour, minute, second] = TIME_OF_DAY.exec(text) ?? []
  if (hour !== undefined && (hour > '23' || minute! > '59' || second! > '59')) return false
  const [, month, day] = DATE.exec(text) ?? []
  return month === undefined || (month >= '01' && month <= '12' && day! >= '01' && day! <= '31')
}
