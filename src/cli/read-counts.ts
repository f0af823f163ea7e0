import type { HiddenValue } from '../core/pipeline/commit.ts'
import type { ReadListener } from '../core/pipeline/read.ts'
import type { Line } from '../core/reading/lines.ts'
import type { LogRecord } from '../core/records/format.ts'
import { UnreadLines } from './unread-lines.ts'

/** Counts what a log is made of, and keeps the values that it hides. */
export class ReadCounts implements ReadListener {
  /** Records of metrics, and how many of them had each counter. */
  records = 0
  steps = 0
  epochs = 0
  times = 0
  /** Lines without data: banners, bars, headers. */
  skippedLines = 0
  readonly unread = new UnreadLines()
  #hidden: HiddenValue[] = []

  record(record: LogRecord): void {
    this.unread.remove(record.offset)
    if (record.kind !== 'scalars') return
    this.records++
    if (record.step !== null) this.steps++
    if (record.epoch !== null) this.epochs++
    if (record.time !== null) this.times++
  }

  skippedLine(line: Pick<Line, 'offset' | 'text'>): void {
    this.skippedLines++
    this.unread.add(line)
  }

  hidden(value: HiddenValue): void {
    this.#hidden.push(value)
  }

  /** The hidden values since the last call. */
  takeHidden(): readonly HiddenValue[] {
    const hidden = this.#hidden
    this.#hidden = []
    return hidden
  }
}
