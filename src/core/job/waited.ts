/** What a collective operation says of how long it waited in vain: NCCL's watchdog, torch's store and barrier, gloo. */
const WAITED =
  /\bran for (\d+) milliseconds before timing out|timed out after (\d+(?:\.\d+)?) ?(?:seconds|s)\b|timed out (?:waiting|after) (?:for )?(\d+) ?ms\b|wait timeout after (\d+) ?ms\b|barrier in (\d+) ?ms\b|\btimeout\(ms\)=(\d+)/i
const OF_SECONDS = 2

/** How long what is said in these lines had waited for others, in milliseconds; null where they do not say. */
export function waitedMsIn(lines: readonly string[]): number | null {
  for (const line of lines) {
    const found = WAITED.exec(line)
    if (found === null) continue
    const at = found.findIndex((digits, group) => group > 0 && digits !== undefined)
    return Number(found[at]) * (at === OF_SECONDS ? 1000 : 1)
  }
  return null
}
