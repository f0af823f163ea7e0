import { isFinite } from '../../protocol/value.ts'
import { crashIn } from '../alerts/deaths.ts'
import type { RankSeen } from '../alerts/fall.ts'
import { stamped } from '../detect/finding.ts'
import type { LogEvent } from '../detect/log-rule.ts'
import { nonFinite } from '../detect/non-finite.ts'
import { unreadNan } from '../detect/unread-nan.ts'
import { processInPath } from '../formats/rank-names.ts'
import { mayHoldNonFinite } from '../hidden/unread-values.ts'
import { afterRecord, isCalm, isCaughtAgain } from '../job/after-record.ts'
import { exitCodeIn, isOfTraining, saysFinished, saysMore } from '../job/ending.ts'
import { type FieldWords, isOfError, wordsInFields } from '../job/field-words.ts'
import { FINISHED_METRIC } from '../job/finish-words.ts'
import {
  afterDoubt,
  afterEnd,
  afterExit,
  afterFinish,
  afterLine,
  afterResult,
  afterSurvival,
  afterTold,
  afterWaiting,
  type Crash,
  type LastWords,
  type LastWordsOutcome,
  SILENT,
} from '../job/last-words.ts'
import { clockMsOf } from '../job/line-clock.ts'
import { abortedRank, beginOfDeath, isDead, isOfMarked } from '../job/marked-deaths.ts'
import type { PassPoint } from '../job/passes.ts'
import {
  type LineWriter,
  rankHeaded,
  rankNamedIn,
  rankOfLine,
  rankOfPath,
  type Told,
  tellsOfRank,
  toldIn,
} from '../job/rank-words.ts'
import { saysResumed } from '../job/resumed.ts'
import { type Said, wordsOf } from '../job/said.ts'
import { isOfShell } from '../job/sign-words.ts'
import { laterOf } from '../job/step-of-death.ts'
import { givesResult, showsSurvival } from '../job/survival.ts'
import { type Origin, opensTraceback, type Survival, TRACEBACK } from '../job/traceback.ts'
import { isOfTracker } from '../job/tracker-words.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { FileState } from '../state/file-state.ts'
import { rankInField } from '../wrapping/rank-field.ts'
import type { CalmRows, CalmStretch } from './calm-rows.ts'
import { LogRules } from './log-rules.ts'
import type { Read } from './read.ts'
import type { RecordFold } from './record-to-alerts.ts'
import { deathOf } from './told-death.ts'

type Rank = number | null
const OF_NO_RANK: readonly Rank[] = [null]

/** Ranks that work together make few steps without one that died: those that they had made, and not yet written. */
const STEPS_WITHOUT = 2
/** The most ends of ranks that are kept. */
const MOST_TOLD = 64

/**
 * Reads how the job ended from what one read brings: its lines without data, its exit code and its end.
 *
 * The fold learns the ending, and the rules about a whole log see the events.
 */
export class JobEnd {
  /** The last words of each rank whose lines have a mark, and under null those of all other lines. */
  readonly #all: Map<Rank, LastWords>
  /** The rank that the lines and records belong to which are read now. */
  #rank: Rank = null
  /** The line of the newest record, in a file without marks: its clock is read once it is asked for. */
  #newest = ''
  /** The time of the first record; null where it has none, and undefined before there is one. */
  #beganMs: number | null | undefined
  /** Whether the record that is read now stands above a death that was read before it. */
  #isLate = false
  readonly #file: string
  /** The rank whose log the file is. */
  readonly #fileRank: Rank
  readonly #rules: LogRules
  readonly #fold: RecordFold
  /** Whether a living process may hold the file. */
  readonly #isHeld: () => boolean
  /** Where the exception stands that an earlier read told of. */
  readonly #offsetBefore: number | undefined
  /** Whether one does that was there before what this read goes on from. */
  readonly #isOfSameProcess: () => boolean

  constructor(
    { file, isHeld = () => false, isOfSameProcess = () => false }: Pick<Read, 'file' | 'isHeld' | 'isOfSameProcess'>,
    { words, rankWords = {}, logRules }: FileState,
    fold: RecordFold,
  ) {
    this.#file = file
    this.#isHeld = isHeld
    this.#isOfSameProcess = isOfSameProcess
    this.#offsetBefore = words.crash?.offset
    this.#fileRank = rankOfPath(file)
    const ofRanks = Object.entries(rankWords).map(([rank, own]) => [Number(rank), own] as const)
    this.#all = new Map<Rank, LastWords>([[null, words], ...ofRanks])
    this.#beganMs = words.beganMs ?? (words.lastStep === null ? undefined : null)
    this.#rules = new LogRules(logRules, fold.settings.ofRun)
    this.#fold = fold
    if (fold.takeOutlived()) for (const [rank, { lastStep }] of this.#all) this.#all.set(rank, { ...SILENT, lastStep })
  }

  get states(): Pick<FileState, 'words' | 'rankWords' | 'logRules'> {
    const { [String(null)]: unmarked = SILENT, ...rankWords } = Object.fromEntries(this.#all)
    const hasRanks = this.#all.size > 1
    const clockMs = unmarked.clockMs ?? clockMsOf(this.#newest)
    const beganMs = this.#beganMs ?? null
    const words = { ...unmarked, ...(clockMs !== null && { clockMs }), ...(beganMs !== null && { beganMs }) }
    return { words, ...(hasRanks ? { rankWords } : {}), logRules: this.#rules.states }
  }

  /** How far the ranks have come whose lines stand in the file, or the process whose log it is. */
  get ranks(): readonly RankSeen[] {
    return [...this.#all].flatMap(([mark, { lastStep }]) => {
      const rank = mark ?? this.#fileRank
      const isKnown = rank !== null || (this.#all.size === 1 && processInPath(this.#file) !== null)
      return isKnown ? [{ rank, file: this.#file, step: lastStep }] : []
    })
  }

  /** Whether a traceback, or the report of a launcher, has begun whose last line is still to come. */
  get isInTraceback(): boolean {
    for (const { open } of this.#all.values()) if (open !== null) return true
    return false
  }

  line(line: Pick<Line, 'offset' | 'text'> & { readonly said?: Said | undefined }): void {
    const words = wordsInFields(line.said?.bare ?? line.text)
    const writer = line.said?.writer ?? writerInFields(line.text, words)
    if (words === null) this.#line(line, line.text, writer)
    else for (const each of words) this.#line({ ...each, offset: line.offset }, line.text, writer)
  }

  /** `whole` is the line in which it stands: its clock, and the mark of who wrote it. */
  #line(
    { offset, text, said }: Pick<Line, 'offset' | 'text'> & { readonly said?: Said | undefined },
    whole: string,
    writer: LineWriter | undefined,
  ): void {
    this.#turnTo(this.#rankOf(whole, writer))
    this.#note(text, offset)
    if (whole !== text) this.#noteClock(whole)
    const isUnasked = this.#isAnyDead() && isOfTracker(text, this.#words.before)
    this.#ofEach(() => {
      const { open, crash, suspect } = this.#words
      if (isUnasked) return
      const isShownBy = (known: Pick<Crash, 'survivedBy' | 'from'>) =>
        showsSurvival(text, known) || (whole !== text && showsSurvival(whole, known))
      if (open === null && crash !== null && isShownBy(crash)) this.#survive(offset, 'survived')
      else if (open === null && isCaughtAgain(this.#words, text)) this.#survive(offset, 'caught')
      else if (open === null && crash?.from !== undefined && this.#isSaidLater(crash, text))
        this.#survive(offset, 'survived')
      else if (open === null && crash !== null && givesResult(text)) this.#apply(afterResult(this.#words))
      if (suspect != null && isShownBy({ survivedBy: 'words' })) this.#words = { ...this.#words, suspect: null }
    })
    if (!isUnasked && this.#words.crash === null && saysFinished(text)) this.#finish()
    else if (this.#words.isFinished && saysMore(text)) this.#goOn()
    if (this.#fold.isCrashed && this.#words.open === null && saysResumed(text)) this.#resume(text)
    const code = exitCodeIn(text)
    // In a session of a shell it is the code of the shell.
    if (code !== null && !isOfShell(this.#words.before)) this.exit(code, offset)
    this.#apply(
      afterLine(
        this.#words,
        { offset, text: wordsOf(this.#words, text, said) },
        () => this.#fold.hasCountedOutBy(offset),
        this.#isHeld,
      ),
    )
    this.#observe({ kind: 'line', text }, this.#words.lastStep, offset)
  }

  /** Whether lines with values that are not read stand above: each line below counts for them then. */
  get isWatchingUnread(): boolean {
    return this.#rules.states?.[unreadNan.name] !== undefined
  }

  /** Takes in a line of which nothing was read, or no value that is not finite. */
  unread(line: Omit<Extract<LogEvent, { kind: 'unread' }>, 'kind'>): void {
    // Where one is read, nobody need be told that another one is not.
    if (this.#fold.open.some(({ alert }) => alert.rule === nonFinite.name)) return
    if (this.isWatchingUnread || mayHoldNonFinite(line.text))
      this.#observe({ kind: 'unread', ...line }, this.#words.lastStep, line.offset)
  }

  /** Takes in the exit code of the process, where the log gives it. */
  exit(code: number, offset: number): void {
    if (code === 0) this.#finish()
    else this.#apply(afterExit(this.#words, code, offset, () => this.#fold.hasCountedOutBy(offset)))
  }

  /**
   * Takes in a record and the line in which it ends. To be called before the record is folded: until then the fold stands
   * at the place that the file was at. `offset` is that of the line: while the format of a log is unsure its records wait,
   * and are read after lines that stand below them. `told` is who wrote it by what stands before it, or null where it is
   * known that nothing in it says so.
   */
  record(record: LogRecord, text: string, offset: number, told?: LineWriter | null): void {
    const writer = this.#rankOf(text, told)
    this.#turnTo(writer)
    if (this.#beganMs === undefined) this.#beganMs = clockMsOf(text)
    const at = passPointOf(record)
    const { step } = at
    this.#isLate = this.#isAboveDeath(offset)
    if (this.#isLate) {
      this.#words = { ...this.#words, lastStep: step ?? this.#words.lastStep }
      return
    }
    if (this.#fold.isEndedElsewhere && isOfTraining(record)) this.#goOnElsewhere(step, text)
    const spoken = writer === null ? OF_NO_RANK : [null, writer]
    for (const rank of this.#isAnyDead() ? this.#all.keys() : spoken) {
      this.#turnTo(rank)
      const isOwn = rank === writer || rank === null
      if (!isOwn && !this.#isPassedBy(step)) continue
      const { crash, lastStep, passes, label } = this.#words
      const { words, over } = afterRecord(this.#words, at, isOfTraining(record), () => this.#isOfPrinter)
      if (over === 'restarted') this.#apply(afterWaiting(this.#words))
      const after = isOwn ? words : { ...words, lastStep, passes }
      this.#words = label === undefined ? after : { ...after, label }
      if (over !== null && crash !== null) this.#observe({ kind: 'revival', how: over, step }, step, record.offset)
    }
    this.#turnTo(writer)
    if (this.#all.size === 1) this.#newest = text
    else this.#noteClock(text)
  }

  /** Whether one job alone writes to the file, of whose end nothing was said, and which has written a record. */
  get isCalm(): boolean {
    if (this.#all.size > 1 || this.#beganMs === undefined || this.isWatchingUnread) return false
    return isCalm(this.#unmarked) && !this.#fold.isEndedElsewhere
  }

  /** Takes in records of a job that is calm. */
  rows({ source, from, length, kinds, kindOf, indexOf }: CalmStretch): void {
    const points = kinds.map(pointsOf)
    this.#turnTo(null)
    this.#isLate = false
    let words = this.#words
    for (let row = 0; row < length; row++) {
      const kind = kindOf[row]!
      // Among neighbours of one kind each step is above the one before: the last of them says again what those before it say.
      const isBetween = row > 0 && row < length - 1 && kindOf[row - 1] === kind && kindOf[row + 1] === kind
      if (isBetween) continue
      const { pointAt, isTraining } = points[kind]!
      ;({ words } = afterRecord(words, pointAt(indexOf[row]!), isTraining))
    }
    const { label } = this.#words
    this.#words = label === undefined ? words : { ...words, label }
    this.#newest = source.textOf(from + length - 1)
  }

  /** To be called after the record was folded: one that sums up the whole run is the last of its training. */
  afterRecord(record: LogRecord): void {
    if (record.kind === 'scalars' && record.scalars.some(({ metric }) => metric.endsWith(FINISHED_METRIC)))
      this.#finish()
    // What one rank writes does not undo the death of another.
    const dead = this.#all.size > 1 || this.#isLate ? [...this.#all.values()].filter(isDead) : []
    if (dead.length === 0) return
    this.#fold.ending('crashed', dead.every(({ crash }) => crash?.survivedBy === 'words') ? { by: 'words' } : {})
  }

  /** Takes in that the read is over. */
  endRead(): void {
    const clockMs = clockMsOf(this.#newest)
    if (clockMs !== null && this.#all.size === 1) this.#fold.dated(this.#fileRank, clockMs)
  }

  /** Takes in that nobody caught the exceptions that waited. */
  endWaiting(): void {
    this.#ofEach(() => this.#apply(afterWaiting(this.#words)))
  }

  /** Takes in the end of the log. */
  end(): void {
    this.#ofEach(() => {
      const { crash } = this.#words
      if (crash?.survivedBy === 'words' && this.#fold.isFinishedElsewhere) this.#survive(crash.offset, 'survived')
      else if (crash?.from === 'logged' && this.#fold.hasGoneOnElsewhere(this.#attributed(crash)))
        this.#survive(crash.offset, 'caught')
      this.#apply(afterEnd(this.#words))
    })
  }

  /** Whether the process that printed an exception, which an earlier read told of, says now that it came to its end. */
  #isSaidLater(crash: Crash, text: string): boolean {
    const isOfEarlierRead = crash.offset === this.#offsetBefore
    return isOfEarlierRead && showsSurvival(text, { survivedBy: 'words' }) && this.#isOfPrinter
  }

  /** Whether the process that printed an exception writes on, where it writes for no others. */
  get #isOfPrinter(): boolean {
    return this.#all.size === 1 && this.#isOfSameProcess()
  }

  get #words(): LastWords {
    return this.#all.get(this.#rank) ?? SILENT
  }

  set #words(words: LastWords) {
    this.#all.set(this.#rank, words)
  }

  get #unmarked(): LastWords {
    return this.#all.get(null) ?? SILENT
  }

  #turnTo(rank: Rank): void {
    this.#rank = rank
    if (!this.#all.has(rank)) this.#all.set(rank, { ...SILENT, isFinished: this.#unmarked.isFinished })
  }

  /** Does something with the words of each rank. */
  #ofEach(act: () => void): void {
    const rank = this.#rank
    for (const each of this.#all.keys()) {
      this.#rank = each
      act()
    }
    this.#rank = rank
  }

  #isAboveDeath(offset: number): boolean {
    for (const words of this.#all.values()) if (offset < beginOfDeath(words)) return true
    return false
  }

  #isAnyDead(): boolean {
    for (const { crash, suspect = null, open, isFinished } of this.#all.values())
      if (crash !== null || suspect !== null || open !== null || isFinished) return true
    return false
  }

  /**
   * The rank that wrote a line.
   *
   * A number before the line is a step, or counts the lines, as long as it only rises. Where it does so within a
   * traceback, that goes on.
   */
  #rankOf(text: string, told?: LineWriter | null): Rank {
    if (told === null) return null
    const found = told ?? rankOfLine(text)
    if (found === null) return this.#fileRank !== null || text === '' ? null : rankNamedIn(text)
    const { rank, isLabel, isHint } = found
    if (rank === this.#fileRank) return null
    if (!isLabel) return rank
    if (isHint) return this.#all.has(rank) || text.includes(TRACEBACK) ? rank : rankNamedIn(text)
    const unmarked = this.#unmarked
    if (unmarked.label !== 'recurs') {
      const label = rank < (unmarked.label ?? 0) ? 'recurs' : rank
      this.#all.set(null, { ...unmarked, label })
    }
    if (this.#all.has(rank) || text.includes(TRACEBACK)) return rank
    if (this.#words.open !== null) return this.#rank
    return this.#unmarked.label === 'recurs' ? rank : null
  }

  /** Whether the other ranks have made so many steps since this one died that it cannot have. */
  #isPassedBy(step: number | null): boolean {
    const { crash, suspect = null, open, isFinished, passed = { step: null, count: 0 } } = this.#words
    if (crash === null && suspect === null && open === null && !isFinished) return false
    const isFurther = step === null || passed.step === null || step > passed.step
    const count = passed.count + (isFurther ? 1 : 0)
    this.#words = { ...this.#words, passed: { step, count } }
    return count > STEPS_WITHOUT
  }

  get #clockMs(): number | null {
    return this.#words.clockMs ?? clockMsOf(this.#newest)
  }

  #noteClock(text: string): void {
    const clockMs = clockMsOf(text)
    if (clockMs !== null) this.#words = { ...this.#words, clockMs }
  }

  /** Keeps the clock of a line, and what it tells of the ends of ranks. */
  #note(text: string, offset: number): void {
    const { headed = null, ...rest } = this.#words
    const told = toldIn(text, headed).map((each) => this.#withLastWords(each))
    const nextHeaded = rankHeaded(text)
    if (headed !== nextHeaded) this.#words = nextHeaded === null ? rest : { ...rest, headed: nextHeaded }
    this.#noteClock(text)
    if (told.length === 0) return
    this.#words = { ...this.#words, told: [...(this.#words.told ?? []), ...told].slice(0, MOST_TOLD) }
    if (told.some(({ how }) => how !== 'stopped')) this.#doubtSurvival(offset)
    const killed = told.find(({ how }) => how === 'killed')
    if (killed !== undefined) this.#apply(afterTold(this.#words, { ...deathOf(killed, text), offset }))
    const { crash, lastStep, outlived } = this.#words
    const step = outlived !== undefined && outlived.crash.offset === crash?.offset ? outlived.step : lastStep
    if (crash !== null) this.#observe({ kind: 'death', crash: this.#attributed(crash) }, step, crash.offset)
  }

  #withLastWords(told: Told): Told {
    const { before = '' } = this.#all.get(told.rank) ?? {}
    return before === '' ? told : { ...told, said: before }
  }

  /** The crash with whose it was, when, and what is told of others. */
  #attributed(crash: Crash): Crash {
    const { told } = this.#words
    const rank = tellsOfRank(crash.line) ? null : (this.#rank ?? this.#fileRank ?? rankNamedIn(crash.line))
    const atMs = crash.lines.map(clockMsOf).findLast((ms) => ms !== null) ?? this.#clockMs
    return {
      ...crash,
      ...(rank !== null && { rank }),
      ...(atMs !== null && { clockMs: atMs }),
      ...(this.#beganMs != null && { beganMs: this.#beganMs }),
      ...(told !== undefined && { told }),
    }
  }

  /** Whether the clock above a traceback is its own. Where no logger wrote it, and no records stand above it, it may be hours older. */
  #isTimed(from: Origin | undefined): boolean {
    return from !== 'uncaught' || this.#beganMs !== undefined
  }

  /** Of a crash, what an ending keeps of it. */
  #placeOf({ survivedBy, rank, clockMs, from }: Omit<Crash, 'survivedBy'> & { survivedBy?: Survival | undefined }) {
    return {
      ...(survivedBy !== undefined && { by: survivedBy }),
      ...(rank !== undefined && { rank }),
      ...(clockMs !== undefined && this.#isTimed(from) && { clockMs }),
      ...(from !== undefined && { from }),
    }
  }

  #finish(): void {
    this.#ofEach(() => {
      this.#words = afterFinish(this.#words)
    })
    if (this.#fold.isCaughtElsewhere) this.#surviveElsewhere()
    const clockMs = this.#clockMs
    this.#fold.ending('finished', clockMs === null ? {} : { clockMs })
  }

  /** Takes back that training was over. */
  #goOn(): void {
    this.#ofEach(() => {
      this.#words = { ...this.#words, isFinished: false }
    })
    this.#fold.goesOn()
  }

  /** Takes back that the job died. */
  #survive(offset: number, how: 'survived' | 'caught'): void {
    this.#words = afterSurvival(this.#words)
    this.#fold.survived()
    this.#observe({ kind: 'revival', how, step: null }, this.#words.lastStep, offset)
  }

  /** Takes back that a job lives whose other processes went on, once a launcher tells that one of them failed. */
  #doubtSurvival(offset: number): void {
    const { lastStep } = this.#unmarked
    this.#ofEach(() => {
      const step = this.#words.outlived?.step ?? this.#words.lastStep
      const words = afterDoubt(this.#words, lastStep, offset)
      if (words === null) return
      this.#words = words
      const crash = this.#attributed(words.crash!)
      this.#fold.ending('crashed', this.#placeOf(crash))
      this.#observe({ kind: 'death', crash }, step, crash.offset)
    })
  }

  #apply({ words, crash }: LastWordsOutcome): void {
    const aborted = crash === null || this.#rank !== null ? null : abortedRank(this.#all, crash)
    if (aborted !== null || (crash !== null && this.#rank === null && isOfMarked(this.#all, crash))) {
      this.#words = { ...words, crash: null }
      if (aborted === null) return
      this.#turnTo(aborted)
      this.#apply(afterEnd(this.#words))
      this.#turnTo(null)
      return
    }
    const isTracebackOver = this.#words.open?.kind === 'traceback' && words.open === null
    this.#words = words
    if (crash === null) {
      if (isTracebackOver && words.crash !== null)
        this.#fold.diesAgain(this.#isTimed(words.crash.from) ? this.#clockMs : null)
      return
    }
    if (crash.kind === 'launcher' || crash.kind === 'error-exit') {
      this.#doubtSurvival(crash.offset)
      // The launcher meant what was said before.
      if (this.#words.crash !== words.crash) return
    }
    const attributed = this.#attributed(crash)
    const { survivedBy } = this.#words.crash ?? {}
    if (crash.isLessGrave === true) this.#fold.survived()
    this.#fold.ending(crash.isAfterEnd === true ? 'finished' : 'crashed', this.#placeOf({ ...attributed, survivedBy }))
    const step = laterOf(words.lastStep ?? this.#unmarked.lastStep, crash)
    this.#observe({ kind: 'death', crash: attributed }, step, crash.offset)
  }

  /** Takes note that a job resumes, which ends what was told of a crash where its steps were read already. */
  #resume(text: string): void {
    if (!this.#fold.resumesAt(clockMsOf(text))) return
    this.#takeBack('restarted', null, () => true)
    this.#ofEach(() => {
      if (this.#words.crash === null) return
      this.#words = afterSurvival(this.#words)
      this.#observe({ kind: 'revival', how: 'restarted', step: null }, this.#words.lastStep, 0)
    })
  }

  /** Takes back, by words of an end in this file, what other files tell of errors that such words show to be caught. */
  #surviveElsewhere(): void {
    this.#takeBack('survived', null, ({ survivedBy }) => survivedBy === 'words')
  }

  /** Takes back what other files tell of an end, once the records of this one show that the run goes on. */
  #goOnElsewhere(step: number | null, text: string): void {
    const rank = this.#rank ?? this.#fileRank
    const stepBefore = this.#words.lastStep
    const how = this.#fold.goesOnWith({ step, stepBefore, rank, clockMs: clockMsOf(text) })
    if (how !== null)
      this.#takeBack(
        how,
        step,
        (crash) => how === 'restarted' || (crash.from !== undefined && (crash.rank ?? null) === rank),
      )
  }

  /** Ends the alerts of crashes in other files, those of which `isOver` holds. */
  #takeBack(how: 'caught' | 'survived' | 'restarted', step: number | null, isOver: (crash: Crash) => boolean): void {
    const over = this.#fold.open.filter((open) => {
      const crash = open.worst.file === this.#file ? null : crashIn(open)
      return crash !== null && isOver(crash)
    })
    for (const { rule, finding } of this.#rules.observe({ kind: 'revival', how, step }, over)) {
      for (const { worst } of over)
        this.#fold.apply(stamped(rule, finding, worst.finding.at), this.#fold.placeIn(worst.file))
    }
  }

  #observe(event: LogEvent, step: number | null, offset: number): void {
    for (const { rule, finding } of this.#rules.observe(event, this.#fold.open)) {
      const at = this.#fold.standsAt(step, offset)
      this.#fold.apply(stamped(rule, finding, this.#rank === null ? at : { ...at, rank: this.#rank }))
    }
  }
}

function pointsOf({ plan: { record }, steps, epochs, values }: CalmRows) {
  const losses = values[record.scalars.findIndex(({ role, actsAs }) => (actsAs ?? role) === 'train_loss')]
  const pointAt = (row: number): PassPoint => ({
    step: steps === null ? null : steps[row]!,
    epoch: epochs === null ? null : epochs[row]!,
    loss: losses === undefined ? null : losses[row]!,
  })
  return { pointAt, isTraining: isOfTraining(record) }
}

function passPointOf(record: LogRecord): PassPoint {
  if (record.kind === 'batch') return { step: record.batch.step, epoch: null, loss: null }
  if (record.kind === 'hidden') return { step: record.step, epoch: null, loss: null }
  const loss = record.scalars.find(({ role, actsAs }) => (actsAs ?? role) === 'train_loss')?.value
  return { step: record.step, epoch: record.epoch, loss: loss !== undefined && isFinite(loss) ? loss : null }
}

/** The rank that a line names in its fields, where it tells an error. */
function writerInFields(line: string, words: readonly FieldWords[] | null): LineWriter | undefined {
  const rank = words?.some(isOfError) === true || opensTraceback(line) ? rankInField(line) : null
  return rank === null ? undefined : { rank, isLabel: false }
}
