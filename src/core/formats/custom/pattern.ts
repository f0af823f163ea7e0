import { RE2JS, RE2JSSyntaxException } from 're2js'
import { nameOfGroup, PatternError, patternTokens, re2Spelling } from './pattern-spelling.ts'

const MAX_PATTERN_CHARS = 1000
/** Bounds the work per character: a pattern may be at all of its steps at once. */
const MAX_STEPS = 4000

/** What RE2 says of a pattern, in the words of this program. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'missing closing )': 'a "(" is not closed',
  'unexpected )': 'a ")" without its "("',
  'missing argument to repetition operator': 'nothing before a quantifier that could be repeated',
  'invalid nested repetition operator': 'a quantifier after a quantifier',
  'invalid repeat count': 'more than 1000 repeats (those within others multiply), or their numbers out of order',
  'invalid character class range': 'a range out of order',
  'invalid escape sequence': 'an escape that is not known, or not complete',
  'trailing backslash at end of expression': 'a backslash before nothing',
  'invalid named capture': 'a name of a group is letters, digits and "_", between "<" and ">"',
  'invalid or unsupported Perl syntax': 'a "(?" that begins no kind of group',
}

/**
 * A regular expression that takes time linear in the text, whatever the pattern.
 *
 * The engine is RE2. The syntax is that of JavaScript, without what cannot be
 * matched in linear time: references back and look-around.
 */
export class Pattern {
  /** The names of the groups, in the order of their first appearance. */
  readonly names: readonly string[]
  readonly #engine: RE2JS
  /** The name of each group. Several may have the same. */
  readonly #groups: readonly string[]

  /** Throws a PatternError that says what is wrong with `source`, and where. */
  constructor(source: string) {
    if (source.length > MAX_PATTERN_CHARS) throw new PatternError(`longer than ${MAX_PATTERN_CHARS} characters`)
    const tokens = patternTokens(source)
    const compiled = compile(tokens)
    if (typeof compiled === 'string') throw new PatternError(`character ${placeOf(compiled, tokens)}: ${compiled}`)
    if (compiled.programSize() > MAX_STEPS) throw new PatternError('too large: repeat fewer times')
    this.#engine = compiled
    this.#groups = tokens.map(nameOfGroup).filter((name) => name !== null)
    this.names = [...new Set(this.#groups)]
  }

  /** Whether there is a match in `text`. Costs a fraction of what `match` does. */
  isIn(text: string): boolean {
    return this.#engine.test(text)
  }

  /** The text of each group that took part in the leftmost match in `text`, or null where there is none. */
  match(text: string): ReadonlyMap<string, string> | null {
    const found = this.#engine.exec(text)
    if (found === null) return null
    const groups = new Map<string, string>()
    for (const [index, name] of this.#groups.entries()) {
      const group = found[index + 1]
      if (group !== undefined) groups.set(name, group)
    }
    return groups
  }
}

/** The engine for a pattern, or what is wrong with the pattern. */
function compile(tokens: readonly string[]): RE2JS | string {
  try {
    return RE2JS.compile(tokens.map(re2Spelling).join(''))
  } catch (error) {
    if (error instanceof PatternError) return error.message
    if (error instanceof RE2JSSyntaxException) return PROBLEMS[error.error] ?? error.error
    throw error
  }
}

/** Where the token stands from which on the pattern has the problem: the first character is 1. */
function placeOf(problem: string, tokens: readonly string[]): number {
  let good = tokens.length - 1
  while (good > 0 && compile(tokens.slice(0, good)) === problem) good--
  return tokens.slice(0, good).join('').length + 1
}
