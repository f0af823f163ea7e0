import type { FormatSet } from '../formats/format-set.ts'
import type { LineResult } from '../formats/reader-state.ts'
import { type LogReaderState, readLogLine } from '../formats/source-readers.ts'
import { kernels } from '../kernels/kernels.ts'
import type { Line, Lines } from '../reading/lines.ts'
import type { ScalarsRecord } from '../records/format.ts'
import { learnTemplate } from './learn-template.ts'
import type { Hearing, LineReader, ReadLine } from './line-reading.ts'
import { shapeOf } from './line-tokens.ts'
import { MinuteClock } from './minute-clock.ts'
import { MOST_ROWS, RecordRun } from './record-run.ts'
import { isSame, leavesOf, type StateLeaf, withLeaves } from './state-leaves.ts'
import type { Template } from './template.ts'

const MOST_TEMPLATES = 24
const MOST_SHAPES = 256
const LONGEST_LINE_CHARS = 4096
/** So many lines of one template in a row are followed by more of them, for all that is known. */
const ROWS_ALIKE = 4
const ROWS_TO_REST = 64
/** In UTF-8, of a character of a string. */
const MOST_BYTES_OF_CHAR = 3
const HEARS_ALL: Hearing = { isSilent: () => false, countsEpochs: () => true }
const NO_LEAVES: readonly StateLeaf[] = []

/** When lines are learned from, and how often what was learned is checked. */
export interface Schooling {
  /** One of so many records that are read by their format is looked at. */
  readonly recordsPerLook: number
  /** A shape is learned once it was seen so often. */
  readonly looksOfShape: number
  /** How many lines are read for each number of one, about. */
  readonly probesOfNumber: number
  /**
   * So many lines the file is known to have for each one that is read for learning, and more where that came to nothing: what
   * a short log costs, learning must not double.
   */
  readonly linesPerProbe: number
  /** One of so many lines is read both ways. */
  readonly linesPerCheck: number
}

const SCHOOLING: Schooling = {
  recordsPerLook: 8,
  looksOfShape: 8,
  probesOfNumber: 60,
  linesPerProbe: 3,
  linesPerCheck: 1024,
}

/**
 * What has been learned of the lines of one file. It makes reading faster and changes nothing else: it may be dropped at any
 * time, and is not saved.
 */
export class LineTemplates {
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

  /** Whether to learn from a line that the reader has read in this state, as this, where so many lines are known to follow. */
  isToLearn(before: LogReaderState, { text }: Line, after: ReturnType<ReadLine>, rest: number): boolean {
    this.#records++
    // Not each n-th: lines of several shapes take turns.
    const isLookedAt = (Math.imul(this.#records, 0x9e37_79b1) >>> 16) % this.schooling.recordsPerLook === 0
    if (!isLookedAt || this.differences > 0 || text.length > LONGEST_LINE_CHARS || !isSteady(before, after))
      return false
    const shape = shapeOf(text)
    const seen = (this.#shapes.get(shape) ?? 0) + 1
    if (seen === 1 && this.#shapes.size >= MOST_SHAPES) this.#shapes.clear()
    this.#shapes.set(shape, seen)
    const { looksOfShape, probesOfNumber, linesPerProbe } = this.schooling
    const expected = probesOfNumber * shape.split(/0(?:\.0)?/).length
    const lines = this.#probes * (1 + this.#failures) + expected
    if (seen < looksOfShape || this.#records + rest < linesPerProbe * lines) return false
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
    if (this.list.length === MOST_TEMPLATES)
      this.#drop(this.list.toSorted((one, other) => one.lastUse - other.lastUse)[0]!)
    template.lastUse = this.hits
    this.list.push(template)
    // A word of it may be another one in other lines: those are learned as soon as this one was.
    this.#shapes.delete(shapeOf(line.text))
  }

  /** Takes note that a template reads lines. */
  use(template: Template): void {
    if (!template.isUsed) this.#failures--
    template.isUsed = true
    template.lastUse = this.hits
  }

  /** How many lines come before the next one that is read both ways; 0 where the next one is. */
  get linesToCheck(): number {
    const { linesPerCheck } = this.schooling
    const since = this.hits % linesPerCheck
    return since === 0 ? 0 : linesPerCheck - since
  }

  /** To be called when a piece of the log was read: what has been learned may be kept for days, what was read need not be. */
  letGo(): void {
    for (const template of this.list) template.letGo()
  }

  #drop(template: Template): void {
    this.list.splice(this.list.indexOf(template), 1)
    for (const other of this.list) if (other.follower === template) other.follower = other
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
  /** The bytes of a line that does not stand in its piece as its text does, and what ends it. */
  readonly #scratch = Buffer.allocUnsafe(MOST_BYTES_OF_CHAR * LONGEST_LINE_CHARS + 1)
  #run: RecordRun | null = null
  /** Whether the line that was read last is known to say nothing beside its record. */
  isSilent = false

  constructor(state: LogReaderState, reader: LineReader, templates: LineTemplates | null) {
    this.#state = state
    this.#reader = reader
    this.#templates = templates
  }

  /** The lines of a text. What a user has described is read by its reader alone. */
  static ofText(
    state: LogReaderState,
    path: string,
    formats: FormatSet,
    templates: LineTemplates | undefined,
    hearing: Hearing = HEARS_ALL,
  ): TemplatedLog {
    const read: ReadLine = (before, line) => readLogLine(before, line, path, formats)
    return new TemplatedLog(state, { read, ...hearing }, formats.described.length > 0 ? null : (templates ?? null))
  }

  /** The state behind the lines that were read. */
  get state(): LogReaderState {
    if (this.#leaves !== null) {
      this.#state = withLeaves(this.#last!.change.model, this.#leaves)
      this.#leaves = null
    }
    return this.#state
  }

  /** What a line is read as: by a template where one fits, else by the reader. */
  read(lines: Lines, index: number): readonly LineResult[] {
    return this.readFast(lines, index) ?? this.readSlowly(lines.at(index), lines.length - index)
  }

  /**
   * The records of the lines from one on, as far as they are read by templates, and by nothing of the state before them. Null
   * where the first is not. It holds until the next run is read.
   */
  readRun(lines: Lines, from: number): RecordRun | null {
    const templates = this.#templates
    if (templates === null || templates.list.length === 0) return null
    this.#run ??= new RecordRun()
    const run = this.#run
    run.begin(lines, from, (index, template) => this.#recordOf(lines, index, template, templates))
    const end = Math.min(lines.length, from + Math.min(MOST_ROWS, templates.linesToCheck))
    let last: Template | null = null
    // How many lines one template has read in a row.
    let inARow = 0
    for (let index = from; index < end; index++) {
      if (inARow >= ROWS_ALIKE && last!.shape !== null) {
        const rows = this.#addAll(run, lines, index, end, last!)
        index += rows
        // Where others stand between them, to ask costs more than it gains.
        inARow = rows < ROWS_ALIKE ? -ROWS_TO_REST : 0
        if (index === end) break
      }
      const template = this.#matching(lines, index, last?.follower ?? templates.list[0]!, run)
      if (template === null) break
      const { time } = template.reading
      const written = time === null ? template.reading.record.time : template.timeIn(time, templates.clock)
      // The state stays the one behind the row before.
      if (written === null && time !== null) break
      if (template !== last || !template.isRepeatable) {
        if (last !== null) this.#leave(last, run)
        if (!this.#suits(template)) {
          last = null
          break
        }
        if (last !== null) last.follower = template
        inARow = template === last ? inARow : Math.min(inARow, 0)
        last = template
      }
      inARow++
      run.add(template, written)
    }
    if (last !== null && run.length > 0) this.#leave(last, run)
    for (const template of run.templates) templates.use(template)
    templates.hits += run.length
    return run.length === 0 ? null : run
  }

  /** What a line is read as by a template; null where none fits. */
  readFast(lines: Lines, index: number): readonly LineResult[] | null {
    this.isSilent = false
    const templates = this.#templates
    const at = templates === null || templates.list.length === 0 ? null : this.#bytesOf(lines, index)
    if (templates === null || at === null) return null
    for (const template of templates.list) {
      if (!template.matches(at.bytes, at.start, at.end)) continue
      const before = templates.linesToCheck === 0 ? this.state : null
      const offset = lines.offsetOf(index)
      const record = this.#suits(template) ? template.record(offset, this.#leaves!, templates.clock) : null
      if (record === null) continue
      const line = lines.at(index)
      const result = template.result(line, record)
      templates.use(template)
      templates.hits++
      for (const { leaf, part, value } of template.change.writes)
        this.#leaves![leaf] = part === null ? value : template.valueOf(part)
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

  /** What the reader makes of a line, below which so many are known to stand. */
  readSlowly(line: Line, rest: number): readonly LineResult[] {
    const before = this.state
    const { state, results } = this.#reader.read(before, line)
    this.#state = state
    const isRecord = results.length === 1 && results[0]!.result.kind === 'records'
    if (isRecord && this.#templates?.isToLearn(before, line, { state, results }, rest) === true)
      this.#templates.learn(this.#reader, before, line)
    return results
  }

  /** Adds the lines from one on to a run that are of the template which read the line before. Returns how many. */
  #addAll(run: RecordRun, lines: Lines, from: number, to: number, template: Template): number {
    const rows = template.shape!.countIn(lines, from, to)
    const { numbers, spans } = kernels
    const { time, record } = template.reading
    if (time === null) return run.addAll(template, rows, numbers, record.time === null ? null : () => record.time)
    const { clock } = this.#templates!
    const base = rows === 0 ? 0 : lines.startOf(from)
    const timeOf = (row: number) =>
      template.timeAt(lines.plain!, base + spans[2 * row]!, numbers, row * template.numbers, clock)
    return run.addAll(template, rows, numbers, timeOf)
  }

  /** The template that a line within a run has the shape of. */
  #matching(lines: Lines, index: number, likely: Template, run: RecordRun): Template | null {
    const at = lines.plain === null ? this.#bytesOf(lines, index) : null
    if (at === null && lines.plain === null) return null
    const bytes = at?.bytes ?? lines.plain!
    const start = at?.start ?? lines.startOf(index)
    const end = at?.end ?? lines.endOf(index)
    if (run.isReadBy(likely, bytes, start, end)) return likely
    for (const template of this.#templates!.list)
      if (template !== likely && run.isReadBy(template, bytes, start, end)) return template
    return null
  }

  #recordOf(lines: Lines, index: number, template: Template, { clock }: LineTemplates): ScalarsRecord {
    const { bytes, start, end } = this.#bytesOf(lines, index)!
    template.matches(bytes, start, end)
    return template.record(lines.offsetOf(index), NO_LEAVES, clock)!
  }

  /** The bytes of a line in UTF-8; null for one that is too long to be made into such. */
  #bytesOf(lines: Lines, index: number): { bytes: Uint8Array; start: number; end: number } | null {
    if (lines.plain !== null) return { bytes: lines.plain, start: lines.startOf(index), end: lines.endOf(index) }
    const { text } = lines.at(index)
    if (text.length > LONGEST_LINE_CHARS) return null
    const end = this.#scratch.write(text)
    this.#scratch[end] = 0
    return { bytes: this.#scratch, start: 0, end }
  }

  /** Makes the state the one behind the last row of a run. */
  #leave(template: Template, run: RecordRun): void {
    for (const { leaf, part, value } of template.change.writes)
      this.#leaves![leaf] = part === null ? value : run.numberIn(run.length - 1, template.numberOf(part))
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

  #isRight(before: LogReaderState, line: Line, result: LineResult): boolean {
    const { state, results } = this.#reader.read(before, line)
    const leaves = leavesOf(this.#last!.change.model, state)
    const isSameState = leaves?.every((leaf, at) => isSame(leaf, this.#leaves![at])) === true
    return isSameState && isSame(results, [result])
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
