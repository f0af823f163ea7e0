const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/
const MINUTE_MS = 60_000

/**
 * Milliseconds between two times of one log in ISO 8601; null where one of them is no such time.
 *
 * Times without a zone are taken for UTC, which is right where both have none.
 */
export function elapsedMs(from: string, to: string): number | null {
  const start = millisecondsOf(from)
  const end = millisecondsOf(to)
  return start === null || end === null ? null : end - start
}

function millisecondsOf(iso: string): number | null {
  const [whole, year, month, day, hour, minute, second, fraction = '0', zone = 'Z'] = ISO.exec(iso) ?? []
  if (whole === undefined) return null
  const minutes = daysOf(Number(year), Number(month), Number(day)) * 1440 + Number(hour) * 60 + Number(minute)
  return (minutes - zoneMinutes(zone)) * MINUTE_MS + Number(second) * 1000 + Number(`0.${fraction}`) * 1000
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone.startsWith('-') ? -minutes : minutes
}

/** Days since the first of March of the year 0. A year that begins in March ends with its leap day, so the months before it have regular lengths. */
function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const m = (month + 9) % 12
  return (
    365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 1
  )
}
