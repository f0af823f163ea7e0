import { saysFinished } from '../job/ending.ts'
import { type Heard, hear, hearEnd, hearExit, hearFinish, hearRecord, type LastWords } from '../job/last-words.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { Judgement } from './record-fold.ts'

/** Listens to the lines of one read that hold no data, and tells the judgement how the job ended. */
export class Hearing {
  #words: LastWords
  readonly #judgement: Judgement
  readonly #isOff: boolean

  constructor(words: LastWords, judgement: Judgement) {
    this.#words = words
    this.#judgement = judgement
    this.#isOff = judgement.settings.ofRun['crashed'] === false
  }

  get words(): LastWords {
    return this.#words
  }

  line(line: Pick<Line, 'offset' | 'text'>): void {
    if (saysFinished(line.text)) this.#finish()
    this.#take(hear(this.#words, line))
  }

  /** Takes in the code with which the process ended, where the log notes it. */
  exit(code: number, offset: number): void {
    if (code === 0) this.#finish()
    else this.#take(hearExit(this.#words, code, offset))
  }

  /** To be called before the record is judged: it still stands where the file stood. */
  record(record: LogRecord): void {
    const { crash, lastStep } = this.#words
    const step = record.kind === 'batch' ? record.batch.step : record.step
    const { words, over } = hearRecord(this.#words, step)
    this.#words = words
    if (over === null || crash === null || this.#isOff) return
    const offset = record.offset
    const at = { ...this.#judgement.standsAt(lastStep, offset), step }
    const went = step === null ? '' : ` at step ${step}`
    this.#judgement.apply(
      over === 'restarted'
        ? { kind: 'clear', rule: 'crashed', at }
        : { kind: 'clear', rule: 'crashed', at, calledOff: `It was caught: training went on${went}.` },
    )
  }

  end(): void {
    this.#take(hearEnd(this.#words))
  }

  #finish(): void {
    this.#words = hearFinish(this.#words)
    this.#judgement.ending('finished')
  }

  #take({ words, crash }: Heard): void {
    this.#words = words
    if (crash === null) return
    this.#judgement.ending('crashed')
    if (this.#isOff) return
    const at = this.#judgement.standsAt(words.lastStep, crash.offset)
    const facts = { kind: 'crashed' as const, crash }
    this.#judgement.apply({ kind: 'raise', rule: 'crashed', severity: crash.severity, at, facts })
  }
}
