import { type LineParts, partsOf, shapeOf } from '../../literals/line-parts.ts'
import { parseNumber } from '../../literals/number.ts'
import { fieldOf, isLossLike, isLossRole, roleOf } from '../../records/fields.ts'
import type { CustomLines } from './custom-format.ts'
import { customLines } from './custom-lines.ts'

/** A line of a file, without what others have put before it, and whether a format reads it already. */
export interface SeenLine {
  readonly text: string
  readonly isRead: boolean
}

/** A description of lines that recur in a file, to be edited and put into the configuration. */
export interface Proposal {
  readonly format: CustomLines
  /** A line that it describes. */
  readonly example: string
  /** How many of the lines it reads. */
  readonly read: number
  /** The metric that is taken for the loss, where no name says which is. */
  readonly guessedLoss: string | null
}

/** One place of a number in lines of one shape. */
interface NumberPlace {
  readonly values: readonly string[]
  /** What stands before it. */
  readonly before: readonly string[]
  /** The name of its group; null for a number that says nothing. */
  readonly name: string | null
}

const LEAST_LINES = 2
const MAX_LINE_CHARS = 1024
const MOST_SLOTS = 40
/** Lines that nothing reads are what a description is asked for. */
const UNREAD_WEIGHT = 4

/** Proposes a description of the lines of one shape that say most; null where none recurs with a number that may be a loss. */
export function proposeFormat(lines: readonly SeenLine[], name: string): Proposal | null {
  const shapes = new Map<string, { count: number; texts: string[]; header: string }>()
  let header = ''
  for (const { text, isRead } of lines) {
    if (text.length <= MAX_LINE_CHARS) {
      const shape = shapeOf(text)
      const known = shapes.get(shape) ?? { count: 0, texts: [], header }
      known.count += isRead ? 1 : UNREAD_WEIGHT
      known.texts.push(text)
      shapes.set(shape, known)
    }
    header = text
  }
  const best = [...shapes.values()]
    .filter(({ texts }) => texts.length >= LEAST_LINES)
    .map(({ count, texts, header }) => ({ texts, slots: slotsOf(texts, header), count }))
    .map((group) => ({ ...group, score: group.count * group.slots.filter(saysMuch).length }))
    .reduce<{ texts: readonly string[]; slots: readonly NumberPlace[]; score: number } | null>(
      (most, group) => (group.score > (most?.score ?? 0) ? group : most),
      null,
    )
  return best === null ? null : proposalOf(best.slots, best.texts, lines, name)
}

/** The longest description of the slots that can be built. */
function proposalOf(
  slots: readonly NumberPlace[],
  texts: readonly string[],
  lines: readonly SeenLine[],
  name: string,
): Proposal | null {
  const behind = withNamesWhole(texts.map(partsOf)).map((parts) => parts.texts.at(-1)!)
  for (let count = slots.length; count > 0; count--) {
    const taken = slots.slice(0, count)
    const rest = count === slots.length ? behind : slots[count]!.before
    const guessedLoss = guessLoss(taken)
    const roles = guessedLoss === null ? {} : { roles: { [guessedLoss]: 'train_loss' } as const }
    const format: CustomLines = { name, regex: patternOf(taken, rest), ...roles }
    const built = customLines(format)
    if (!built.ok) continue
    const read = lines.filter(
      ({ text }) => built.format.parse({ offset: 0, text, bytes: text.length }, null).result.kind === 'records',
    ).length
    return { format, example: texts[0]!, read, guessedLoss }
  }
  return null
}

function slotsOf(texts: readonly string[], header: string): readonly NumberPlace[] {
  const parts = withNamesWhole(texts.map(partsOf))
  const count = Math.min(parts[0]!.numbers.length, MOST_SLOTS)
  const before = Array.from({ length: count + 1 }, (_, at) => parts.map((one) => one.texts[at] ?? ''))
  const values = Array.from({ length: count }, (_, at) => parts.map((one) => one.numbers[at]!))
  const heads = headsOf(header, count)
  const listed = listedNames(before)
  const names = values.map((own, at) => {
    const isPiece = PIECE.test(before[at]![0]!) || PIECE_AHEAD.test(before[at + 1]![0]!)
    if (isPiece || (!isVarying(own) && /^\d+$/.test(own[0]!))) return null
    return (
      listed[at] ?? nameIn(at === 0 ? before[0]![0]! : withoutUnit(before[at]![0]!)) ?? heads[at] ?? `value_${at + 1}`
    )
  })
  const hasCounter = names.some((name) => name !== null && ['step', 'epoch'].includes(fieldOf(name).kind))
  const counters = values.flatMap((own, at) => (names[at] !== null && isCounter(own) ? [at] : []))
  const ofSoMany = counters.find((at) => TOTAL.test(before[at + 1]![0]!))
  const counter = hasCounter ? undefined : (ofSoMany ?? counters[0])
  const taken = new Set<string>()
  return values.map((own, at) => {
    const name = at === counter ? 'step' : names[at]!
    if (name === null) return { values: own, before: before[at]!, name }
    let unique = name
    for (let copy = 2; taken.has(unique); copy++) unique = `${name}_${copy}`
    taken.add(unique)
    return { values: own, before: before[at]!, name: unique }
  })
}

/** The parts of lines of one shape, without those numbers that are the end of a name and always the same: `L1`, `fc2`. */
function withNamesWhole(parts: readonly LineParts[]): readonly LineParts[] {
  const isOfName = parts[0]!.numbers.map(
    (number, at) => parts.every((one) => one.numbers[at] === number) && /[A-Za-z_]$/.test(parts[0]!.texts[at]!),
  )
  if (!isOfName.includes(true)) return parts
  return parts.map(({ texts, numbers }) => {
    const joined = [texts[0]!]
    for (const [at, number] of numbers.entries()) {
      if (isOfName[at]) joined.push(`${joined.pop()}${number}${texts[at + 1]}`)
      else joined.push(texts[at + 1]!)
    }
    return { texts: joined, numbers: numbers.filter((_, at) => !isOfName[at]) }
  })
}

/** What parts the pieces of one thing: the total of `5/30`, a time, a date, a version. */
const PIECE = /^(?:[/:.x×-]| ?(?:\/|of|out of) ?)$/
const TOTAL = /^ ?(?:\/|of|out of) ?$/
const PIECE_AHEAD = /^[:.x×-]$|^%\|/

/** What stands between two numbers without the unit that is glued to the first. */
function withoutUnit(between: string): string {
  return between.replace(/^[^\s,;|=:()[\]{}<>]+/, '')
}

/** The words before a number that name it, as the name of a group; null where there are none. */
function nameIn(before: string): string | null {
  const words = before
    .replace(/[\s=:：<>()[\]{}"'|,;~≈#]+$/, '')
    .split(/[,;|\t(){}<>[\]"'=:：]|\s{2,}|\s[-–]\s|\.\s(?=\p{Lu})/u)
    .at(-1)!
  return groupName(words)
}

const LIST_OF_NAMES = /([A-Za-z_][\w ./-]*(?:, ?[A-Za-z_][\w ./-]*)+)[)\]]?\s*(?:[=:]|->)\s*[([]?$/

function groupName(words: string): string | null {
  const name = words.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^[_\d]+|_+$/g, '')
  return name === '' ? null : name.slice(-40).replace(/^[_\d]+/, '')
}

/** Of each number the name in a list of them before it: `(loss, acc) = (0.5, 0.9)`. `before` are the texts before the numbers. */
function listedNames(before: readonly (readonly string[])[]): readonly (string | null | undefined)[] {
  const found: (string | null)[] = []
  for (const [at, [text = '']] of before.entries()) {
    const names = LIST_OF_NAMES.exec(text)?.[1]?.split(',') ?? []
    const ahead = before.slice(at + 1, at + names.length)
    if (ahead.length < names.length - 1 || !ahead.every(([between = '']) => /^\s*,\s*$/.test(between))) continue
    for (const [offset, name] of names.entries()) found[at + offset] = groupName(name)
  }
  return found
}

/** The names in a line of words above a row of as many numbers. */
function headsOf(header: string, count: number): readonly (string | null)[] {
  const trimmed = header.trim().replace(/^\||\|$/g, '')
  const wide = trimmed.split(/\s*[,;|\t]\s*|\s{2,}/)
  const cells = wide.length === count ? wide : trimmed.split(/\s+/)
  return cells.length === count && !/\d(?:\.\d)/.test(header) ? cells.map(groupName) : []
}

function isVarying(values: readonly string[]): boolean {
  return values.some((value) => value !== values[0])
}

function isNonFinite(text: string): boolean {
  return text === '∞' || typeof parseNumber(text)?.value === 'string'
}

function isCounter(values: readonly string[]): boolean {
  const isRising = values.every((value, at) => at === 0 || Number(value) >= Number(values[at - 1]))
  return isVarying(values) && isRising && values.every((value) => /^\d{1,15}$/.test(value))
}

/** Names of what is no loss, whatever its values are. */
const NO_LOSS = /time|fps|std|secs?$|seconds|latency|speed|samples|sequences|memory|eta|_s$|per_|^over|acc|^lr|rate/i

/** Whether a number is one that somebody would watch, and no counter. */
function saysMuch({ name, values }: NumberPlace): boolean {
  return (
    name !== null &&
    !NO_LOSS.test(name) &&
    fieldOf(name).kind === 'metric' &&
    values.some((value) => !/^[-+]?\d+$/.test(value))
  )
}

/** The metric that is most likely the loss, where no name says which is; null where one does. */
function guessLoss(slots: readonly NumberPlace[]): string | null {
  const metrics = slots.filter(({ name }) => name !== null && fieldOf(name).kind === 'metric')
  const names = metrics.map(({ name }) => name!)
  if (names.some((name) => isLossRole(roleOf(name) ?? 'other'))) return null
  const unknown = metrics.filter(({ name }) => roleOf(name!) === 'other')
  const failed = unknown.find(({ values }) => values.some(isNonFinite))
  return names.find(isLossLike) ?? (failed ?? unknown.find(saysMuch))?.name ?? null
}

function patternOf(slots: readonly NumberPlace[], rest: readonly string[]): string {
  const pieces = slots.map(({ before, name }, at) => {
    const next = slots[at + 1]?.before[0] ?? rest[0] ?? ''
    // Behind a number a unit may follow at once.
    const number = /^[\w.]/.test(next) ? '(?:[-+.\\d]+|nan|inf)' : '[-+.\\w]+'
    return `${textPattern(before)}${name === null ? number : `(?<${name}>${number})`}`
  })
  const end = /^[^\s\u2500-\u259f]*/.exec(rest[0] ?? '')![0]
  return `^\\s*${pieces.join('').replace(/^(?:\\s\+)+/, '')}${escaped(end)}`
}

/** What matches each of these texts: they differ in blanks, and in bars of progress. */
function textPattern(texts: readonly string[]): string {
  const blanksAside = [...new Set(texts.map((text) => text.replace(/\s+/g, ' ')))]
  const [first, ...others] = blanksAside as [string, ...string[]]
  if (others.length === 0) return spaced(first)
  let [head, tail] = [0, 0]
  while (others.every((text) => head < text.length && text[head] === first[head]) && head < first.length) head++
  const most = Math.min(...blanksAside.map(({ length }) => length)) - head
  while (tail < most && others.every((text) => text.at(-1 - tail) === first.at(-1 - tail))) tail++
  return `${spaced(first.slice(0, head))}.*?${spaced(first.slice(first.length - tail))}`
}

/** What a bar of progress is drawn with. */
const BAR = /[\u2500-\u259f]+ */g

function spaced(text: string): string {
  return escaped(text).replace(BAR, '.*?').replaceAll(' ', '\\s+')
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('\\/', '/')
}
