import { isFinite } from '../../protocol/value.ts'
import type { Reject } from '../../protocol/wire.ts'
import type { FrameResult } from '../formats/containers/container.ts'
import { DocumentPass } from '../formats/documents/document-pass.ts'
import { type DocumentState, NOTHING_TOLD } from '../formats/documents/document-state.ts'
import { saysOver } from '../formats/documents/streamed-list.ts'
import { readFrame } from '../formats/frame-reader.ts'
import { type LineResult, startReader } from '../formats/reader-state.ts'
import { finishLog, flushLog } from '../formats/source-readers.ts'
import { hiddenAfter } from '../hidden/hidden-in-columns.ts'
import { type HiddenState, hiddenInLine, hiddenInRecord, toldRecord } from '../hidden/hidden-values.ts'
import { tellsOfEnd } from '../hidden/nan-messages.ts'
import { isText } from '../job/crash-patterns.ts'
import { isOfTraining } from '../job/ending.ts'
import { hasErrorField, isOfError, mayTellError, wordsInFields } from '../job/field-words.ts'
import { isOfClient } from '../job/finish-words.ts'
import { type Said, saidIn } from '../job/said.ts'
import { isLineOfError, opensTraceback, TRACEBACK } from '../job/traceback.ts'
import type { Sequences } from '../measure/aligned-sequences.ts'
import { type Line, type LineSpan, type Lines, wholeText } from '../reading/lines.ts'
import { isNanwatchLine } from '../reading/nanwatch-line.ts'
import { hasLosses, NO_LOSSES_SEEN, withActing } from '../records/acting-losses.ts'
import { type LogRecord, type ParseResult, type ScalarsRecord, SKIP } from '../records/format.ts'
import { parsePythonJson } from '../records/python-json.ts'
import { type FileState, MAX_SERIES } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import { ELEMENT_READER } from '../templates/element-reader.ts'
import type { RecordRun } from '../templates/record-run.ts'
import { TemplatedLog } from '../templates/templated-log.ts'
import { type CalmStretch, calmReach, calmStretch, MOST_KINDS, RowPlans, type RowSource } from './calm-rows.ts'
import { type ElementsRead, type FramesRead, type LinesRead, NO_LINES } from './content.ts'
import type { FoldedRecords } from './folded-records.ts'
import { JobEnd } from './job-end.ts'
import type { Read, Rules } from './read.ts'
import { RecordList } from './record-list.ts'
import { RecordFold } from './record-to-alerts.ts'
import { gluedTo, HEARING } from './silent-line.ts'
import { UserRules } from './user-rules.ts'

/** Everything that one read changes in a file and its run. It is committed as a whole or not at all. */
export interface Advance extends FoldedRecords {
  readonly rejects: readonly Reject[]
  /**
   * Whether the cursor stays and the file is read again: once it changes, because it is still being written, or now,
   * because it holds more than one commit should; or from its first byte on, because it does not go on where an earlier version
   * ended, or is to be read as a whole.
   * Null where the cursor moves on.
   */
  readonly isToBeReadAgain: 'when-changed' | 'now' | 'from-start' | 'as-a-whole' | null
  /** The lines that may say something beside the records in them. */
  readonly heeded: Lines
}

const EXCERPT_CHARACTERS = 200
/** So many records are looked at together, and twice as many each time that nothing was found in them. */
const LEAST_ROWS = 16
const MOST_CALM_ROWS = 1024
/** A record of another kind, a few like it, and those behind it until what they have is regular again. */
const BESIDE_ODD = 8
/** So many records of content that is not text wait to be judged together. */
const MOST_WAITING = 2048

/**
 * Folds what one read brought into the states of its file and run, without any I/O.
 *
 * It goes record by record, so how the bytes were cut into reads changes nothing.
 */
export function advance(read: Read, file: FileState, memory: RunMemory, rules: Rules): Advance {
  const fold = new RecordFold(read, file, memory, rules)
  const rejects: Reject[] = []
  const { formats } = rules
  const jobEnd = new JobEnd(read, file, fold)
  const plans = new RowPlans()
  const calm: LineSpan[] = []
  const userRules = new UserRules(file.userRules, rules.userRules ?? [], read.run, fold)
  let { reader, wrapped, hidden, losses = NO_LOSSES_SEEN } = file
  let isToBeReadAgain: Advance['isToBeReadAgain'] = null

  const reject = (offset: number, { reason, detail }: Problem, text = '') => {
    rejects.push({ run: read.run, file: read.file, offset, reason, detail, excerpt: text.slice(0, EXCERPT_CHARACTERS) })
  }
  const judge = (asRead: LogRecord, { offset, text, said }: JudgedLine) => {
    if (fold.isPassedOver(asRead)) return
    const acted = withActing(losses, asRead)
    const { record } = acted
    losses = acted.seen
    const told = toldRecord(hidden, record)
    if (told !== null) {
      fold.record(told, losses)
      read.listener?.record(told)
      return
    }
    jobEnd.record(record, text, offset, said === 'nothing' ? null : said?.writer)
    const before = fold.samples.length
    const sequences = fold.firstSequencesIn(record)
    if (sequences !== null) reject(record.offset, aligned(sequences), text)
    if (fold.record(record, losses)) reject(record.offset, FULL, text)
    jobEnd.afterRecord(record)
    read.listener?.record(record)
    if (!userRules.areNone) userRules.record(record, fold.samples.last(fold.samples.length - before))
    const found = hiddenInRecord(hidden, record)
    hidden = found.state
    for (const value of found.hidden) fold.record(value, losses)
  }
  /** Whether a line that was read is that of an exception. A record may stand between the lines of a traceback. */
  const isErrorWith = (records: readonly LogRecord[], text: string) =>
    isLineOfError(text, jobEnd.isInTraceback && !records.some(isOfTraining))
  // A frame has no text: it is given as ''.
  const take = (asRead: ParseResult, { offset, text, said, isHeard = false }: ToldLine) => {
    const hear = (words: string, bare: Said | undefined) => {
      if (!isHeard) jobEnd.line({ offset, text: words, ...(bare !== undefined && { said: bare }) })
    }
    const isError = asRead.kind === 'records' && isErrorWith(asRead.records, said?.bare ?? text)
    // What an exception says is no progress of a job. A loss that it tells may be no number.
    if (isError) for (const record of asRead.records) if (tellsLostLoss(record)) fold.record(record, losses)
    const result = isError ? SKIP : asRead
    if (result.kind === 'records') {
      for (const record of result.records) judge(record, { offset, text, said })
      // Standard error may be written into the middle of a record's line.
      const isAllFinite = result.records.every(isFiniteRecord)
      const isOfTrainer = result.records.some(isOfTraining)
      const isOfEnd = holdsTraceback(text, isOfTrainer) || (!isAllFinite && tellsOfEnd(text))
      const below = isOfEnd ? text : gluedTo(text)
      if (below !== null) hear(below, below === text ? said : undefined)
      // A place in the code and the number of a process are no progress of the job.
      const isAside = !isOfTrainer && mayTellError(text)
      if (below === null && isAside && wordsInFields(said?.bare ?? text)?.some(isOfError) === true) hear(text, said)
      if (result.records.length > 0 && isAllFinite) jobEnd.unread({ offset, text, hasLosses: hasLosses(losses) })
      if (result.unread !== undefined) reject(offset, { reason: 'too-many-values', detail: result.unread }, text)
      return
    }
    if (result.kind === 'reject') reject(offset, result, text)
    else read.listener?.skippedLine({ offset, text })
    // The last words of a job stand below the rows of a table, too. What broken data holds, such as a sample's text, is none.
    const isOfJob = result.kind === 'skip' || result.isProse === true || jobEnd.isInTraceback
    if (isOfJob || text.includes(TRACEBACK)) hear(text, said)
    if (isText(text.toLowerCase())) return
    if (!jobEnd.isInTraceback) jobEnd.unread({ offset, text, hasLosses: hasLosses(losses) })
    const found = hiddenInLine(hidden, text, offset)
    hidden = found.state
    for (const value of found.hidden) fold.record(value, losses)
    if (found.told !== undefined) fold.record(found.told, losses)
  }
  const takeLines = (results: readonly LineResult[]) => {
    for (const { line, result, hearing } of results) {
      const told: ToldLine = { offset: line.offset, text: wholeText(line), said: saidIn(line) }
      if (hearing === 'only') jobEnd.line(told)
      else take(result, { ...told, isHeard: hearing === 'done' })
    }
  }
  /** Takes a line that no template reads. */
  const takeLine = (log: TemplatedLog, line: Line, rest: number) => {
    if (isNanwatchLine(line.text)) return
    // The summary of a client holds the last values again, be it after a crash.
    if (isOfClient(line.text)) take(SKIP, line)
    else takeLines(log.readSlowly(line, rest))
  }
  /** Takes the record of a line that says nothing beside it. */
  const takeSilent = (record: LogRecord, lines: Lines, index: number) => {
    const offset = lines.offsetOf(index)
    const text = lines.wordsOf(index)
    judge(record, { offset, text, said: 'nothing' })
    if (jobEnd.isWatchingUnread) jobEnd.unread({ offset, text, hasLosses: hasLosses(losses) })
  }
  /** The state behind records that hide nothing; null where one of them may. */
  const hiddenBehind = ({ source, from, length, kinds }: CalmStretch): HiddenState | null => {
    const [only] = kinds
    if (kinds.length === 1) return hiddenAfter(hidden, { ...only!, record: only!.plan.record })
    if (hidden.told !== undefined) return null
    let state = hidden
    for (let row = from; row < from + length; row++) {
      const found = hiddenInRecord(state, withActing(losses, source.recordOf(row)).record)
      if (found.hidden.length > 0) return null
      ;({ state } = found)
    }
    return state
  }
  const planOf = (kind: ScalarsRecord) => plans.of(kind, losses)
  const takeCalmly = (source: RowSource, from: number, length: number): boolean => {
    if (!jobEnd.isCalm) return false
    const stretch = calmStretch(planOf, source, from, length)
    const hiddenNow = stretch === null ? null : hiddenBehind(stretch)
    if (stretch === null || hiddenNow === null || !fold.rows(stretch)) return false
    hidden = hiddenNow
    jobEnd.rows(stretch)
    read.listener?.rows?.(stretch)
    return true
  }
  const isHeard = read.listener !== undefined && read.listener.rows === undefined
  const areTakenTogether = read.isOneByOne !== true && !isHeard && userRules.areNone
  /** How many are looked at together next; 0 as long as those before were not calm. */
  let most = 0
  /** Takes records that say nothing beside their values: together as long as nothing is found in them, else one by one. */
  const takeRows = (
    source: RowSource,
    kinds: number,
    takeOne: (row: number) => void,
    onCalm: (from: number, length: number) => void,
  ) => {
    const least = LEAST_ROWS * kinds
    const mayBeCalm = areTakenTogether && kinds <= MOST_KINDS
    for (let row = 0; row < source.length; ) {
      const wanted = Math.min(Math.max(least, most), source.length - row)
      const isWorthIt = mayBeCalm && (wanted >= least || most > 0)
      const reach = isWorthIt ? calmReach(planOf, source, row, wanted) : wanted
      const isShort = reach < Math.min(wanted, LEAST_ROWS)
      const isCalm = isWorthIt && !isShort && takeCalmly(source, row, reach)
      if (isCalm) onCalm(row, reach)
      // A record of another kind, with those beside it. Of many in which one is odd, the next few: those behind it may be calm.
      const next = isShort ? Math.min(reach + BESIDE_ODD, source.length - row) : Math.min(reach, least)
      const alone = isCalm ? 0 : next
      for (let at = row; at < row + alone; at++) takeOne(at)
      row += isCalm ? reach : alone
      if (isCalm) most = Math.min(2 * Math.max(least, most), MOST_CALM_ROWS)
      else if (!isShort) most = 0
    }
  }
  const takeRun = (run: RecordRun) => {
    const takeOne = (row: number) => takeSilent(run.recordOf(row), run.lines, run.from + row)
    const shapes = new Set(run.templates.map(({ reading }) => planOf(reading.record)?.shape))
    takeRows(run, shapes.size, takeOne, (from, length) => {
      let row = from
      while (row < from + length) {
        const first = row
        while (row < from + length && !run.templateOf(row).reading.countsEpochs) row++
        if (row > first) calm.push({ from: run.from + first, length: row - first })
        row++
      }
    })
  }
  const stateOfLog = () => ({ reader, ...(wrapped === undefined ? {} : { wrapped }) })
  /** Records of content that is not text wait here to be judged together. */
  const waiting = new RecordList()
  const takeWaiting = () => {
    const takeOne = (row: number) => judge(waiting.recordOf(row), { offset: waiting.offsetOf(row), text: '' })
    takeRows(waiting, waiting.kinds, takeOne, () => undefined)
    waiting.clear()
  }
  /** Takes what stands in no line. What follows the records that wait may need what they show. */
  const takeResults = (results: readonly FrameResult[]) => {
    for (const { offset, result } of results) {
      const isPlain = areTakenTogether && result.kind === 'records' && result.unread === undefined
      if (isPlain && jobEnd.isCalm && waiting.add(result.records)) {
        if (waiting.length >= MOST_WAITING) takeWaiting()
        continue
      }
      takeWaiting()
      take(result, { offset, text: '' })
    }
  }
  const takeText = ({ lines, longLines, turnsBinary }: LinesRead) => {
    for (const { offset, capBytes, excerpt } of longLines) {
      reject(offset, { reason: 'line-too-long', detail: `longer than ${capBytes} bytes` }, excerpt)
    }
    if (turnsBinary) reject(0, BINARY)
    const log = TemplatedLog.ofText(stateOfLog(), read.file, formats, read.templates, HEARING)
    for (let index = 0; index < lines.length; ) {
      const run = jobEnd.isInTraceback ? null : log.readRun(lines, index)
      if (run !== null) {
        takeRun(run)
        index += run.length
        continue
      }
      const fast = log.readFast(lines, index)
      const silent = log.isSilent && !jobEnd.isInTraceback ? onlyRecordIn(fast) : null
      if (silent !== null) takeSilent(silent, lines, index)
      else if (fast !== null) takeLines(fast)
      else takeLine(log, lines.at(index), lines.length - index)
      index++
    }
    ;({ reader, wrapped } = log.state)
  }
  const takeFrames = ({ container, name, frames }: FramesRead) => {
    const configured = container.name === formats.document.name ? formats.document : container
    for (const frame of frames) {
      const step = readFrame(reader, configured, frame, name)
      // A file that is still being written is read again once it has changed. A finished one gets no longer.
      if (step.isIncomplete && !read.isFinal) {
        isToBeReadAgain = 'when-changed'
        return
      }
      reader = step.state
      takeResults(step.results)
      if (step.exitCode !== null || step.isIncomplete) takeWaiting()
      if (step.exitCode !== null) jobEnd.exit(step.exitCode, frame.offset)
      const isTold = step.results.some(({ result }) => result.kind === 'reject')
      if (step.isIncomplete && !isTold) reject(frame.offset, CUT_SHORT)
      if (step.hasMore) isToBeReadAgain = 'now'
    }
  }

  const takeElements = (content: ElementsRead) => {
    const { container, list, elements, outline, damage, isCutAt } = content
    const own = reader.format === container.name ? (reader.inner as DocumentState) : NOTHING_TOLD
    const stateOf = (inner: DocumentState) => ({ ...startReader(), format: container.name, inner, hasRecords })
    let { hasRecords } = reader
    if (formats.document.listIn === undefined) {
      isToBeReadAgain = 'as-a-whole'
      return
    }
    const pass = new DocumentPass(own, content)
    // Behind values that no bracket closes more may come.
    const isOver = list.isClosed ? outline !== null : read.isFinal
    if (pass.firstNew === null || (isOver && pass.isShorter)) {
      reader = stateOf(pass.forgotten)
      isToBeReadAgain = 'from-start'
      return
    }
    const log = new TemplatedLog({ reader: startReader() }, ELEMENT_READER, read.templates ?? null)
    for (let index = pass.firstNew; index < elements.length; ) {
      const run = pass.areCounted ? log.readRun(elements, index) : null
      if (run !== null) {
        takeWaiting()
        takeRun(run)
        hasRecords = true
        index += run.length
        continue
      }
      const result = pass.areCounted ? log.read(elements, index)[0]!.result : pass.resultAt(index)
      hasRecords ||= result.kind === 'records'
      takeResults([{ offset: elements.offsetOf(index), result }])
      index++
    }
    takeWaiting()
    reader = stateOf(pass.after)
    if (damage !== null) reject(damage.offset, { reason: 'broken-json', detail: damage.detail })
    if (isCutAt !== null) reject(isCutAt, CUT_SHORT)
    if (outline === null) return
    const parsing = parsePythonJson(outline, Number.POSITIVE_INFINITY)
    if (!parsing.ok) reject(list.startBytes, { reason: parsing.reason, detail: parsing.detail })
    else if (saysOver(list.kind, parsing.value)) jobEnd.exit(0, 0)
  }

  const { content } = read
  switch (content.kind) {
    case 'lines':
      takeText(content)
      break
    case 'frames':
      takeFrames(content)
      takeWaiting()
      break
    case 'elements':
      takeElements(content)
      break
    case 'rows':
      reader = { ...startReader(), format: content.format, hasRecords: true }
      takeResults(content.results)
      takeWaiting()
      break
    case 'records':
      for (const record of content.records) judge(record, { offset: record.offset, text: '' })
      break
  }
  read.templates?.letGo()
  if (read.isJobOver === true || read.isWaitOver === true) {
    const waited = flushLog(stateOfLog(), read.file, formats)
    ;({ reader, wrapped } = waited.state)
    takeLines(waited.results)
  }
  if (read.isFinal) {
    const last = finishLog(stateOfLog(), read.file, formats)
    ;({ reader, wrapped } = last.state)
    takeLines(last.results)
  }
  if (read.isUncaught === true) jobEnd.endWaiting()
  if (read.isFinal || read.isJobOver === true) jobEnd.end()
  jobEnd.endRead()
  fold.ranks(jobEnd.ranks)
  if (content.kind === 'frames' && content.damage !== null) {
    reject(0, { reason: 'broken-frame', detail: content.damage })
  }
  if (content.kind === 'lines' && content.damage !== null) reject(content.damage.offset, damaged(content.damage.reason))

  return {
    ...fold.outcome(
      {
        reader,
        ...(wrapped === undefined ? {} : { wrapped }),
        ...(hasLosses(losses) && { losses }),
        hidden,
        userRules: userRules.state,
        ...jobEnd.states,
      },
      rejects.length,
    ),
    rejects,
    isToBeReadAgain,
    heeded: content.kind === 'lines' ? content.lines.without(calm) : NO_LINES.lines,
  }
}

/** A line, and what it says without what stands before it. */
type ToldLine = Pick<Line, 'offset' | 'text'> & {
  readonly said?: Said | undefined
  /** Whether what it says of its job was taken in before. */
  readonly isHeard?: boolean
}
/** The same of one that may say nothing beside its record. */
type JudgedLine = Pick<Line, 'offset' | 'text'> & { readonly said?: Said | 'nothing' | undefined }

/** Whether a record holds metrics, and all that was read of them is finite. */
function tellsLostLoss(record: LogRecord): boolean {
  return record.kind === 'scalars' && isOfTraining(record) && !isFiniteRecord(record)
}

function onlyRecordIn(results: readonly LineResult[] | null): LogRecord | null {
  const result = results?.[0]?.result
  return result?.kind === 'records' ? result.records[0]! : null
}

function isFiniteRecord(record: LogRecord): boolean {
  return record.kind === 'scalars' && record.scalars.every(({ value }) => isFinite(value))
}

/**
 * Whether the line of a record holds a traceback of the job. Beside values of training one in the middle of the line is
 * the text of a sample, unless its field is one for errors.
 */
function holdsTraceback(text: string, isOfTrainer: boolean): boolean {
  if (!text.includes(TRACEBACK)) return false
  return !isOfTrainer || opensTraceback(text) || hasErrorField(text)
}

type Problem = Pick<Extract<ParseResult, { kind: 'reject' }>, 'reason' | 'detail'>

const CUT_SHORT: Problem = { reason: 'broken-frame', detail: 'the file ends before its content does' }
const FULL: Problem = {
  reason: 'too-many-values',
  detail: `more than ${MAX_SERIES} metrics in one file: values under further names are not read`,
}
const BINARY: Problem = { reason: 'binary', detail: 'not a text file: its first 4 KiB are those of a binary one' }

/** Said once of a file: its loss is another than that of rows with a label each. */
function aligned({ shapes }: Sequences): Problem {
  const detail = `${shapes}: sequences that the loss aligns, as CTC does; it is not computed anew`
  return { reason: 'bad-batch', detail }
}

function damaged(why: string): Problem {
  const detail = `the compressed file is damaged or cut short (${why}): its content after this byte is not read`
  return { reason: 'damaged', detail }
}
