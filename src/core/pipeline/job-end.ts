import { stamped } from '../detect/finding.ts'
import type { LogEvent } from '../detect/log-rule.ts'
import type { RuleStates } from '../detect/rule.ts'
import { exitCodeIn, isOfTraining, saysFinished, saysMore } from '../job/ending.ts'
import { FINISHED_METRIC } from '../job/finish-words.ts'
import {
  afterEnd,
  afterExit,
  afterFinish,
  afterLine,
  afterRecord,
  afterSurvival,
  type LastWords,
  type LastWordsOutcome,
} from '../job/last-words.ts'
import { isOfShell, showsSurvival } from '../job/sign-words.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { FileState } from '../state/file-state.ts'
import { LogRules } from './log-rules.ts'
import type { RecordFold } from './record-to-alerts.ts'

/**
 * Reads how the job ended from what one read brings: its lines without data, its exit code and its end.
 *
 * The fold learns the ending, and the rules about a whole log see the events.
 */
export class JobEnd {
  #words: LastWords
  readonly #rules: LogRules
  readonly #fold: RecordFold

  constructor({ words, logRules }: FileState, fold: RecordFold) {
    this.#words = words
    this.#rules = new LogRules(logRules, fold.settings.ofRun)
    this.#fold = fold
  }

  get states(): { readonly words: LastWords; readonly logRules: RuleStates | undefined } {
    return { words: this.#words, logRules: this.#rules.states }
  }

  /** Whether a traceback, or the report of a launcher, has begun whose last line is still to come. */
  get isInTraceback(): boolean {
    return this.#words.open !== null
  }

  line({ offset, text }: Pick<Line, 'offset' | 'text'>): void {
    const { open, crash, suspect } = this.#words
    if (open === null && crash !== null && showsSurvival(text, crash)) this.#survive(offset)
    if (suspect != null && showsSurvival(text, { survivedBy: 'words' })) this.#words = { ...this.#words, suspect: null }
    if (this.#words.crash === null && saysFinished(text)) this.#finish()
    else if (this.#words.isFinished && saysMore(text)) this.#goOn()
    const code = exitCodeIn(text)
    // In a session of a shell it is the code of the shell.
    if (code !== null && !isOfShell(this.#words.before)) this.exit(code, offset)
    this.#apply(afterLine(this.#words, { offset, text }, () => this.#fold.hasCountedOutBy(offset)))
    this.#observe({ kind: 'line', text }, this.#words.lastStep, offset)
  }

  /** Takes in the exit code of the process, where the log gives it. */
  exit(code: number, offset: number): void {
    if (code === 0) this.#finish()
    else this.#apply(afterExit(this.#words, code, offset, () => this.#fold.hasCountedOutBy(offset)))
  }

  /** To be called before the record is folded: until then the fold stands at the place that the file was at. */
  record(record: LogRecord): void {
    const { crash } = this.#words
    const step = record.kind === 'batch' ? record.batch.step : record.step
    const { words, over } = afterRecord(this.#words, step, isOfTraining(record))
    this.#words = words
    if (over !== null && crash !== null) this.#observe({ kind: 'revival', how: over, step }, step, record.offset)
  }

  /** To be called after the record was folded: one that sums up the whole run is the last of its training. */
  afterRecord(record: LogRecord): void {
    if (record.kind === 'scalars' && record.scalars.some(({ metric }) => metric.endsWith(FINISHED_METRIC)))
      this.#finish()
  }

  /** Takes in the end of the log. */
  end(): void {
    const { crash } = this.#words
    if (crash?.survivedBy === 'words' && this.#fold.isFinishedElsewhere) this.#survive(crash.offset)
    this.#apply(afterEnd(this.#words))
  }

  #finish(): void {
    this.#words = afterFinish(this.#words)
    if (this.#fold.isCaughtElsewhere) this.#surviveElsewhere()
    this.#fold.ending('finished')
  }

  /** Takes back that training was over. */
  #goOn(): void {
    this.#words = { ...this.#words, isFinished: false }
    this.#fold.goesOn()
  }

  /** Takes back that the job died. */
  #survive(offset: number): void {
    this.#words = afterSurvival(this.#words)
    this.#fold.survived()
    this.#observe({ kind: 'revival', how: 'survived', step: null }, this.#words.lastStep, offset)
  }

  #apply({ words, crash }: LastWordsOutcome): void {
    this.#words = words
    if (crash === null) return
    this.#fold.ending(crash.isAfterEnd === true ? 'finished' : 'crashed', this.#words.crash?.survivedBy)
    this.#observe({ kind: 'death', crash }, words.lastStep, crash.offset)
  }

  /** Takes back that the job died by the words of another file. */
  #surviveElsewhere(): void {
    const event: LogEvent = { kind: 'revival', how: 'survived', step: null }
    for (const { rule, finding } of this.#rules.observe(event, this.#fold.open)) {
      const shown = this.#fold.open.find(({ alert }) => alert.rule === rule)?.worst
      if (shown !== undefined)
        this.#fold.apply(stamped(rule, finding, shown.finding.at), this.#fold.placeIn(shown.file))
    }
  }

  #observe(event: LogEvent, step: number | null, offset: number): void {
    for (const { rule, finding } of this.#rules.observe(event, this.#fold.open)) {
      this.#fold.apply(stamped(rule, finding, this.#fold.standsAt(step, offset)))
    }
  }
}
