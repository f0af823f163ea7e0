/**
 * Whether a file's name is like one of the patterns, in which `*` stands for any characters.
 *
 * Patterns are in lower case, and match names in any.
 */
export function isNamed(name: string, patterns: readonly string[]): boolean {
  const lower = name.toLowerCase()
  return patterns.some((pattern) => isLike(lower, pattern))
}

function isLike(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === pattern
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at + last.length <= name.length && name.endsWith(last)
}
