/**
 * Writes a message as JSON text and refuses what JSON would falsify.
 *
 * `JSON.stringify` turns NaN and ±Infinity into null without a word, so a bare
 * non-finite number here is a bug of ours: it must travel as a `NonFinite`.
 * Nothing else in the program calls `JSON.stringify` on a message.
 */
export function encodeJson(message: unknown, indent = 0): string {
  refuseNonFinite('message', message)
  return JSON.stringify(message, null, indent)
}

/** Reads JSON text that `encodeJson` wrote. Throws a SyntaxError on anything else. */
export function decodeJson<T>(text: string): T {
  return JSON.parse(text) as T
}

/** A walk of its own, for with a function for each value `JSON.stringify` takes several times as long. */
function refuseNonFinite(name: string, value: unknown): void {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return
    throw new TypeError(`${name}: ${value} cannot be written as JSON; use metricValue()`)
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) for (const item of value) refuseNonFinite(name, item)
  else for (const key in value) refuseNonFinite(key, (value as Record<string, unknown>)[key])
}
