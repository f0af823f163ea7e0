/** What is wrong with a pattern, in words for its author. */
export class PatternError extends Error {}

/** A set, a bound of repeats, an escape, the start of a group, or a character. */
const TOKEN = /\[\^?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\\u[\dA-Fa-f]{4}|\\.|\(\?P?<\w+>|\(\?<?[=!]?|./gsu
const MEMBER_OF_SET = /\\u[\dA-Fa-f]{4}|\\.|\[/gsu
const NAMED_GROUP = /^\(\?P?<(\w+)>$/
const LOOK_AROUND = /^\(\?<?[=!]$/
const REFERENCE_BACK = /^\\[1-9k]$/
/** Escapes that RE2 and JavaScript read differently, if they have them at all. */
const FOREIGN_ESCAPE = /^\\[^\W_bBdDsSwWtnrfvxu]$/

/** The spaces of JavaScript, which RE2 takes for ASCII only, as members of a set; and all other characters. */
const SPACES = String.raw`\s\v\x{feff}\p{Z}`
const NO_SPACES = String.raw`\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`

const RE2_SPELLINGS: Readonly<Record<string, string>> = {
  // Only the groups with a name are read, so that only they need be captured.
  '(': '(?:',
  '\\s': `[${SPACES}]`,
  '\\S': `[^${SPACES}]`,
  '[]': String.raw`[^\x00-\x{10ffff}]`,
  '[^]': String.raw`[\x00-\x{10ffff}]`,
}
const RE2_SPELLINGS_IN_SET: Readonly<Record<string, string>> = {
  // Otherwise RE2 takes "[:" for the start of a class such as [:alpha:].
  '[': '\\[',
  '\\b': '\\x08',
  '\\s': SPACES,
  '\\S': NO_SPACES,
}

/** The parts that a pattern is written in. Joined they are the pattern. */
export function patternTokens(pattern: string): readonly string[] {
  return pattern.match(TOKEN) ?? []
}

/** The name of the group that the token begins, or null where it begins none. */
export function nameOfGroup(token: string): string | null {
  return NAMED_GROUP.exec(token)?.[1] ?? null
}

/** How RE2 spells what the token means in JavaScript. Throws a PatternError where it has no such thing. */
export function re2Spelling(token: string): string {
  if (token === '[') throw new PatternError('a "[" is not closed')
  if (LOOK_AROUND.test(token))
    throw new PatternError('look-around is not supported: match what is around a group outside of it')
  // RE2 refuses two groups of one name, so that none gets a name here: their order says which is which.
  if (NAMED_GROUP.test(token)) return '('
  const spelling = RE2_SPELLINGS[token]
  if (spelling !== undefined) return spelling
  // RE2 takes a bound with a zero in front for plain text.
  if (token.startsWith('{')) return token.replace(/\b0+(?=\d)/g, '')
  if (!token.startsWith('[')) return escaped(token)
  return `[${token.slice(1).replace(MEMBER_OF_SET, (member) => RE2_SPELLINGS_IN_SET[member] ?? escaped(member))}`
}

function escaped(token: string): string {
  if (REFERENCE_BACK.test(token)) throw new PatternError(`"${token}" refers back, which is not supported`)
  if (FOREIGN_ESCAPE.test(token)) throw new PatternError(`"${token}" is not supported`)
  if (!token.startsWith('\\u') || token.length === 2) return token
  const code = Number.parseInt(token.slice(2), 16)
  // Characters of ASCII may have a meaning of their own; two halves of a character must stand side by side.
  return code < 0x80 ? `\\x{${token.slice(2)}}` : String.fromCharCode(code)
}
