const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A length of time in its largest whole unit: "8 s", "3 min", "5 h", "2 d". */
export function durationText(lengthMs: number): string {
  const ms = Math.max(0, lengthMs)
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  return `${Math.floor(ms / DAY_MS)} d`
}

/** How long ago an ISO 8601 time was, as seen at `nowMs`; the text itself if it is no time. */
export function agoText(iso: string, nowMs: number): string {
  const thenMs = Date.parse(iso)
  if (Number.isNaN(thenMs)) return iso
  // A clock that differs by a few seconds must not put an alert into the future.
  return nowMs - thenMs < 5 * SECOND_MS ? 'just now' : `${durationText(nowMs - thenMs)} ago`
}
