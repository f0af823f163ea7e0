import { parseArgs } from 'node:util'

/** What a command states of an option or of a positional argument, as far as a plain line goes. */
interface ArgumentSpec {
  readonly type?: unknown
  readonly choices?: unknown
  readonly default?: string | number | boolean
  readonly array?: unknown
  readonly nargs?: unknown
}

interface StatedArguments {
  readonly options: ReadonlyMap<string, ArgumentSpec>
  readonly positionals: ReadonlyMap<string, ArgumentSpec>
}

/** A command as it is given to yargs. */
interface StatedCommand {
  readonly command?: unknown
  readonly builder?: unknown
}

export type PlainArguments = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/**
 * The arguments of a command line in which nothing needs more than a look at the statement of its command; null for any
 * other line, which yargs reads, explains or refuses. To load yargs takes several times as long as most commands.
 *
 * What is read here is what yargs reads: a test compares the two. In doubt it is left to yargs.
 */
export function plainArguments(words: readonly string[], command: StatedCommand): PlainArguments | null {
  const [, ...places] = String(command.command).split(' ')
  const stated = statedOf(command.builder)
  if (stated === null || words.some(isSpecial)) return null
  const found = parsed(words, stated.options)
  if (found === null) return null
  const positionals = placed(found.positionals, places, stated.positionals)
  if (positionals === null) return null
  const read: Record<string, string | number | boolean | readonly string[] | undefined> = { ...positionals }
  for (const [name, spec] of stated.options) {
    const value = found.values[name]
    const known = value === undefined ? spec.default : valueOf(value, spec)
    if (known === null) return null
    if (known !== undefined) read[name] = known
  }
  return read
}

/** The command that a line names, or undefined. */
export function commandNamed<Of extends StatedCommand>(
  name: string | undefined,
  commands: readonly Of[],
): Of | undefined {
  return commands.find(({ command }) => String(command).split(' ', 1)[0] === name)
}

/** Words that yargs reads in a way of its own: dashes alone, nothing at all, the values of a switch, and quotes. */
function isSpecial(word: string): boolean {
  return ['', '-', '--', 'true', 'false'].includes(word) || /["']|=$/.test(word)
}

/** What a builder states, by its calls of the three methods that the commands use; null where it calls another one. */
function statedOf(builder: unknown): StatedArguments | null {
  const options = new Map<string, ArgumentSpec>()
  const positionals = new Map<string, ArgumentSpec>()
  const recorder = {
    options(specs: Readonly<Record<string, ArgumentSpec>>) {
      for (const [name, spec] of Object.entries(specs)) options.set(name, spec)
      return recorder
    },
    positional(name: string, spec: ArgumentSpec) {
      positionals.set(name, spec)
      return recorder
    },
    example: () => recorder,
  }
  try {
    if (typeof builder === 'function') builder(recorder)
    return { options, positionals }
  } catch {
    return null
  }
}

function parsed(args: readonly string[], stated: StatedArguments['options']) {
  const options: Record<string, { type: 'boolean' | 'string'; multiple: true }> = {}
  for (const [name, { type, array }] of stated) {
    if (array === true) continue
    options[name] = { type: type === 'boolean' ? 'boolean' : 'string', multiple: true }
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch {
    return null
  }
}

/** The value of an option that was given once; null where yargs is to read it. */
function valueOf(given: unknown, { type, choices }: ArgumentSpec): string | number | boolean | null {
  const [value, ...more] = given as readonly (string | boolean)[]
  if (value === undefined || more.length > 0) return null
  if (Array.isArray(choices) && !choices.includes(value)) return null
  if (type !== 'number') return value
  return /^\d{1,9}$/.test(String(value)) ? Number(value) : null
}

/** The words that are no options, by the names of their places: `<run>`, `[topic]`, `<paths..>`. Null where they do not fit. */
function placed(
  words: readonly string[],
  places: readonly string[],
  specs: StatedArguments['positionals'],
): Record<string, string | readonly string[]> | null {
  const values: Record<string, string | readonly string[]> = {}
  let at = 0
  for (const place of places) {
    const name = place.replace(/[<>[\].]/g, '')
    const isRest = place.includes('..')
    const { type, choices } = specs.get(name) ?? {}
    const taken = isRest ? words.slice(at) : words.slice(at, at + 1)
    if (type !== 'string' || (taken.length === 0 && (isRest || place.startsWith('<')))) return null
    if (Array.isArray(choices) && !taken.every((word) => choices.includes(word))) return null
    at += taken.length
    if (isRest) values[name] = taken
    else if (taken[0] !== undefined) values[name] = taken[0]
  }
  return at === words.length ? values : null
}
