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
  type LastWords,
  type LastWordsOutcome,
} from '../job/last-words.ts'
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

  line(line: Pick<Line, 'offset' | 'text'>): void {
    if (saysFinished(line.text)) this.#finish()
    else if (this.#words.isFinished && saysMore(line.text)) this.#goOn()
    const code = exitCodeIn(line.text)
    if (code !== null) this.exit(code, line.offset)
    this.#apply(afterLine(this.#words, line))
    this.#observe({ kind: 'line', text: line.text }, this.#words.lastStep, line.offset)
  }

  /** Takes in the exit code of the process, where the log gives it. */
  exit(code: number, offset: number): void {
    if (code === 0) this.#finish()
    else this.#apply(afterExit(this.#words, code, offset))
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
    this.#apply(afterEnd(this.#words))
  }

  #finish(): void {
    this.#words = afterFinish(this.#words)
    this.#fold.ending('finished')
  }

  /** Takes back that training was over. */
  #goOn(): void {
    this.#words = { ...this.#words, isFinished: false }
    this.#fold.goesOn()
  }

  #apply({ words, crash }: LastWordsOutcome): void {
    this.#words = words
    if (crash === null) return
    this.#fold.ending('crashed')
    this.#observe({ kind: 'death', crash }, words.lastStep, crash.offset)
  }

  #observe(event: LogEvent, step: number | null, offset: number): void {
    for (const { rule, finding } of this.#rules.observe(event, this.#fold.open)) {
      this.#fold.apply(stamped(rule, finding, this.#fold.standsAt(step, offset)))
    }
  }
}
