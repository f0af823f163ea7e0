import type { Head } from '../reading/head.ts'
import type { Line } from '../reading/lines.ts'
import { withoutDocker } from './docker.ts'
import { withoutFields } from './logger-fields.ts'
import { afterField, type RankField, rankInField } from './rank-field.ts'
import { areTags, areTagsAtLast, type Tag, type TaggedLine, tagAt, taggedLine } from './tags.ts'
import { wrapperAt } from './wrappers.ts'

/** What the lines of a file have shown of what stands before them; plain JSON, saved with the cursor. */
export type WrappingState = {
  /** The forms of tags that name who wrote a line, and those that do not. */
  readonly tags: readonly string[]
  readonly noTags: readonly string[]
  /** The newest lines with a number or a name of one form, of which it is not known yet. */
  readonly seen: readonly TaggedLine[]
  /** The first lines of the file, as long as all have such a beginning, or only the first was read and is indented. */
  readonly held: readonly Line[]
  /** How many lines were read, up to `LINES_TO_LEARN`. */
  readonly lines: number
  /** The blanks that all lines so far begin with; null before the second. */
  readonly indent: string | null
  /** Whether a time stood before the last line that was no row of numbers. */
  readonly isTimed: boolean
  /** Whether what may be a cell of a row as well, such as a time in seconds, stood before words; not there before that. */
  readonly hasCell?: true
  /** What the fields of lines have shown of who writes them; not there before the first such field. */
  readonly rankField?: RankField
}

export const NO_WRAPPING: WrappingState = {
  tags: [],
  noTags: [],
  seen: [],
  held: [],
  lines: 0,
  indent: null,
  isTimed: true,
}

/** After so many lines no new form of tag is learned. */
const LINES_TO_LEARN = 200
const MOST_SEEN = 16
const MOST_WRAPPERS = 8
const MOST_HEAD_CHARS = 400

export interface Unwrapped {
  readonly state: WrappingState
  readonly lines: readonly Line[]
}

/**
 * Takes off what launchers, containers, loggers and terminals have put before a line, and keeps it as its head.
 *
 * A number at the beginning may be a step as well as a rank, and a name a word. The first lines of a file wait until it shows, sixteen at
 * most; those of a file that goes on with such numbers do not. Each character is looked at a few times at most.
 */
export function unwrap(before: WrappingState, written: Line): Unwrapped {
  const text = withoutFields(withoutDocker(written.text))
  const line = text === written.text ? written : { ...written, text }
  const isLearning = before.lines < LINES_TO_LEARN
  if (!isLearning && before.tags.length === 0) return taken(before, line)
  const held = [...before.held, line]
  const counted = isLearning ? { ...before, lines: before.lines + 1 } : before
  // A first line that stands further in may be the head of a table.
  if (held.length === 1 && before.indent === null && BLANK.test(line.text))
    return { state: { ...counted, held }, lines: [] }
  const state = before.indent === null ? { ...counted, indent: sharedIndent(held) } : counted
  const read = headOf(state, line.text)
  const { unsure } = read
  if (!isLearning || unsure === null) return released(read.state, held)
  const seen = [
    ...state.seen.filter(({ tag }) => tag.form === unsure.form),
    taggedLine(unsure, line.text.slice(unsure.end)),
  ]
  const next = { ...read.state, seen: seen.slice(-MOST_SEEN) }
  const isTag = areTags(seen, held.length === state.lines)
  if (isTag !== null) return released(learned(next, unsure.form, isTag), held)
  const isAtTop = held.length === state.lines && held.length < MOST_SEEN
  return isAtTop ? { state: { ...next, held }, lines: [] } : released(next, held)
}

/** Gives back the lines that still wait, once nothing more will tell what stands before them. */
export function flushed(state: WrappingState): Unwrapped {
  const { held, seen } = state
  if (held.length === 0) return { state, lines: [] }
  const form = seen.at(-1)?.tag.form
  const known = state.indent === null ? { ...state, indent: sharedIndent(held) } : state
  return released(form === undefined ? known : learned(known, form, areTagsAtLast(seen)), held)
}

function released(state: WrappingState, lines: readonly Line[]): Unwrapped {
  let next: WrappingState = { ...state, held: [] }
  const all: Line[] = []
  for (const line of lines) {
    const one = taken(next, line)
    next = one.state
    all.push(...one.lines)
  }
  return { state: next, lines: all }
}

/** A line without what stands before it, as far as that is known by now. */
function taken(before: WrappingState, line: Line): Unwrapped {
  const { head, end, state } = headOf(before, line.text)
  const isNamed = head.rank !== undefined || head.worker !== undefined
  const rank = isNamed || (state.rankField !== 'known' && state.lines >= LINES_TO_LEARN) ? null : rankInField(line.text)
  if (end === 0 && rank === null) return { state, lines: [line] }
  const next = rank === null ? state : withField(state, rank, line.text)
  const field = rank !== null && next.rankField === 'known' ? { rank } : {}
  if (end === 0 && field.rank === undefined) return { state: next, lines: [line] }
  const takenOff = line.text.slice(0, end)
  // Written out, for a copy of each line takes several times as long.
  const { offset, bytes } = line
  const whole = { ...head, ...field, text: takenOff }
  return {
    state: next,
    lines: [{ offset, text: withoutMarks(withoutPlace(line.text.slice(end), head), takenOff), bytes, head: whole }],
  }
}

function withField(state: WrappingState, rank: number, text: string): WrappingState {
  const rankField = afterField(state.rankField, rank, text)
  return rankField === undefined || rankField === state.rankField ? state : { ...state, rankField }
}

/** Where rich says behind a message that it comes from. */
const PLACE = / {2}[\w.-]{1,60}\.py:\d{1,6}$/

function withoutPlace(text: string, { hasLevel }: Omit<Head, 'text'>): string {
  const place = hasLevel === true ? PLACE.exec(text.slice(-80)) : null
  return place === null ? text : text.slice(0, -place[0].length).trimEnd()
}

/** Open MPI marks a line anew wherever the process wrote it in pieces. */
const MPI_MARK = /\[[\w,:.-]{1,80}\]<std(?:out|err)>:/

function withoutMarks(text: string, head: string): string {
  const mark = head.includes(']<std') ? MPI_MARK.exec(head)?.[0] : undefined
  return mark === undefined ? text : text.replaceAll(mark, '')
}

function learned(state: WrappingState, form: string, isTag: boolean): WrappingState {
  const { tags, noTags } = state
  const known = isTag ? { tags: [...tags, form] } : { noTags: [...noTags, form] }
  return { ...state, ...known, seen: [] }
}

/** What may stand before all lines of a file: blanks, and the mark of a comment. */
const BLANK = /^(?:[ \t]|# )/

/** What stands further in was put into the middle of its line by the job itself. */
const MOST_BLANKS = 8

const SHARED = /^[ \t]*(?:# )?/

/** The blanks that all of the lines begin with, and the mark of a comment. */
function sharedIndent(lines: readonly Line[]): string {
  const shared = ofAll(lines)
  return shared.length > MOST_BLANKS ? '' : shared
}

function ofAll(lines: readonly Line[]): string {
  return lines.reduce((indent, { text }) => sharedWith(text, indent), SHARED.exec(lines[0]!.text)![0])
}

function sharedWith(text: string, indent: string): string {
  let shared = indent
  while (!text.startsWith(shared)) shared = shared.slice(0, -1)
  return shared
}

interface HeadRead {
  readonly state: WrappingState
  readonly head: Omit<Head, 'text'>
  /** Where the line itself begins. */
  readonly end: number
  /** What may be a tag, or none. */
  readonly unsure: Tag | null
}

function headOf(state: WrappingState, text: string): HeadRead {
  const indent = state.indent === null ? '' : sharedWith(text, state.indent)
  let next = indent === (state.indent ?? '') ? state : { ...state, indent }
  let head: Omit<Head, 'text'> = {}
  let end = indent.length
  let isBehindHead = false
  let hasTag = false
  for (let count = 0; count < MOST_WRAPPERS && end < MOST_HEAD_CHARS; count++) {
    const wrapper = wrapperAt(text, end, isBehindHead)
    if (wrapper !== null) {
      if (wrapper.says.time !== undefined && !state.isTimed && isRow(text, wrapper.end)) break
      if (wrapper.mayBeCell && next.hasCell !== true) {
        if (isRow(text, wrapper.end) || NOT_FINITE.test(text.slice(wrapper.end, wrapper.end + 16))) break
        next = { ...next, hasCell: true }
      }
      // What stands further out was put there last, and knows more.
      const both =
        wrapper.isWithin && head.worker !== undefined ? { worker: `${head.worker}/${wrapper.says.worker}` } : {}
      head = { ...wrapper.says, ...(wrapper.isLevel && { hasLevel: true }), ...head, ...both }
      end = wrapper.end
      isBehindHead ||= wrapper.isHead
      continue
    }
    const isNamed = hasTag || head.rank !== undefined || head.worker !== undefined
    const at = isBehindHead ? bracketAt(text, end) : end
    const tag = isNamed ? null : tagAt(text, at, next.tags)
    if (tag === null || next.noTags.includes(tag.form)) break
    // Nothing but a tag stands before a time, a level, or the mark of a process.
    if (!next.tags.includes(tag.form) && saysWho(wrapperAt(text, tag.end, false))) next = learned(next, tag.form, true)
    if (!next.tags.includes(tag.form)) return { state: timed(next, text, end, head), head, end, unsure: tag }
    head = { ...head, worker: workerOf(tag) }
    end = tag.end
    hasTag = true
  }
  return { state: timed(next, text, end, head), head, end, unsure: null }
}

/** Where a bracket stands behind a few blanks, or else the place itself. */
function bracketAt(text: string, at: number): number {
  let next = at
  while (text[next] === ' ' && next - at < MOST_BLANKS) next++
  return text[next] === '[' || text[next] === '(' ? next : at
}

function saysWho(wrapper: ReturnType<typeof wrapperAt>): boolean {
  return wrapper !== null && (wrapper.isHead || wrapper.says.rank !== undefined || wrapper.says.worker !== undefined)
}

function workerOf({ name, number }: Tag): string {
  return number === null || number > MAX_RANK || name.includes('/') ? name : `rank${number}`
}

/** The highest number that is taken for a rank. */
const MAX_RANK = 1023
const NOT_FINITE = /^[ \t]{0,12}(?:nan|inf)\b/i
const ROW = /[ \t]{0,40}[-+.\d]/y

function isRow(text: string, at: number): boolean {
  ROW.lastIndex = at
  return ROW.test(text)
}

/** Keeps whether a time stood before a line that is no row of numbers: before a row it may be a column. */
function timed(state: WrappingState, text: string, end: number, { time }: Omit<Head, 'text'>): WrappingState {
  const isTimed = time !== undefined
  return isTimed === state.isTimed || isRow(text, end) ? state : { ...state, isTimed }
}
