import { isFinite } from '../../protocol/value.ts'
import { splitTime } from '../literals/timestamp.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { isLossLike, isLossRole, isScore, mayBeUnset, roleOf } from '../records/fields.ts'
import { type Claim, type Format, type ParseResult, recordsOf, SKIP } from '../records/format.ts'
import { type HeadCount, headCountAfter, takeHeadCount } from '../records/head-count.ts'
import { type Below, headingOf, mayHeadEpoch, NO_HEADING } from '../records/headings.ts'
import { type Pair, pairsOf } from '../records/name-value-pairs.ts'
import { isTextOrSettings, quotesValues } from '../records/quoted-values.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** What the lines above say of those below. */
type KeyValueState = Below & {
  /** The counters of the last record that had any. */
  readonly above: Counters | null
  /** How many lines without a record stand below that; many, where one of them is a heading. */
  readonly linesBelow: number
  /** Whether those counters had a line of their own: the parts below, `train:` and `valid:`, are of them as well. */
  readonly isApart?: boolean
  /** The last count that had come to its total, or -1 once a count has moved. */
  readonly count: number | null
  /** What the numbers at the heads of the records above have come to, where no other counter was read. */
  readonly headCount?: HeadCount
  /** The last step that was written with a second number, `batch 2/300`; not there before one. */
  readonly twoCounts?: TwoCounts
  /** Names of records above that had a finite number, each with its place in the line: there a bare `nan` is a value. */
  readonly places: readonly string[]
}

type Counters = {
  readonly step: number | null
  readonly epoch: number | null
  /** Whether the step is one of episodes; not there otherwise. */
  readonly isOfEpisodes?: true
}

/**
 * Which of a count and the number behind its slash is the step, or the newest two: how often in a row the second grew while
 * the first stood still, and the first moved while the second did.
 */
type TwoCounts =
  | 'first'
  | 'second'
  | { readonly first: number; readonly second: number; readonly rises: number; readonly moves: number }

/** Lines for people to read, with names and numbers: `step 12 | loss 0.5`, `step=12, loss=0.5`. */
export const keyValue: Format<KeyValueState> = {
  name: 'key-value',
  about:
    'Lines of text with names and numbers, joined by "=", ":" or a space: the print and logging calls of most loops.',
  example: '2026-01-01 10:00:00 INFO step 12 | loss: 0.5 | grad norm: 0.75',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (line.length > TEXT_LINE_BYTES) return 'no'
    const builder = readPairs(line)
    if (!builder.hasLoss) {
      if (ROUND.test(line) && builder.scalars.length > 0) return 'hint'
      return previous !== null && builder.isLike(readPairs(previous)) ? 'hint' : 'no'
    }
    return builder.step !== null || builder.epoch !== null ? 'sure' : 'hint'
  },

  start: () => START,

  parse(line, before) {
    // That of an older version has less.
    const state = before.places === undefined ? { ...START, ...before } : before
    const read = readBelow(line.text, state)
    const { builder, phase, isSaved, places } = read
    const twoCounts = countsAfter(state.twoCounts, read.counted)
    const isFull = takeSecond(builder, twoCounts, read.counted) ? false : read.isFull
    const isCounted = countersOf(builder) !== null
    if (!isCounted && quotesNaN(builder, line.text, state))
      return { result: SKIP, state: belowUnread(line.text, state) }
    const headCount =
      !isCounted && state.above === null ? headCountAfter(state.headCount, builder, line.text) : undefined
    if (headCount?.isSure === true) takeHeadCount(builder, headCount)
    if (isSaved) dropCounters(builder, state)
    else if (builder.isAboutTraining) builder.epoch ??= state.epoch
    if (!isCounted && headCount?.isSure !== true && builder.isAboutTraining) takeAbove(builder, state)
    const count = isCounted && !isSaved ? countAfter(state, builder, isFull) : state.count
    if (isFull && count !== -1 && isStillCount(builder, state)) builder.step = null
    const own = isCounted && !isSaved ? countersOf(builder) : null
    const result = resultOf(builder, line.offset)
    if (result.kind === 'records') {
      const above = own !== null && !(state.stays && phase !== '') ? own : state.above
      const isInPart = !state.stays && INDENT.test(line.text)
      const stays = phase !== '' && (isInPart || (state.stays && (own !== null || builder.loss === null)))
      return {
        result,
        state: {
          epoch: state.epoch,
          phase: stays ? phase : '',
          stays: stays && state.stays,
          above,
          linesBelow: 0,
          ...(state.isApart === true && above === state.above && { isApart: true }),
          count,
          places: addPlaces(state.places, places),
          ...(twoCounts !== undefined && { twoCounts }),
          ...((headCount ?? state.headCount) !== undefined && { headCount: headCount ?? state.headCount! }),
        },
      }
    }
    const heading = builder.scalars.length === 0 ? headingOf(line.text, state) : null
    if (heading === null && !isStepOnly(builder, line.text)) return { result, state: belowUnread(line.text, state) }
    const counters = heading === null || heading.stays ? own : null
    const ofPart = state.isApart === true && heading?.epoch === state.epoch && PART.test(line.text)
    const below = ofPart ? {} : { linesBelow: MOST_LINES_BELOW, isApart: false }
    const ofCounters = counters === null ? below : { above: counters, linesBelow: 0, isApart: true }
    return { result, state: { ...state, ...heading, ...ofCounters } }
  },
}

const START: KeyValueState = { ...NO_HEADING, above: null, linesBelow: 0, count: null, places: [] }

/** `[10]` of a boosting round, `[1,  2000]` or `[1][2000]` of an epoch and a batch, at the head of a line. */
const HEAD_COUNTERS = /^[\s|]*\[ {0,12}(\d{1,9})(?:(?:,|\] ?\[) {0,12}(\d{1,9}))?\]/
/** An epoch and a batch of so many: `[3/25][0/1583]`, `E 3/25 I 0/1583`, `Train: 3/25 (12%) [0/1583`. */
const HEAD_TOTALS =
  /^[\s|]{0,12}(?:(?:E|Ep|Train|Training)[: ]{0,2})?\[? {0,4}(\d{1,9})\/\d{1,9}(?: ?\([\d.]{1,5}%\))?\]?[\s|,:-]{0,4}(?:[BI]t?[: ]{0,2})?\[? {0,8}(\d{1,9})\/\d{1,9}(?![\d/])/
/** An epoch and a batch of so many in brackets, behind words at most: `[3][40/200]`, `net1| train: [3][40/200]`, `(3/9, 40/200)`. */
const IN_BRACKETS =
  /^(?:[^[\](){}=]{0,48}(?:\[\p{L}{2,12}\] ?)?\[|\s{0,12}\() {0,8}E?(\d{1,9})(?:\/ {0,8}\d{1,9})?(?:[\])]:? ?[[(]| ?[,|:]| ) {0,8}[BI]?(\d{1,9})\/ {0,8}\d{1,9}[\])]/u
/** `(3,  40)` of an epoch and a batch, at the head of a line with a loss: elsewhere it is a shape. */
const HEAD_PAIR = /^ {0,12}\( {0,12}(\d{1,9}), {0,12}(\d{1,9})\)/
/** How LightGBM and XGBoost begin the line of a round of boosting. */
const ROUND = /^\[\d{1,9}\]\t/
/** `12 loss=0.5`. */
const COUNTED = /^ {0,12}#?(\d{1,9})[:,|]? {1,12}(?=train|val|test|loss|avg|mean|cost)/i
/** The same before any name, and with the epoch before it: `12, G=0.5`, `3 12 Loss=0.5`. */
const COUNTED_LOSS = /^ {0,12}(\d{1,9})(?:[:,|]? {1,12}(\d{1,9}))?[:,|]? {1,12}(?=[\p{L}_][^\d=:]{0,40}[=:])/u
/** The first cell of a row: `12 | loss: 0.5`. */
const FIRST_CELL = /^[\s|]{0,12}#?(\d{1,9}) {0,12}\| /
/** `After 2,000 sequences`. */
const AFTER =
  /\bafter (?:processing )?(\d{1,3}(?:,\d{3}){1,4}|\d{1,12}) (epoch|step|iter|update|batch|minibatch|sequence|sample|example|utterance|sentence|frame|token|word|image)(?:s|es|ations?)?\b/i
/** `12) ` at the head of a message, or behind the `file.py:265] ` of absl, where it may also be `[12] `. */
const NUMBERED = /(?:^|\] )(\d{1,9})\) |\] \[(\d{1,9})\] /
/**
 * What an error says of itself, which would make a record of the last words of a job; and what tells processes, runs and
 * places of source code apart, and measures nothing.
 */
const NO_METRIC =
  /\b(?:errno|(?:exit|error)[ _]?code|exit status|pid)$|^(?:timeout|seqnum|ppid|tid|session|v_num|(?:random[ _])?seed|(?:\S{1,64} )?line|lineno|port|worker|device|node|world[ _]size)$/i
const RANK = /^(?:(?:local|global)[ _])?rank$/i
/** How a line begins that tells of a file, with the values of an epoch that has been told. */
const SAVED = /^[^\p{L}]{0,20}(?:saved|saving|new best|improved)\b/iu
/** How a line begins that ends a phase of validation. */
const TRAINS = /^[^\p{L}]{0,20}(?:(?:start|starting|resume|resuming|back to) )?train(?:ing)?\b/iu
const BAR = /\d%\|/
/** One name and one count, and nothing else. */
const COUNTER_ALONE =
  /^[^\p{L}\d]{0,12}\p{L}[\p{L}_ ]{0,23}[^\p{L}\d]{0,8}\d{1,12}(?: ?\/ ?\d{1,12})?[^\p{L}\d]{0,12}$/u
/** A part of a record, by its own line: `train:`. */
const PART = /^[A-Za-z]{1,16}:\s*$/
const INDENT = /^(?: {2}|\t)/
/** So many lines below a record say nothing of it any more. */
const MOST_LINES_BELOW = 4
/** Names before all values: `(loss, acc) = (0.5, 0.9)`. */
const ZIPPED_MARK = /[)\]] ?[=:] ?[([]/
const ZIPPED =
  /[([]([\p{L}_][\w ./-]{0,40}(?:, ?[\p{L}_][\w ./-]{0,40}){1,7})[)\]] ?[=:] ?[([]([^()[\]=:]{3,200})[)\]]/gu
/** A value of training and one of held-out data: `loss (train/val): 0.5/0.6`. */
const BOTH_PHASES =
  /(?:(\p{L}[\p{L}_]{1,24}) )?[([]?(trn|train|training)\/(val|valid|validation|test|dev|eval)[)\]]?(?: (\p{L}[\p{L}_]{1,24}))? ?[:=]? ?([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf)) ?\/ ?([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf))/iu
/** A value in a sentence, behind what it is of and where it was: `Average objective function for 'output' at iteration 7 is -0.5`. */
const STATED =
  /((?:\b\p{L}{2,12} ){0,3}(?:objective|loss|cost|perplexity|accuracy|likelihood)(?: function| value)?)(?: (?:for|of|on) ['"]([\w./-]{1,40})['"])?(?: (?:at|in|after|for) (iteration|iter|step|epoch|(?:mini)?batch(?:es)?) (?:\d{1,9}-)?(\d{1,9}))? is (?=[-+]?(?:\d|nan\b|inf\b))/iu
/** The setting by which gradients are clipped: `gradient clipping: norm inf` clips none. */
const CLIPPING = /\bclip(?:ping)?\b/i
const MAX_HEAD_CHARS = 160
const MAX_PLACES = 64

/** What a line of names and numbers comes to, where it is about training at all. */
export function resultOf(builder: RecordBuilder, offset: number): ParseResult {
  const record = builder.isAboutTraining ? builder.record(offset) : null
  return recordsOf(record === null ? [] : [record], builder.unread)
}

/** Whether a line may be a heading that says something of the lines below it: an epoch, a step, or what is done there. */
export function tellsOfBelow(text: string): boolean {
  return (
    mayHeadEpoch(text) || headingOf(text) !== null || (COUNTER_ALONE.test(text) && isStepOnly(readPairs(text), text))
  )
}

/** All that a line of names and numbers says by itself. */
export function readPairs(line: string): RecordBuilder {
  return readNamed(line, '', []).builder
}

interface LineRead {
  readonly builder: RecordBuilder
  /** The phase of a heading in which it was read; '' for none. */
  readonly phase: string
  /** Whether its count has come to its total, or is one of all steps that were done. */
  readonly isFull: boolean
  /** Its first step that has a second number behind a slash. */
  readonly counted: Pair | null
  /** Whether it tells that a model was saved: no epoch is counted by that. */
  readonly isSaved: boolean
  readonly places: readonly string[]
}

/** What a line says below its heading: in its phase, unless the line has moved on from what is done below that. */
function readBelow(text: string, { phase, stays, above, places }: KeyValueState): LineRead {
  const read = readNamed(text, phase, places)
  return phase !== '' && stays && hasMovedOn(read.builder, above, text) ? readNamed(text, '', places) : read
}

function readNamed(line: string, phase: string, placesAbove: readonly string[]): LineRead {
  const builder = new RecordBuilder()
  const { time, rest } = splitTime(line)
  builder.time = time
  const names = new Set<string>()
  let position: Pair | null = null
  let rounded: Pair | null = null
  let counted: Pair | null = null
  let isFull = false
  let rank = 0
  const { pairs, unread, places } = pairsOf(unzipped(rest), phase, placesAbove)
  builder.unread = unread
  for (const pair of pairs) {
    const { name, value, raw, zeroDecimals } = pair
    if (pair.total !== undefined) counted ??= pair
    if (name === '') position ??= pair
    else if (pair.isRounded === true) rounded ??= pair
    else if (RANK.test(name)) rank = Number(value)
    else if (names.has(name)) addOther(builder, pair, pairs)
    else if (!NO_METRIC.test(name)) {
      const { step } = builder
      builder.add(name, value, raw, zeroDecimals)
      // A batch of so many counts as surely as a step.
      if (builder.step !== step && pair.total !== undefined) builder.isStepCertain = true
      if (builder.step !== step) isFull = pair.isFull === true || (/steps$/i.test(name) && Number(value) % 10 !== 0)
    }
    names.add(name)
  }
  if (ROUND.test(line)) builder.takeError()
  const bare = positionOf(builder, rest)
  builder.epoch ??= bare?.epoch ?? null
  const step = bare?.step ?? position?.value ?? numberOf(rest)
  if (builder.step === null) isFull = step === position?.value && position?.isFull === true
  if (step !== null) builder.addPosition(Number(step))
  else if (rounded !== null) builder.add(rounded.name, rounded.value, rounded.raw)
  if (rank > 0 && Number.isSafeInteger(rank)) {
    for (const [index, scalar] of builder.scalars.entries())
      builder.scalars[index] = { ...scalar, metric: `rank${rank}/${scalar.metric}` }
  }
  return { builder, phase, isFull, counted, isSaved: SAVED.test(rest), places }
}

/**
 * A line whose names stand before all values, `(loss, acc) = (0.5, 0.9)` or `loss train/val: 0.5/0.6`, as one with each
 * name before its value.
 */
function unzipped(line: string): string {
  const parted = line.includes('n/') ? line.replace(BOTH_PHASES, ofBothPhases) : line
  const text = parted.includes(' is ') ? parted.replace(STATED, statedPlainly) : parted
  if (!ZIPPED_MARK.test(text)) return text
  return text.replace(ZIPPED, (all, names: string, values: string) => {
    const [own, numbers] = [names.split(','), values.split(',')]
    return own.length === numbers.length
      ? own.map((name, at) => `${name.trim()}=${numbers[at]!.trim()}`).join(', ')
      : all
  })
}

/** `step 7, output/objective: -0.5` of `objective function for 'output' at step 7 is -0.5`. */
function statedPlainly(all: string, ...[name, of, counter, count]: readonly (string | undefined)[]): string {
  if (of === undefined && counter === undefined) return all
  const position = counter === undefined ? '' : `${counter.replace(/(?:es)?$/, '')} ${count}, `
  return `${position}${of === undefined ? '' : `${of}/`}${name!.replace(/ (?:function|value)$/i, '')}: `
}

function ofBothPhases(all: string, ...[before, train, held, behind, first, second]: readonly string[]): string {
  const name = [before, behind].find((word) => word !== undefined && isScore(word))
  return name === undefined ? all : `${train} ${name}=${first}, ${held} ${name}=${second} `
}

/** Adds a value under a name that another one before it has, where the two are told apart by what they are of. */
function addOther(builder: RecordBuilder, { name, value, raw, zeroDecimals, of }: Pair, pairs: readonly Pair[]): void {
  const first = pairs.find((pair) => pair.name === name)!
  if (of === undefined || of === first.of || roleOf(name) === null) return
  const [own, others] = [nameOf(name, of), nameOf(name, first.of ?? '')]
  const { scalars } = builder
  if (scalars.some(({ metric }) => metric === own)) return
  const index = scalars.findIndex(({ metric }) => metric === name)
  if (index >= 0) scalars[index] = { ...scalars[index]!, metric: others, role: roleOf(others) ?? 'other' }
  builder.add(own, value, raw, zeroDecimals)
}

/** `gen loss`, or `val/gen loss` in a phase. */
function nameOf(name: string, of: string): string {
  const at = name.lastIndexOf('/') + 1
  return of === '' ? name : `${name.slice(0, at)}${of} ${name.slice(at)}`
}

/** The counters at the head of a line, and such as `After 2,000 sequences`; null for none. */
function positionOf(builder: RecordBuilder, text: string): Counters | null {
  const head = IN_BRACKETS.exec(text) ?? HEAD_COUNTERS.exec(text) ?? HEAD_TOTALS.exec(text) ?? COUNTED.exec(text)
  if (head !== null) return countersIn(head)
  const loose = COUNTED_LOSS.exec(text)
  const after = text.includes('fter ') ? AFTER.exec(text.slice(0, MAX_HEAD_CHARS)) : null
  if (loose === null && after === null && !builder.hasLoss) return null
  // Numbers stand there in any text.
  if (!builder.hasLoss && builder.scalars.every(({ role }) => role === 'other')) return null
  const isOfName = loose !== null && text.startsWith(builder.scalars[0]!.metric, loose[0].length)
  if (loose !== null && isOfName) return countersIn(loose)
  const cell = builder.hasLoss && builder.epoch === null ? (HEAD_PAIR.exec(text) ?? FIRST_CELL.exec(text)) : null
  if (cell !== null) return countersIn(cell)
  if (after === null) return null
  const count = Number(after[1]!.replaceAll(',', ''))
  return /^epoch/i.test(after[2]!) ? { step: null, epoch: count } : { step: count, epoch: null }
}

/** A step, or an epoch and a step. */
function countersIn([, first, second]: RegExpExecArray): Counters {
  return { step: Number(second ?? first), epoch: second === undefined ? null : Number(first) }
}

function numberOf(text: string): number | null {
  if (!text.includes(') ') && !text.includes('] [')) return null
  const numbered = NUMBERED.exec(text.slice(0, MAX_HEAD_CHARS))
  return numbered === null ? null : Number(numbered[1] ?? numbered[2])
}

function countersOf({ step, epoch, isOfEpisodes }: RecordBuilder): Counters | null {
  if (step === null && epoch === null) return null
  return isOfEpisodes ? { step, epoch, isOfEpisodes } : { step, epoch }
}

/** The epoch of a model that was saved is none that is counted; in a file of nothing else it is where the model stood. */
function dropCounters(builder: RecordBuilder, { above }: KeyValueState): void {
  builder.step = above === null ? (builder.step ?? builder.epoch) : null
  builder.epoch = null
}

/** Whether a line counts on from the training above it, or is of training: then it is no part of what a heading told. */
function hasMovedOn({ step, epoch, scalars }: RecordBuilder, above: Counters | null, text: string): boolean {
  if (scalars.some(({ role }) => role === 'grad_norm' || role === 'learning_rate')) return true
  if (above === null) return false
  if (epoch !== null && above.epoch !== null && epoch !== above.epoch) return epoch > above.epoch
  if (step === null || above.step === null) return false
  return step > above.step || (step === above.step && BAR.test(text))
}

/** Whether a line tells the step of those below it, and no value: `Iteration 100, Testing net (#0)`. Indented, it may end a list. */
function isStepOnly({ step, isStepCertain, scalars }: RecordBuilder, text: string): boolean {
  return step !== null && isStepCertain && scalars.length === 0 && !/^\s/.test(text)
}

/**
 * Whether a line only speaks of a NaN, at a place where no line above had a number: a sentence, a setting, or a value that
 * nobody has measured yet, as `early_stop_loss: -inf`.
 */
function quotesNaN({ scalars }: RecordBuilder, text: string, { places }: KeyValueState): boolean {
  const losses = scalars.filter(({ metric, role }) => role === 'grad_norm' || isLossRole(role) || isLossLike(metric))
  const told = losses.length === 0 ? scalars : losses
  if (told.length === 0 || told.some(({ value }) => isFinite(value))) return false
  const isSpoken =
    told.every(({ metric }) => mayBeUnset(metric)) ||
    (CLIPPING.test(text) && told.every(({ role }) => role === 'grad_norm')) ||
    quotesValues(text) ||
    isTextOrSettings(text)
  return isSpoken && !scalars.some(({ metric }, index) => places.includes(`${index} ${metric}`))
}

/** Gives a line without counters those of the record right above it: `Train net output #0: loss = 0.5`. */
function takeAbove(builder: RecordBuilder, { above, linesBelow }: KeyValueState): void {
  if (above === null || linesBelow >= MOST_LINES_BELOW) return
  builder.step = above.step
  builder.isOfEpisodes ||= above.isOfEpisodes === true
  builder.epoch ??= above.epoch
}

/** A number behind a slash that grew so often in a row counts. A total does not grow. */
const SURE_RISES = 2
/** One that stood still so often while the count before it moved is a total. */
const SURE_MOVES = 8

/** What is known of the two numbers of a step behind a line, of which `counted` is the step; `batch 2/300` may count twice. */
function countsAfter(before: TwoCounts | undefined, counted: Pair | null): TwoCounts | undefined {
  if (counted === null || before === 'first' || before === 'second') return before
  const [first, second] = [Number(counted.value), counted.total!]
  if (before === undefined) return { first, second, rises: 0, moves: 0 }
  const rises = before.first === first && second > before.second ? before.rises + 1 : 0
  const moves = before.second === second && first !== before.first ? before.moves + 1 : 0
  if (rises === SURE_RISES) return 'second'
  return moves === SURE_MOVES ? 'first' : { first, second, rises, moves }
}

/** Takes the second of two counts for the step, and the first for the epoch, where that is known. Says whether it is. */
function takeSecond(builder: RecordBuilder, counts: TwoCounts | undefined, counted: Pair | null): boolean {
  const first = Number(counted?.value)
  if (counts !== 'second' || counted === null || builder.step !== first) return false
  builder.step = counted.total!
  builder.epoch ??= first
  return true
}

/** Whether a count that has come to its total says only that an epoch is over, as far as the file has shown. */
function isStillCount({ step, epoch }: RecordBuilder, { count }: KeyValueState): boolean {
  return epoch === null ? step === count : Number.isSafeInteger(epoch)
}

function countAfter({ count, above }: KeyValueState, builder: RecordBuilder, isFull: boolean): number | null {
  const { step, epoch, loss } = builder
  if (step === null || count === -1) return count
  const isOther = count !== null && count !== step && epoch !== null && epoch === above?.epoch
  return !isFull || (isOther && loss?.role === 'train_loss') ? -1 : step
}

function addPlaces(known: readonly string[], names: readonly string[]): readonly string[] {
  const added = names.filter((name) => !known.includes(name))
  return added.length === 0 ? known : [...known, ...added].slice(0, MAX_PLACES)
}

/** The state below a line that gave no record. */
function belowUnread(text: string, state: KeyValueState): KeyValueState {
  const isOver = state.phase !== '' && (state.stays ? TRAINS.test(text) : !INDENT.test(text))
  const linesBelow = Math.min(state.linesBelow + 1, MOST_LINES_BELOW)
  if (!isOver && linesBelow === state.linesBelow) return state
  return { ...state, linesBelow, ...(isOver && { phase: '' }) }
}
