/** A date with a time of day, wherever a log puts it. */
const DATE_TIME = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/
/** The dates of mmengine and absl, which leave out the year: `08/21 02:58:41`, `I1123 22:10:12.687590`. */
const SHORT_DATE_TIME = /(?:\d\d\/\d\d|\b[IWEF]\d{4}) \d\d:\d\d:\d\d(?:\.\d{1,9})?/
const PREFIX_CHARS = 160
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/

/** Units that programs count time since 1970 in, by the smallest value that is a date after September 2001. */
const EPOCH_UNITS = [
  { least: 1e18, perMs: 1e6 },
  { least: 1e15, perMs: 1e3 },
  { least: 1e12, perMs: 1 },
  { least: 1e9, perMs: 1e-3 },
]

/**
 * The ISO 8601 form of a date with a time of day, or of a time since 1970; null for anything else.
 *
 * A date without a zone stays without one: the log does not say where it was
 * written. A small number is a duration, and no date.
 */
export function isoTime(value: string | number): string | null {
  if (typeof value === 'number') return isoOfEpoch(value)
  const match = DATE_TIME.exec(value.slice(0, PREFIX_CHARS))
  return match === null ? null : isoOf(match)
}

/**
 * The milliseconds since 1970 of a time as `isoTime` gives it. One without a zone is taken as it stands, as if it were UTC:
 * how far two times of one log lie apart is right all the same. Null where its zone is none, as of `+99:99`.
 */
export function msOfIso(iso: string): number | null {
  const ms = Date.parse(ZONE.test(iso) ? iso : `${iso}Z`)
  return Number.isNaN(ms) ? null : ms
}

/** Takes the first date and time out of the head of a line, so that its digits are not read as values. */
export function splitTime(text: string): { readonly time: string | null; readonly rest: string } {
  const head = text.slice(0, PREFIX_CHARS)
  const match = DATE_TIME.exec(head) ?? SHORT_DATE_TIME.exec(head)
  if (match === null) return { time: null, rest: text }
  const rest = `${text.slice(0, match.index)}|${text.slice(match.index + match[0].length)}`
  return { time: isoOf(match), rest }
}

function isoOf([, year, month, day, time, fraction, zone = '']: RegExpExecArray): string | null {
  if (year === undefined) return null
  const iso = `${year}-${month}-${day}T${time}${fraction === undefined ? '' : `.${fraction}`}${zone}`
  return Number.isNaN(Date.parse(`${year}-${month}-${day}T${time}Z`)) ? null : iso
}

function isoOfEpoch(value: number): string | null {
  const unit = EPOCH_UNITS.find(({ least }) => value >= least && value < least * 100)
  return unit === undefined ? null : new Date(value / unit.perMs).toISOString()
}
