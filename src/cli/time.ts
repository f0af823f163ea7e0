const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]

/** "4 min ago", for tables; JSON output has the ISO time. */
export function ago(iso: string, nowMs: number): string {
  const ms = Math.max(0, nowMs - Date.parse(iso))
  for (const [unitMs, name] of UNITS) if (ms >= unitMs) return `${Math.floor(ms / unitMs)} ${name} ago`
  return 'now'
}

/** The time on this machine's clock as "2026-03-01 23:05:00", for lines that are read days later. */
export function localTime(date: Date): string {
  // Swedish writes dates as ISO 8601 does.
  return date.toLocaleString('sv-SE')
}
