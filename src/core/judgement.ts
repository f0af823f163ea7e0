import type { BatchMeasure } from '../protocol/batch.ts'
import { RECOMPUTED_PREFIX, type Role, type Sample } from '../protocol/sample.ts'
import { isFinite, type MetricValue } from '../protocol/value.ts'
import type { Advance, Read, Rules } from './advance.ts'
import { applyFinding, explainAgain, type Place, type Transition } from './alerts/incidents.ts'
import type { Finding, Observation, Sighting } from './detect/detector.ts'
import { detect } from './detect/settings.ts'
import type { BatchEvidence, Raise } from './diagnose/diagnosis.ts'
import { type FileState, NEW_SERIES, type SeriesState, withPoint } from './file-state.ts'
import type { LogRecord, Scalar } from './formats/format.ts'
import type { ReaderState } from './formats/reader.ts'
import { measureBatch } from './measure/batch.ts'
import { recomputedSeries } from './measure/series.ts'
import { place } from './runs/attempts.ts'
import type { Ending } from './runs/ending.ts'
import { batchOf, type RunMemory, rememberBatch, rememberFailedLoss } from './runs/memory.ts'

/** A sample with its number in the series. */
export interface PlacedSample extends Sample {
  readonly ordinal: number
}

/** An earlier sample that turned out to belong to the next attempt. */
export interface SampleMove {
  readonly metric: string
  readonly ordinal: number
  readonly attempt: number
}

export interface PlacedBatch {
  readonly ordinal: number
  readonly step: number | null
  readonly attempt: number
  readonly offset: number
  readonly measure: BatchMeasure
  readonly reportedLoss: MetricValue | null
}

type ScalarsRecord = Extract<LogRecord, { kind: 'scalars' }>
type BatchRecord = Extract<LogRecord, { kind: 'batch' }>

const CROSS_ENTROPY = `${RECOMPUTED_PREFIX}cross_entropy`

/**
 * One read, folded record by record into the states of its file and run.
 *
 * The states that came in are never changed: this holds the drafts of those
 * that go out.
 */
export class Judgement {
  readonly #read: Read
  readonly #rules: Rules
  #file: FileState
  #memory: RunMemory
  readonly #series: Record<string, SeriesState>
  readonly #samples: PlacedSample[] = []
  readonly #moves: SampleMove[] = []
  readonly #batches: PlacedBatch[] = []
  readonly #transitions: Transition[] = []

  constructor(read: Read, file: FileState, memory: RunMemory, rules: Rules) {
    this.#read = read
    this.#rules = rules
    this.#file = file
    this.#memory = memory
    this.#series = { ...file.series }
  }

  record(record: LogRecord): void {
    if (this.#memory.ending?.file === this.#read.file) this.#memory = { ...this.#memory, ending: null }
    if (record.kind === 'scalars') this.#scalars(record)
    else this.#batch(record)
  }

  ending(kind: Ending): void {
    // A traceback goes on over many lines: the crash is not undone by what follows it in the same breath.
    if (this.#memory.ending?.kind === 'crashed') return
    this.#memory = { ...this.#memory, ending: { kind, file: this.#read.file } }
  }

  outcome(reader: ReaderState, rejects: number): Omit<Advance, 'rejects'> {
    const { counts } = this.#file
    return {
      file: {
        ...this.#file,
        reader,
        series: this.#series,
        counts: {
          samples: counts.samples + this.#samples.length,
          batches: counts.batches + this.#batches.length,
          rejects: counts.rejects + rejects,
        },
      },
      memory: this.#memory,
      samples: this.#samples,
      moves: this.#moves,
      batches: this.#batches,
      transitions: this.#transitions,
    }
  }

  #scalars(record: ScalarsRecord): void {
    for (const scalar of record.scalars) {
      const sample = this.#place(scalar, record)
      this.#follow(sample)
      this.#observe({ kind: 'sample', sample, time: record.time })
      this.#escalate(sample, record.time)
    }
  }

  #batch({ batch, offset }: BatchRecord): void {
    const measure = measureBatch(batch, this.#rules.epsilon)
    const where = { offset, step: batch.step, epoch: null }
    const placed = recomputedSeries(measure).map(({ metric, value }) =>
      this.#place({ metric, role: 'other', value, raw: isFinite(value) ? null : value }, where),
    )
    const attempt = placed[0]?.attempt ?? 0
    const reportedLoss = batch.reportedLoss ?? this.#failedLossAt(batch.step)
    const evidence: BatchEvidence = {
      file: this.#read.file,
      step: batch.step,
      attempt,
      offset,
      measure,
      reportedLoss,
    }
    this.#batches.push({
      ordinal: this.#file.counts.batches + this.#batches.length,
      step: batch.step,
      attempt,
      offset,
      measure,
      reportedLoss: batch.reportedLoss,
    })
    const before = this.#memory
    this.#memory = rememberBatch(before, evidence)
    if (this.#memory !== before) this.#explainAgain()
    this.#observe({ kind: 'batch', at: sightingOfBatch(evidence), measure, reportedLoss })
    this.#memory = { ...this.#memory, lastStep: batch.step ?? this.#memory.lastStep }
  }

  /** Numbers a value within its series and keeps it. */
  #place(scalar: Scalar, where: Pick<ScalarsRecord, 'offset' | 'step' | 'epoch'>): PlacedSample {
    const series = this.#series[scalar.metric] ?? NEW_SERIES
    const placed = place(series.progress, where.step, where.epoch)
    this.#series[scalar.metric] = { ...series, progress: placed.progress }
    const { attempt, ordinal } = placed
    if (placed.alsoInAttempt !== null) {
      this.#moves.push({ metric: scalar.metric, ordinal: placed.alsoInAttempt, attempt })
    }
    const sample = { ...scalar, attempt, ordinal, step: where.step, offset: where.offset }
    this.#samples.push(sample)
    return sample
  }

  /** Keeps what led up to now: the last few losses, gradient norms and learning rates. */
  #follow({ role, step, value }: PlacedSample): void {
    const point = { step, value }
    const { trend } = this.#file
    if (role === 'grad_norm') {
      this.#file = { ...this.#file, trend: { ...trend, gradNorm: withPoint(trend.gradNorm, point) } }
    } else if (role === 'learning_rate') {
      this.#file = { ...this.#file, trend: { ...trend, learningRate: withPoint(trend.learningRate, point) } }
    } else if (role === 'train_loss') {
      this.#file = { ...this.#file, trend: { ...trend, loss: withPoint(trend.loss, point) } }
    }
    if (isLoss(role)) {
      this.#memory = { ...this.#memory, lastStep: step ?? this.#memory.lastStep, lastLoss: value }
    }
  }

  #observe(seen: Observation): void {
    const { detectors: settings } = this.#rules
    let findings: readonly Finding[]
    if (seen.kind === 'batch') {
      const outcome = detect(this.#file.batchDetectors, seen, settings)
      this.#file = { ...this.#file, batchDetectors: outcome.states }
      findings = outcome.findings
    } else {
      const series = this.#series[seen.sample.metric] ?? NEW_SERIES
      const outcome = detect(series.detectors, seen, settings)
      this.#series[seen.sample.metric] = { ...series, detectors: outcome.states }
      findings = outcome.findings
    }
    for (const finding of findings) this.#apply(finding)
  }

  /** A loss turned out non-finite whose batch had been read before: its log(0) did the damage. */
  #escalate({ role, step, value }: PlacedSample, time: string | null): void {
    if (!isLoss(role) || isFinite(value)) return
    this.#memory = rememberFailedLoss(this.#memory, { step, value })
    const batch = this.#memory.suspects.find((suspect) => suspect.step === step && step !== null)
    if (batch === undefined || batch.measure.zeroOnTruth.count === 0 || batch.reportedLoss !== null) return
    this.#apply({
      kind: 'raise',
      rule: 'log-zero',
      severity: 'critical',
      at: { ...sightingOfBatch(batch), time },
      facts: { kind: 'log-zero', measure: batch.measure, reportedLoss: value },
    })
  }

  #apply(finding: Finding): void {
    const batch = finding.kind === 'raise' ? batchOf(this.#memory, finding) : null
    const context = { trend: this.#file.trend, batch }
    this.#keep(applyFinding(this.#memory.incidents, finding, context, this.#placeOf(finding.at)))
  }

  #explainAgain(): void {
    this.#keep(explainAgain(this.#memory.incidents, (finding: Raise) => batchOf(this.#memory, finding)))
  }

  #keep({ incidents, transitions }: ReturnType<typeof applyFinding>): void {
    this.#memory = { ...this.#memory, incidents }
    this.#transitions.push(...transitions)
  }

  #placeOf(at: Sighting): Place {
    const { run, file, nowIso, backfillUntil } = this.#read
    return { run, file, nowIso, backfill: at.offset !== null && at.offset < backfillUntil }
  }

  #failedLossAt(step: number | null): MetricValue | null {
    if (step === null) return null
    return this.#memory.failedLosses.find((point) => point.step === step)?.value ?? null
  }
}

function isLoss(role: Role): boolean {
  return role === 'train_loss' || role === 'val_loss'
}

function sightingOfBatch({ step, attempt, offset, measure }: BatchEvidence): Sighting {
  return { metric: CROSS_ENTROPY, role: 'other', step, attempt, offset, value: measure.crossEntropy, time: null }
}
