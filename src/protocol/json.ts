/**
 * Writes a message as JSON text and refuses what JSON would falsify.
 *
 * `JSON.stringify` turns NaN and ±Infinity into null without a word, so a bare
 * non-finite number here is a bug of ours: it must travel as a `NonFinite`.
 * Nothing else in the program calls `JSON.stringify` on a message.
 */
export function encodeJson(message: unknown): string {
  return JSON.stringify(message, refuseNonFinite)
}

/** Reads JSON text that `encodeJson` wrote. Throws a SyntaxError on anything else. */
export function decodeJson<T>(text: string): T {
  return JSON.parse(text) as T
}

function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${key || 'message'}: ${value} cannot be written as JSON; use metricValue()`)
  }
  return value
}
