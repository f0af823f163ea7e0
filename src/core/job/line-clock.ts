/** `2026-03-04 10:00:05,120`, `2026-03-04_10:00:05`, `03/04 10:00:05`. */
const DATE = /(?:\d{4}[-/])?(\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,3}))?/
/** glog's `E0304 10:00:05.120`, and `[E304 10:00:05.120` of PyTorch, which leaves out the zero of the month. */
const GLOG = /\b[IWEF](\d{1,2})(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?/
/** `Mar  4 10:00:05` of the system log. */
const SYSLOG = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)()/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const HEAD_CHARS = 160

/**
 * The time of the year at which a line was written, by its own clock, in milliseconds; null where it does not say.
 *
 * Half of the programs leave out the year, and the logs of one job are compared with each other only.
 */
export function clockMsOf(line: string): number | null {
  const head = line.slice(0, HEAD_CHARS)
  if (!/\d:\d\d:\d\d/.test(head)) return null
  const [, month, day, hour, minute, second, fraction = ''] =
    DATE.exec(head) ?? GLOG.exec(head) ?? SYSLOG.exec(head) ?? []
  if (month === undefined) return null
  const monthAt = MONTHS.includes(month) ? MONTHS.indexOf(month) : Number(month) - 1
  return Date.UTC(
    1972,
    monthAt,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0')),
  )
}
