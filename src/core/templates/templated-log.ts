import type { FormatSet } from '../formats/format-set.ts'
import type { LineResult } from '../formats/reader-state.ts'
import { type LogReaderState, readLogLine } from '../formats/source-readers.ts'
import type { Line } from '../reading/lines.ts'
import { learnTemplate } from './learn-template.ts'
import type { LineReader, ReadLine } from './line-reading.ts'
import { shapeOf } from './line-tokens.ts'
import { MinuteClock } from './minute-clock.ts'
import { isSame, leavesOf, type StateLeaf, withLeaves } from './state-leaves.ts'
import type { Template } from './template.ts'

const MOST_TEMPLATES = 24
const MOST_SHAPES = 256
const LONGEST_LINE_CHARS = 4096

/** When lines are learned from, and how often what was learned is checked. */
export interface Schooling {
  /** One of so many records that are read by their format is looked at. */
  readonly recordsPerLook: number
  /** A shape is learned once it was seen so often. */
  readonly looksOfShape: number
  /** How many lines are read for each number of one, about. */
  readonly probesOfNumber: number
  /**
   * So many records the file has brought for each line that is read for learning, and more where that came to nothing: what
   * a short log costs, learning must not double.
   */
  readonly recordsPerProbe: number
  /** One of so many lines is read both ways. */
  readonly linesPerCheck: number
}

const SCHOOLING: Schooling = {
  recordsPerLook: 8,
  looksOfShape: 8,
  probesOfNumber: 60,
  recordsPerProbe: 4,
  linesPerCheck: 1024,
}

/**
 * What has been learned of the lines of one file. It makes reading faster and changes nothing else: it may be dropped at any
 * time, and is not saved.
 */
export class LineTemplates {
  /** The one that read the newest line first. */
  readonly list: Template[] = []
  readonly clock = new MinuteClock()
  /** How many lines the templates have read. */
  hits = 0
  /** How many of these the reader itself reads otherwise: then nothing is read by templates any more. */
  differences = 0
  readonly schooling: Schooling
  readonly #shapes = new Map<string, number>()
  /** How many records were read by the format, and how many lines for learning. */
  #records = 0
  #probes = 0
  /** How often learning has brought no template that read another line. */
  #failures = 0

  readonly #onDifference: () => void

  constructor(schooling: Schooling = SCHOOLING, onDifference: () => void = () => undefined) {
    this.schooling = schooling
    this.#onDifference = onDifference
  }

  /** Whether to learn from a line that the reader has read in this state, as this. */
  isToLearn(before: LogReaderState, { text }: Line, after: ReturnType<ReadLine>): boolean {
    this.#records++
    // Not each n-th: lines of several shapes take turns.
    const isLookedAt = (Math.imul(this.#records, 0x9e37_79b1) >>> 16) % this.schooling.recordsPerLook === 0
    if (!isLookedAt || this.differences > 0 || text.length > LONGEST_LINE_CHARS || !isSteady(before, after))
      return false
    const shape = shapeOf(text)
    const seen = (this.#shapes.get(shape) ?? 0) + 1
    if (seen === 1 && this.#shapes.size >= MOST_SHAPES) this.#shapes.clear()
    this.#shapes.set(shape, seen)
    const { looksOfShape, probesOfNumber, recordsPerProbe } = this.schooling
    const expected = probesOfNumber * shape.split(/0(?:\.0)?/).length
    const lines = this.#probes * (1 + this.#failures) + expected
    if (seen < looksOfShape || this.#records < recordsPerProbe * lines) return false
    // What could not be learned is tried again later, for the state may have been a rare one.
    this.#shapes.set(shape, -7 * looksOfShape)
    return true
  }

  /** Learns from a line that was read in this state. */
  learn(reader: LineReader, before: LogReaderState, line: Line): void {
    // Templates with one model follow each other without the state being made anew.
    const model = this.list.map(({ change }) => change.model).find((each) => leavesOf(each, before) !== null) ?? before
    const { template, probes } = learnTemplate(reader, model, before, line)
    this.#probes += probes
    this.#failures++
    if (template === null) return
    // The one that was of use longest ago stands last.
    if (this.list.length === MOST_TEMPLATES) this.list.pop()
    this.list.unshift(template)
    // A word of it may be another one in other lines: those are learned as soon as this one was.
    this.#shapes.delete(shapeOf(line.text))
  }

  /** Takes note that a template has read a line. */
  use(template: Template): void {
    this.hits++
    if (!template.isUsed) this.#failures--
    template.isUsed = true
  }

  /** Takes note that the reader reads a line otherwise. */
  differ(): void {
    this.differences++
    this.list.length = 0
    this.#onDifference()
  }
}

/** Reads the lines of a file one after another: by what has been learned of them where it can, by the reader where not. */
export class TemplatedLog {
  readonly #templates: LineTemplates | null
  readonly #reader: LineReader
  /** The state of the reader; an old one while there are leaves. */
  #state: LogReaderState
  /** The leaves of the state, built as that of the template that read the last line. */
  #leaves: StateLeaf[] | null = null
  #last: Template | null = null
  /** Whether the line that was read last is known to say nothing beside its record. */
  isSilent = false

  /** What a user has described is read by the reader alone. */
  constructor(
    state: LogReaderState,
    path: string,
    formats: FormatSet,
    templates: LineTemplates | undefined,
    isSilent: LineReader['isSilent'] = () => false,
  ) {
    this.#state = state
    this.#reader = { read: (before, line) => readLogLine(before, line, path, formats), isSilent }
    this.#templates = formats.described.length > 0 ? null : (templates ?? null)
  }

  /** The state behind the lines that were read. */
  get state(): LogReaderState {
    if (this.#leaves !== null) {
      this.#state = withLeaves(this.#last!.change.model, this.#leaves)
      this.#leaves = null
    }
    return this.#state
  }

  read(line: Line): readonly LineResult[] {
    this.isSilent = false
    return (this.#templates === null ? null : this.#readFast(line, this.#templates)) ?? this.#readSlowly(line)
  }

  #readFast(line: Line, templates: LineTemplates): readonly LineResult[] | null {
    const { list } = templates
    for (let index = 0; index < list.length; index++) {
      const template = list[index]!
      if (!template.matches(line.text)) continue
      const before = templates.hits % templates.schooling.linesPerCheck === 0 ? this.state : null
      const result = this.#suits(template) ? template.read(line, this.#leaves!, templates.clock) : null
      if (result === null) continue
      if (index > 0) {
        list.splice(index, 1)
        list.unshift(template)
      }
      templates.use(template)
      this.#change(template)
      if (before !== null && !this.#isRight(before, line, result)) {
        templates.differ()
        this.#leaves = null
        this.#state = before
        return null
      }
      this.isSilent = template.reading.isSilent
      return [result]
    }
    return null
  }

  /** Whether the state is one in which the template reads; its leaves are at hand then. */
  #suits(template: Template): boolean {
    if (this.#leaves !== null && this.#last === template && template.isRepeatable) return true
    const { model, needs } = template.change
    if (this.#leaves === null || this.#last!.change.model !== model) {
      const leaves = leavesOf(model, this.state)
      if (leaves === null || !needs.every(([leaf, value]) => isSame(leaves[leaf], value))) return false
      this.#leaves = leaves
    } else if (!needs.every(([leaf, value]) => isSame(this.#leaves![leaf], value))) return false
    this.#last = template
    return true
  }

  #change(template: Template): void {
    for (const { leaf, part, value } of template.change.writes)
      this.#leaves![leaf] = part === null ? value : template.valueOf(part)
  }

  #isRight(before: LogReaderState, line: Line, result: LineResult): boolean {
    const { state, results } = this.#reader.read(before, line)
    const leaves = leavesOf(this.#last!.change.model, state)
    const isSameState = leaves?.every((leaf, at) => isSame(leaf, this.#leaves![at])) === true
    return isSameState && isSame(results, [result])
  }

  #readSlowly(line: Line): readonly LineResult[] {
    const before = this.state
    const { state, results } = this.#reader.read(before, line)
    this.#state = state
    const isRecord = results.length === 1 && results[0]!.result.kind === 'records'
    if (isRecord && this.#templates?.isToLearn(before, line, { state, results }) === true)
      this.#templates.learn(this.#reader, before, line)
    return results
  }
}

/** Whether a line of one record has changed nothing in the state but its position: a state that counts lines comes once only. */
function isSteady(before: LogReaderState, { state, results }: ReturnType<ReadLine>): boolean {
  const { result } = results[0]!
  const record = result.kind === 'records' && result.records.length === 1 ? result.records[0]! : null
  if (record?.kind !== 'scalars') return false
  const [own, next] = [leavesOf(before, before)!, leavesOf(before, state)]
  const isOfPosition = (leaf: StateLeaf) => typeof leaf !== 'number' || leaf === record.step || leaf === record.epoch
  return next?.every((leaf, at) => Object.is(leaf, own[at]) || isOfPosition(leaf)) === true
}
