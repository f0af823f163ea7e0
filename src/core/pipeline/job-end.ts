import { stamped } from '../detect/finding.ts'
import type { LogEvent } from '../detect/log-rule.ts'
import type { RuleStates } from '../detect/rule.ts'
import { saysFinished } from '../job/ending.ts'
import { type Heard, hear, hearEnd, hearExit, hearFinish, hearRecord, type LastWords } from '../job/last-words.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { FileState } from '../state/file-state.ts'
import { LogRules } from './log-rules.ts'
import type { RecordFold } from './record-to-alerts.ts'

/** Listens to the lines of one read that hold no data, and tells the fold and the rules how the job ended. */
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

  line(line: Pick<Line, 'offset' | 'text'>): void {
    if (saysFinished(line.text)) this.#finish()
    this.#take(hear(this.#words, line))
    this.#tell({ kind: 'line', text: line.text }, this.#words.lastStep, line.offset)
  }

  /** Takes in the code with which the process ended, where the log notes it. */
  exit(code: number, offset: number): void {
    if (code === 0) this.#finish()
    else this.#take(hearExit(this.#words, code, offset))
  }

  /** To be called before the record is judged: it still stands where the file stood. */
  record(record: LogRecord): void {
    const { crash } = this.#words
    const step = record.kind === 'batch' ? record.batch.step : record.step
    const { words, over } = hearRecord(this.#words, step)
    this.#words = words
    if (over !== null && crash !== null) this.#tell({ kind: 'revival', how: over, step }, step, record.offset)
  }

  end(): void {
    this.#take(hearEnd(this.#words))
  }

  #finish(): void {
    this.#words = hearFinish(this.#words)
    this.#fold.ending('finished')
  }

  #take({ words, crash }: Heard): void {
    this.#words = words
    if (crash === null) return
    this.#fold.ending('crashed')
    this.#tell({ kind: 'death', crash }, words.lastStep, crash.offset)
  }

  #tell(event: LogEvent, step: number | null, offset: number): void {
    for (const { rule, finding } of this.#rules.hear(event, this.#fold.open)) {
      this.#fold.apply(stamped(rule, finding, this.#fold.standsAt(step, offset)))
    }
  }
}
