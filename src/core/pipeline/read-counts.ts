import type { LogRecord } from '../records/format.ts'

/** What was met in one read, by number. */
export interface Tally {
  /** Records of metrics, and how many of them had each counter. */
  readonly records: number
  readonly steps: number
  readonly epochs: number
  readonly times: number
  /** Lines without data: banners, bars, headers. */
  readonly skippedLines: number
}

/** Counts what the reads of a file bring, without a new object for each line. */
export class Counting implements Tally {
  records = 0
  steps = 0
  epochs = 0
  times = 0
  skippedLines = 0

  record(record: LogRecord): void {
    if (record.kind !== 'scalars') return
    this.records++
    if (record.step !== null) this.steps++
    if (record.epoch !== null) this.epochs++
    if (record.time !== null) this.times++
  }

  add(other: Tally): void {
    this.records += other.records
    this.steps += other.steps
    this.epochs += other.epochs
    this.times += other.times
    this.skippedLines += other.skippedLines
  }
}
