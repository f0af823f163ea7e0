import type { LogReaderState } from '../formats/source-readers.ts'
import { roundedZeroDecimals } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import type { Line } from '../reading/lines.ts'
import { alterationsOf, clocksLike, othersFor, withoutZeros } from './alterations.ts'
import { type LinePart, MAX_PARTS, type NumberSlot } from './line-matcher.ts'
import {
  EPOCH,
  HEAD_TIME,
  type LineReader,
  type LineReading,
  observe,
  STEP,
  stateAt,
  TIME,
  valueAt,
} from './line-reading.ts'
import { type LineToken, tokensOf } from './line-tokens.ts'
import { clockDigitsOf, isOnClock } from './minute-clock.ts'
import { exampleOf, slotFor, slotForTime, slotInGroup } from './number-slots.ts'
import { isSame, leafNames, leavesOf, type StateLeaf, withLeaves } from './state-leaves.ts'
import { type Reading, type StateChange, Template, type ValueSource } from './template.ts'

export interface Learning {
  /** Null where the lines of this shape are left to the reader. */
  readonly template: Template | null
  /** How many lines were read for it. */
  readonly probes: number
}

/** How an output follows from the text of a token. */
type FedAs = 'number' | 'decimals' | 'iso' | 'iso-of-number' | 'text'

interface Feed {
  readonly output: number
  readonly meaning: FedAs
}

/** A token that may be another one, and what it feeds. */
interface Learned {
  readonly token: LineToken
  readonly feeds: readonly Feed[]
  /** Of a number only. */
  readonly slot: NumberSlot | null
}

/**
 * The outputs that have the value of a leaf of the state before a line: that leaf itself where it stays, the step where it
 * stood above. Null where the leaf matters in another way.
 */
type Fate = readonly number[] | null

/** A line and a state that differ from those that teach, and what should become of them. */
interface Variant {
  readonly text: string
  readonly leaves: readonly StateLeaf[]
  readonly outputs: readonly StateLeaf[]
  readonly cut: number
  /** The leaves that were altered. */
  readonly altered: readonly number[]
}

/** Nothing may depend on where a line stands. */
const OFFSETS = [7, 70_007]
const JOINT_PROBES = 40

/**
 * Learns how the lines of one shape are read, by reading others of it: each token is altered in turn, and each leaf of the
 * state before the line. What changes then says what the token is for; what reads otherwise is not allowed for. At last
 * all are altered at once. `model` is a state that is built as the one before the line.
 */
export function learnTemplate(reader: LineReader, model: LogReaderState, before: LogReaderState, line: Line): Learning {
  const lesson = new Probing(reader, model, leavesOf(model, before)!, line)
  return { template: lesson.template(), probes: lesson.probes }
}

class Probing {
  probes = 0
  readonly #reader: LineReader
  readonly #model: LogReaderState
  readonly #leaves: readonly StateLeaf[]
  readonly #names: readonly string[]
  /** The line that is altered. */
  #text: string
  #base!: LineReading
  #learned: Learned[] = []
  /** Numbers differ from one probe to the next, and are the same each time. */
  #seed = 1

  constructor(reader: LineReader, model: LogReaderState, leaves: readonly StateLeaf[], { text }: Line) {
    this.#reader = reader
    this.#model = model
    this.#text = text
    this.#leaves = leaves
    this.#names = leafNames(model)
  }

  template(): Template | null {
    // What no bytes stand for is not compared by them.
    if (NOT_IN_BYTES.test(this.#text)) return null
    const first = this.#observe(this.#text)
    if (first === null) return null
    const at = first.head?.time === undefined ? -1 : first.head.text.indexOf(first.head.time)
    const clock = at < 0 ? null : { start: at, end: at + first.head!.time!.length }
    const tokens = tokensOf(this.#text, clock)
    this.#text = withoutZeros(this.#text, tokens)
    const base = this.#observe(this.#text)
    if (base === null || 2 * tokens.length + 2 > MAX_PARTS || tokens.some((token) => this.#isOffClock(token)))
      return null
    this.#base = base
    if (!this.#isAsBefore(this.#observe(this.#text, this.#leaves, OFFSETS[1]))) return null
    const fates = alone(this.#leaves.map((_, leaf) => this.#fateOf(leaf)))
    if (fates.some((fate, leaf) => fate === null && this.#isCounted(leaf))) return null
    for (const token of tokens) {
      const learned = this.#learn(token, tokens)
      if (learned !== null) this.#learned.push(learned)
    }
    if (!this.#learned.some(({ feeds }) => feeds.length > 0)) return null
    return this.#holdsTogether(fates) ? this.#assembled(fates) : null
  }

  #observe(text: string, leaves: readonly StateLeaf[] = this.#leaves, offset = OFFSETS[0]!): LineReading | null {
    this.probes++
    return observe(this.#reader, this.#model, withLeaves(this.#model, leaves), { offset, text, bytes: text.length })
  }

  #learn(token: LineToken, all: readonly LineToken[]): Learned | null {
    switch (token.kind) {
      case 'number':
        return this.#learnNumber(token, all)
      case 'clock':
        return this.#learnFrom(token, clocksLike(this.#textOf(token)), null)
      case 'blanks':
        return this.#learnFrom(token, ['  ', '   ', ' '.repeat(5), ' '.repeat(11)], null)
      case 'bar':
        return this.#learnFrom(
          token,
          [' '.repeat(10), '#'.repeat(10), '█'.repeat(10), '████▎     ', '###5      ', '▏'],
          null,
        )
    }
  }

  #learnNumber(token: LineToken, all: readonly LineToken[]): Learned | null {
    if (this.#isBesideQuote(token)) return null
    const text = this.#textOf(token)
    const learned = alterationsOf(text)
      .map((other) => this.#learnFrom(token, [other], null))
      .find((each) => each !== null)
    if (learned === undefined || (learned.feeds.length === 0 && (this.#isTotal(token) || this.#isOfName(token))))
      return null
    const others = all
      .filter(({ kind, start }) => kind === 'number' && start !== token.start)
      .map((other) => Number(this.#textOf(other)))
      .filter((other) => Number.isSafeInteger(other) && other >= 0)
    const isOfTime = learned.feeds.some(({ meaning }) => meaning === 'iso-of-number')
    const withDecimals = learned.feeds.flatMap((feed) =>
      this.#isValue(feed.output) ? [feed, { output: feed.output + 1, meaning: 'decimals' as const }] : [feed],
    )
    const feeds = this.#reads(token, '0.0000', withDecimals) ? withDecimals : learned.feeds
    const isRead = (other: string) => this.#reads(token, other, feeds)
    const slotOf = isOfTime ? slotForTime : feeds.length === 0 && this.#isInGroup(token) ? slotInGroup : slotFor
    const slot = slotOf(text, others, isRead)
    return slot === null ? null : { token, feeds, slot }
  }

  /** What a token feeds, by other texts in its place; null where one of them is read in another way. */
  #learnFrom(token: LineToken, others: readonly string[], slot: NumberSlot | null): Learned | null {
    const [first, ...rest] = others.filter((other) => other !== this.#textOf(token))
    if (first === undefined) return null
    const seen = this.#observe(this.#with(token, first))
    if (seen === null || seen.frame !== this.#base.frame || seen.outputs.length !== this.#base.outputs.length)
      return null
    const feeds: Feed[] = []
    for (const [output, leaf] of seen.outputs.entries()) {
      if (isSame(leaf, this.#base.outputs[output])) continue
      const meaning = MEANINGS.find((each) => this.#means(each, token, output, first, leaf))
      if (meaning === undefined) return null
      feeds.push({ output, meaning })
    }
    return [first, ...rest].every((other) => this.#reads(token, other, feeds)) ? { token, feeds, slot } : null
  }

  #means(meaning: FedAs, token: LineToken, output: number, other: string, leaf: StateLeaf): boolean {
    const isOf = (text: string, seen: StateLeaf) => isSame(meant(meaning, text), seen)
    return isOf(other, leaf) && isOf(this.#textOf(token), this.#base.outputs[output])
  }

  /** Whether a line is read as it should with another text in place of a token. */
  #reads(token: LineToken, other: string, feeds: readonly Feed[]): boolean {
    const seen = this.#observe(this.#with(token, other))
    const outputs = [...this.#base.outputs]
    for (const { output, meaning } of feeds) outputs[output] = meant(meaning, other)
    const moved = token.end <= this.#base.cut ? other.length - (token.end - token.start) : 0
    return this.#isAs(seen, outputs, this.#base.cut + moved)
  }

  #isAsBefore(seen: LineReading | null): boolean {
    return this.#isAs(seen, this.#base.outputs, this.#base.cut)
  }

  #isAs(seen: LineReading | null, outputs: readonly StateLeaf[], cut: number): boolean {
    if (seen === null || seen.frame !== this.#base.frame || seen.cut !== cut) return false
    return seen.outputs.length === outputs.length && seen.outputs.every((leaf, at) => isSame(leaf, outputs[at]))
  }

  #fateOf(leaf: number): Fate {
    const before = this.#leaves[leaf]
    const others = othersFor(this.#names[leaf]!, before, this.#text).filter((other) => !isSame(other, before))
    const seen = others.map((other) => this.#observe(this.#text, replaced(this.#leaves, leaf, other)))
    const [first] = seen
    if (first === undefined || first === null || first.outputs.length !== this.#base.outputs.length) return null
    const fed = [...first.outputs.keys()].filter((at) => !isSame(first.outputs[at], this.#base.outputs[at]))
    const may = [STEP, EPOCH, stateAt(this.#base) + leaf]
    if (!fed.every((at) => may.includes(at) && isSame(this.#base.outputs[at], before))) return null
    const areAs = seen.every((each, index) =>
      this.#isAs(each, withAll(this.#base.outputs, fed, others[index]), this.#base.cut),
    )
    return areAs ? fed : null
  }

  /** Whether a leaf counts lines: no other one is read in the state of this one. */
  #isCounted(leaf: number): boolean {
    const before = this.#leaves[leaf]
    return typeof before === 'number' && !isSame(this.#base.outputs[stateAt(this.#base) + leaf], before)
  }

  /**
   * Whether lines are read as they should where many tokens are altered at once, and what may be other in the state. A leaf
   * that matters only beside other tokens shows here: it is needed from then on.
   */
  #holdsTogether(fates: Fate[]): boolean {
    for (let probe = 0; probe < JOINT_PROBES; probe++) {
      const variant = this.#variant(fates)
      if (this.#isAsExpected(variant)) continue
      const culprit = variant.altered.find((leaf) => this.#isAsExpected(this.#without(variant, leaf, fates[leaf]!)))
      if (culprit === undefined) return false
      fates[culprit] = null
    }
    return true
  }

  #isAsExpected({ text, leaves, outputs, cut }: Variant): boolean {
    return this.#isAs(this.#observe(text, leaves), outputs, cut)
  }

  /** The line with other numbers, in another state. */
  #variant(fates: readonly Fate[]): Variant {
    const leaves = [...this.#leaves]
    const outputs = [...this.#base.outputs]
    let text = this.#text
    let { cut } = this.#base
    const drawn: number[] = []
    for (const { token, feeds, slot } of this.#learned.toReversed()) {
      const own = this.#textOf(token)
      const other = slot !== null && this.#draw() < 0.8 ? this.#numberIn(slot, drawn) : own
      drawn.push(Number(other))
      text = text.slice(0, token.start) + other + text.slice(token.end)
      if (token.end <= this.#base.cut) cut += other.length - own.length
      for (const { output, meaning } of feeds) outputs[output] = meant(meaning, other)
    }
    const altered = [...fates.keys()].filter((leaf) => fates[leaf] !== null && this.#draw() < 0.6)
    for (const leaf of altered) {
      const before = this.#leaves[leaf]
      const others = [...othersFor(this.#names[leaf]!, before, text), ...(isCount(before) ? drawn.filter(isCount) : [])]
      leaves[leaf] = others[Math.floor(this.#draw() * others.length)]
      for (const output of fates[leaf]!) outputs[output] = leaves[leaf]
    }
    return { text, leaves, outputs, cut, altered }
  }

  /** The same with a leaf as it was. */
  #without(variant: Variant, leaf: number, fed: readonly number[]): Variant {
    const before = this.#leaves[leaf]
    return {
      ...variant,
      leaves: replaced(variant.leaves, leaf, before),
      outputs: withAll(variant.outputs, fed, before),
    }
  }

  /** A number for a slot: now and then one that stands elsewhere in the line. */
  #numberIn(slot: NumberSlot, drawn: readonly number[]): string {
    const same = drawn.find((each) => Number.isSafeInteger(each) && each >= slot.least && each <= slot.most)
    return slot.isInteger && same !== undefined && this.#draw() < 0.3 ? String(same) : exampleOf(slot, this.#draw)
  }

  readonly #draw = (): number => {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647
    return this.#seed / 2_147_483_647
  }

  #assembled(fates: readonly Fate[]): Template | null {
    const base = this.#base
    const parts: LinePart[] = []
    const partOf = new Map<number, { part: number; meaning: FedAs }>()
    let at = 0
    let headParts = 0
    const words = (end: number) => {
      for (const piece of this.#text.slice(at, end) === '' ? [] : cutAt(this.#text, at, end, base.cut)) {
        parts.push({ kind: 'words', words: piece })
        at += piece.length
        if (at === base.cut) headParts = parts.length
      }
    }
    for (const { token, feeds, slot } of this.#learned) {
      words(token.start)
      for (const { output, meaning } of feeds)
        if (meaning !== 'decimals') partOf.set(output, { part: parts.length, meaning })
      parts.push(this.#partOf(token, slot))
      at = token.end
      if (at === base.cut) headParts = parts.length
    }
    words(this.#text.length)
    const source = (output: number): ValueSource => {
      const part = place(output)
      const leaf = fates.findIndex((fate) => fate?.includes(output) === true)
      return part !== null ? { of: 'part', index: part } : leaf < 0 ? null : { of: 'leaf', index: leaf }
    }
    const fed = new Set(this.#learned.flatMap(({ feeds }) => feeds.map(({ output }) => output)))
    const place = (output: number) => partOf.get(output)?.part ?? null
    const timeOf = (output: number) => {
      const found = partOf.get(output)
      return found === undefined ? null : { part: found.part, isNumber: found.meaning === 'iso-of-number' }
    }
    const reading: Reading = {
      record: base.record,
      isSilent: base.isSilent,
      countsEpochs: base.countsEpochs,
      scalars: base.record.scalars.map((scalar, index) => ({
        scalar,
        part: place(valueAt(index)),
        tellsDecimals: fed.has(valueAt(index) + 1),
      })),
      step: source(STEP),
      epoch: source(EPOCH),
      time: timeOf(TIME),
      head: base.head === null ? null : { head: base.head, parts: headParts, time: timeOf(HEAD_TIME) },
    }
    const template = new Template(parts, reading, this.#changeOf(fates, place))
    return base.head !== null && headParts === 0 ? null : template
  }

  #changeOf(fates: readonly Fate[], place: (output: number) => number | null): StateChange {
    const first = stateAt(this.#base)
    const writes = fates.flatMap((fate, leaf) => {
      const part = place(first + leaf)
      const value = this.#base.outputs[first + leaf]
      const isKept = fate?.includes(first + leaf) === true
      const isStill = isKept || (fate === null && isSame(value, this.#leaves[leaf]))
      return part === null && isStill ? [] : [{ leaf, part, value }]
    })
    const needs = fates.flatMap((fate, leaf) => (fate === null ? [[leaf, this.#leaves[leaf]] as const] : []))
    return { model: this.#model, needs, writes }
  }

  #partOf(token: LineToken, slot: NumberSlot | null): LinePart {
    if (token.kind === 'number') return { kind: 'number', slot: slot! }
    return token.kind === 'clock' ? clockLike(this.#textOf(token)) : { kind: token.kind }
  }

  #isValue(output: number): boolean {
    return output >= valueAt(0) && output < stateAt(this.#base) && (output - valueAt(0)) % 2 === 0
  }

  /** Whether a number says how many there are of something, so that it must not be less than another one. */
  #isTotal({ start }: LineToken): boolean {
    return this.#text
      .slice(Math.max(0, start - 12), start)
      .trimEnd()
      .endsWith('/')
  }

  /** Whether a number ends a word: with another one that may be a name. */
  #isOfName({ start }: LineToken): boolean {
    return /[\p{L}_@#]$/u.test(this.#text.slice(Math.max(0, start - 2), start))
  }

  /** Whether a time is none that a clock shows: others like it are. */
  #isOffClock(token: LineToken): boolean {
    const text = this.#textOf(token)
    return (
      token.kind === 'clock' &&
      !(isOnClock(Buffer.from(text), 0, clockDigitsOf(text)) && (isoTime(text) !== null || !/^\d{4}[-/]/.test(text)))
    )
  }

  #isInGroup({ start, end }: LineToken): boolean {
    return (
      /\d[:/,-]$/.test(this.#text.slice(Math.max(0, start - 2), start)) ||
      /^[:/,-]\d/.test(this.#text.slice(end, end + 2))
    )
  }

  /** Whether a quote stands between digits, or a digit and a letter: what it does there is for the reader to say. */
  #isBesideQuote({ start, end }: LineToken): boolean {
    return (
      GLUED_BEFORE.test(this.#text.slice(Math.max(0, start - 2), start)) ||
      GLUED_BEHIND.test(this.#text.slice(end, end + 2))
    )
  }

  #with({ start, end }: LineToken, other: string): string {
    return this.#text.slice(0, start) + other + this.#text.slice(end)
  }

  #textOf({ start, end }: LineToken): string {
    return this.#text.slice(start, end)
  }
}

const NOT_IN_BYTES = /[\p{Cs}\ufffd]/u
const MEANINGS: readonly FedAs[] = ['number', 'iso-of-number', 'text', 'iso']
const GLUED_BEFORE = /\w["'`]$/
const GLUED_BEHIND = /^["'`]\w/

function meant(meaning: FedAs, text: string): StateLeaf {
  switch (meaning) {
    case 'number':
      return Number(text)
    case 'decimals':
      return Number(text) === 0 ? (roundedZeroDecimals(text) ?? null) : null
    case 'iso':
      return isoTime(text)
    case 'iso-of-number':
      return isoTime(Number(text))
    case 'text':
      return text
  }
}

function clockLike(like: string): LinePart {
  return { kind: 'clock', like, digits: clockDigitsOf(like) }
}

function isCount(leaf: StateLeaf): leaf is number {
  return Number.isSafeInteger(leaf)
}

function replaced(leaves: readonly StateLeaf[], at: number, leaf: StateLeaf): StateLeaf[] {
  const all = [...leaves]
  all[at] = leaf
  return all
}

/** Of leaves that feed one output one goes before the other: which, is for the reader to say. So all of them matter. */
function alone(fates: readonly Fate[]): Fate[] {
  const fed = fates.flatMap((fate) => fate ?? [])
  const isShared = (output: number) => fed.indexOf(output) !== fed.lastIndexOf(output)
  return fates.map((fate) => (fate?.some(isShared) === true ? null : fate))
}

function withAll(outputs: readonly StateLeaf[], at: readonly number[], leaf: StateLeaf): StateLeaf[] {
  const all = [...outputs]
  for (const output of at) all[output] = leaf
  return all
}

/** The words between two places, in two pieces where the head of the line ends among them. */
function cutAt(text: string, start: number, end: number, cut: number): string[] {
  return cut > start && cut < end ? [text.slice(start, cut), text.slice(cut, end)] : [text.slice(start, end)]
}
