/** What the job's log records are made of. */
export type PythonValue = number | Float32Array | readonly PythonValue[] | { readonly [key: string]: PythonValue }

/**
 * JSON as Python's `json.dumps` writes it, with a bare NaN, Infinity or -Infinity where JSON has no word.
 *
 * A float32 is written as the shortest decimal of the equal double, so it reads back exactly.
 */
export function pythonJson(value: PythonValue): string {
  if (typeof value === 'number') return String(value)
  if (value instanceof Float32Array) return `[${Array.from(value, String).join(', ')}]`
  if (isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`)
  return `{${members.join(', ')}}`
}

// Array.isArray alone does not narrow a readonly array.
function isArray(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value)
}
