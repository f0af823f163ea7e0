import { containerNamed } from '../core/formats/containers/index.ts'
import { fileKindOf } from '../core/formats/file-kind.ts'
import { mainReader } from '../core/formats/source-readers.ts'
import type { FileUpdate, HiddenValue } from '../core/pipeline/commit.ts'
import type { ReadCounts } from './read-counts.ts'
import { printable } from './terminal.ts'

interface MetricReport {
  readonly role: string
  samples: number
  nonFinite: number
  placeholders: number
  /** Values that the log hides, by the way in which it does. */
  readonly hidden: Map<string, number>
}

/** What was read of a file and how it was understood, put together from all its reads, in words for people. */
export class ReadingReport {
  #format: string | null = null
  #isSure = false
  readonly #counts: ReadCounts
  #batches = 0
  #lastAttempt = 0
  #steps: { first: number; last: number } | null = null
  readonly #metrics = new Map<string, MetricReport>()
  readonly #rejects = new Map<string, { count: number; firstOffset: number }>()

  constructor(counts: ReadCounts) {
    this.#counts = counts
  }

  add(
    { file: { state }, samples, batches, rejects }: FileUpdate,
    hidden: readonly HiddenValue[],
    isShown: (metric: string) => boolean,
  ) {
    const reader = mainReader(state)
    // Until the file's end only a dialect that its lines have shown reads it; there the likeliest has to do.
    this.#isSure = this.#format !== null || (reader.format !== null && containerNamed(reader.format) !== null)
    this.#format = fileKindOf(reader)
    this.#batches += batches.length
    for (const { metric, role, value, step, attempt, isPlaceholder } of samples) {
      if (!isShown(metric)) continue
      const report = this.#metric(metric, role)
      report.samples++
      if (typeof value === 'string') report.nonFinite++
      if (isPlaceholder) report.placeholders++
      this.#lastAttempt = Math.max(this.#lastAttempt, attempt)
      if (step !== null) this.#steps = { first: this.#steps?.first ?? step, last: step }
    }
    for (const { metric, role, reason } of hidden) {
      const { hidden: known } = this.#metric(metric, role)
      known.set(reason, (known.get(reason) ?? 0) + 1)
    }
    for (const { reason, offset } of rejects) {
      const known = this.#rejects.get(reason) ?? { count: 0, firstOffset: offset }
      this.#rejects.set(reason, { ...known, count: known.count + 1 })
    }
  }

  /** One fact to a line. */
  text(): string {
    const { records, steps, epochs, times, skippedLines } = this.#counts
    const facts = [this.#format === null ? 'format: none recognised' : `format: ${this.#format}, ${this.#certainty()}`]
    if (records > 0) {
      const range = this.#steps === null ? '' : `, first ${this.#steps.first}, last ${this.#steps.last}`
      facts.push(
        `records: ${records}; with a step ${steps}${range}; with an epoch ${epochs}; with a time ${times}`,
        `attempts: ${this.#lastAttempt + 1}`,
      )
    }
    if (this.#batches > 0) facts.push(`batches of predictions: ${this.#batches}`)
    for (const [metric, report] of this.#metrics) facts.push(`  ${printable(metric)}: ${metricText(report)}`)
    if (skippedLines > 0) facts.push(`skipped: ${skippedLines} lines without data`)
    for (const [reason, { count, firstOffset }] of this.#rejects) {
      facts.push(`rejected: ${count} ${reason}, first at byte ${firstOffset}`)
    }
    return facts.map((fact) => `${fact}\n`).join('')
  }

  #certainty(): string {
    return this.#isSure ? 'sure' : 'likely: too few lines to be sure'
  }

  #metric(metric: string, role: string): MetricReport {
    const known = this.#metrics.get(metric) ?? { role, samples: 0, nonFinite: 0, placeholders: 0, hidden: new Map() }
    this.#metrics.set(metric, known)
    return known
  }
}

function metricText({ role, samples, nonFinite, placeholders, hidden }: MetricReport): string {
  const notes = [
    ...(nonFinite > placeholders ? [`${nonFinite - placeholders} not finite`] : []),
    ...(placeholders > 0 ? [`${placeholders} placeholders`] : []),
    ...[...hidden].map(([reason, count]) => `${count} masked (${reason})`),
  ]
  return [`${role}`, `${samples} samples`, ...notes].join(', ')
}
