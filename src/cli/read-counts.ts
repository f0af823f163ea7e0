import type { HiddenValue } from '../core/pipeline/commit.ts'
import type { ReadListener } from '../core/pipeline/read.ts'
import type { LogRecord } from '../core/records/format.ts'

/** Counts what a log is made of, and keeps the values that it hides. */
export class ReadCounts implements ReadListener {
  /** Records of metrics, and how many of them had each counter. */
  records = 0
  steps = 0
  epochs = 0
  times = 0
  /** Lines without data: banners, bars, headers. */
  skippedLines = 0
  #hidden: HiddenValue[] = []

  record(record: LogRecord): void {
    if (record.kind !== 'scalars') return
    this.records++
    if (record.step !== null) this.steps++
    if (record.epoch !== null) this.epochs++
    if (record.time !== null) this.times++
  }

  skippedLine(): void {
    this.skippedLines++
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
