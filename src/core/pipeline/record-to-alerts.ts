import { CROSS_ENTROPY } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { RankSeen } from '../alerts/fall.ts'
import type { Incident, Transition } from '../alerts/incident.ts'
import { applyFinding, explainAgain, type FindingPlace, withRanks } from '../alerts/incidents.ts'
import { type DetectorInput, sightingOf } from '../detect/detector.ts'
import type { Finding } from '../detect/finding.ts'
import { foldGain, type Gain } from '../detect/gain.ts'
import { RunSettings } from '../detect/overrides.ts'
import type { Sighting } from '../detect/rule.ts'
import { Watch } from '../detect/series-watch.ts'
import type { BatchEvidence, BatchPlace } from '../diagnose/diagnosis.ts'
import { NO_END_SIGNS } from '../job/end-sign.ts'
import { type Ending, isOfTraining } from '../job/ending.ts'
import { LinesOfRead } from '../job/lines-of-read.ts'
import {
  afterAnotherDeath,
  afterLaterRecord,
  afterOwnRecord,
  afterResumed,
  afterWords,
  isLater,
  isOfSameProcess,
  type LaterRecord,
  type RunEnding,
} from '../job/run-ending.ts'
import type { Origin, Survival } from '../job/traceback.ts'
import { msOfIso } from '../literals/timestamp.ts'
import type { Sequences } from '../measure/aligned-sequences.ts'
import { measureBatch } from '../measure/batch-measure.ts'
import { areClasses, onesIn, settled, withOnes } from '../measure/batch-reading.ts'
import { recomputedSeries } from '../measure/recomputed-series.ts'
import { symptomsOf } from '../measure/symptoms.ts'
import type { LossesSeen } from '../records/acting-losses.ts'
import { isLossRole } from '../records/fields.ts'
import type { LogRecord, Scalar, ScalarsRecord } from '../records/format.ts'
import type { SeriesProgress } from '../runs/attempts.ts'
import type { FileState } from '../state/file-state.ts'
import {
  afterLoss,
  awaits,
  batchAt,
  type FailedLoss,
  failedLossOf,
  type LossCourse,
  lossCourseOf,
  type RunMemory,
  rememberBatch,
  rememberFailedLoss,
  rememberReported,
  survivedBy,
} from '../state/run-memory.ts'
import { TrendDraft } from '../state/trend.ts'
import { CalmRecords, COMPARED, calmInTurn, followedIn } from './calm-records.ts'
import type { CalmRows, CalmStretch } from './calm-rows.ts'
import type { PlacedBatch, PlacedSample, SampleMove } from './commit.ts'
import { linesIn } from './content.ts'
import { hasCountedOutBy } from './end-signs.ts'
import type { FoldedRecords } from './folded-records.ts'
import { type OnPair, Pairing } from './loss-pairing.ts'
import type { Read, Rules } from './read.ts'
import {
  besideBroken,
  hasScoreOfGame,
  isLoggedAgain,
  judged,
  recordAbout,
  seenBeside,
  type ZeroDecimals,
  zeroDecimalsOf,
} from './record-samples.ts'
import { type SampleBlock, SampleList } from './samples.ts'
import { searchLoss } from './searched-batch.ts'
import { evidenceOfSequences } from './sequence-evidence.ts'
import { SeriesDrafts } from './series-drafts.ts'
import { sightingOfBatch, sightingOfWords } from './sighting.ts'

type BatchRecord = Extract<LogRecord, { kind: 'batch' }>

/** Predictions that cost no more give a loss of about 0. */
const NEARLY_RIGHT_NATS = 0.01

/**
 * One read, folded record by record into the states of its file and run.
 *
 * The given states are never changed. This class holds drafts of the states
 * after the read.
 */
export class RecordFold {
  readonly #read: Read
  readonly #rules: Rules
  readonly settings: RunSettings
  #file: FileState
  /** All that the run remembers, but for how far its losses have come. */
  #memory: RunMemory
  #losses: LossCourse
  readonly #series: SeriesDrafts
  readonly #batchWatch: Watch
  readonly #recordWatch: Watch
  readonly #pairing: Pairing
  readonly #trend: TrendDraft
  #gain: Gain | null
  readonly #lines: LinesOfRead
  readonly samples = new SampleList()
  readonly #moves: SampleMove[] = []
  readonly #batches: PlacedBatch[] = []
  readonly #transitions: Transition[] = []

  constructor(read: Read, file: FileState, memory: RunMemory, rules: Rules) {
    this.#read = read
    this.#rules = rules
    this.settings = new RunSettings(rules.detectors, rules.overrides ?? [], read.run)
    this.#file = file
    this.#memory = memory
    this.#losses = lossCourseOf(memory)
    this.#series = new SeriesDrafts(file, (metric) => this.settings.of(metric))
    this.#batchWatch = new Watch(file.batchDetectors, this.settings.of(CROSS_ENTROPY))
    this.#recordWatch = new Watch(file.recordDetectors ?? {}, this.settings.ofRun)
    this.#trend = new TrendDraft(file.trend)
    this.#gain = file.gain ?? null
    this.#lines = new LinesOfRead(memory.endSigns ?? NO_END_SIGNS, linesIn(read.content))
    this.#pairing = new Pairing(memory.pairs, this.settings.of(CROSS_ENTROPY), this.#onPair)
  }

  /** Folds in a record. Returns true for the first record of the file with a metric that there is no room for. */
  record(record: LogRecord, losses: LossesSeen): boolean {
    const wasFull = this.#series.isFull
    if (this.#memory.hasRecords !== true) this.#memory = { ...this.#memory, hasRecords: true }
    const { ending } = this.#memory
    const goesOn = ending?.file === this.#read.file && (ending.kind === 'crashed' || isOfTraining(record))
    if (goesOn) this.#memory = { ...this.#memory, ending: null }
    if (record.kind === 'scalars') this.#scalars(record, losses)
    else if (record.kind === 'batch') this.#batch(record)
    else this.#hidden(record)
    return this.#series.isFull !== wasFull
  }

  /**
   * Folds in records in which nothing is found, and which change nothing but numbers. Returns whether these are so: else
   * nothing has changed, and each is to be folded by itself.
   */
  rows(stretch: CalmStretch): boolean {
    const { hasRecords, ending, healthyBatch, suspectBatches } = this.#memory
    if (hasRecords !== true || ending !== null || healthyBatch !== null || suspectBatches.length > 0) return false
    const hasSteps = stretch.kinds.some(({ steps }) => steps !== null)
    if (this.#trend.isBroken || this.#pairing.hasBatches || (hasSteps && typeof this.#losses.firstStep !== 'number'))
      return false
    const kinds = stretch.kinds.map((rows) => this.#calmly(rows))
    if (!kinds.every((kind) => kind !== null)) return false
    const compared = kinds.map(({ seen }) => seen.ofRecords())
    const keepCompared = calmInTurn(this.#recordWatch, stretch, compared)
    if (keepCompared === null) return false

    for (const { keep } of kinds) for (const each of keep) each()
    keepCompared()
    const mix = { blocks: kinds.map(({ block }) => block), blockOf: stretch.kindOf, indexOf: stretch.indexOf }
    this.samples.add(mix)
    for (const sample of followedIn(mix)) this.#follow(sample)
    for (const { block } of kinds)
      if (block.steps !== null)
        for (const column of block.columns) this.#pairing.losses(this.#read.file, column, block.steps)
    return true
  }

  /** What becomes of calm records of one kind; null where one of their series is not calm. Until it is kept nothing has changed. */
  #calmly(rows: CalmRows): { block: SampleBlock; seen: CalmRecords; keep: (() => void)[] } | null {
    const { scalars } = rows.plan.record
    if (!scalars.every(({ metric }) => this.#series.isKnown(metric))) return null
    const drafts = scalars.map(({ metric }) => this.#series.draft(metric))
    const placed = scalars.map(({ role, actsAs = role }, at) => drafts[at]!.calm(rows, actsAs, rows.values[at]!))
    if (placed.includes(null)) return null
    const block = this.#blockOf(
      rows,
      drafts.map(({ progress }) => progress),
    )
    const seen = new CalmRecords(rows, block, drafts, this.#series, this.#gain)
    const watched = scalars.map((_, at) => drafts[at]!.watch.calm(seen.ofSeries(at)))
    const keep = [...placed, ...watched]
    return keep.every((each) => each !== null) ? { block, seen, keep } : null
  }

  /** The values of records as the next samples of their series. */
  #blockOf({ source, rows, steps, epochs, plan, values }: CalmRows, progress: readonly SeriesProgress[]): SampleBlock {
    const { length } = rows
    const offsets = new Float64Array(length)
    const timesMs = new Float64Array(length)
    for (let row = 0; row < length; row++) {
      const offset = source.offsetOf(rows[row]!)
      offsets[row] = this.#byteAt(offset) ?? Number.NaN
      timesMs[row] = this.#timeMsOf({ time: source.timeOf(rows[row]!), offset }) ?? Number.NaN
    }
    const columns = plan.record.scalars.map(({ metric, role, actsAs }, at) => {
      const { attempt, nextOrdinal } = progress[at]!
      return { metric, role, actsAs, attempt, firstOrdinal: nextOrdinal, values: values[at]! }
    })
    return { columns, length, offsets, timesMs, steps, epochs }
  }

  /** The sequences of a record that is the first of its file with some; else null. */
  firstSequencesIn(record: LogRecord): Sequences | null {
    return record.kind === 'scalars' && this.#file.hasSequences !== true ? (record.sequences ?? null) : null
  }

  /** Whether a record holds guessed classes, which give no loss and tell nothing. Those that are all 1 are counted. */
  isPassedOver(record: LogRecord): boolean {
    if (record.kind !== 'batch') return false
    const batchReading = withOnes(this.#file.batchReading ?? {}, record.batch)
    this.#file = { ...this.#file, batchReading }
    return areClasses(record.batch, batchReading)
  }

  /**
   * Takes in how the job ended, as a line without data says. `by` is what would show that it survived a crash, and `rank`,
   * `clockMs` and `from` are of the words that tell it.
   */
  ending(
    kind: Ending,
    { by, rank, clockMs, from }: { by?: Survival; rank?: number; clockMs?: number; from?: Origin } = {},
  ): void {
    const { file, writtenMs, beforeMs } = this.#read
    const told = {
      kind,
      file,
      // Only a record shows that the job goes on. A crash is not undone by the lines that follow it.
      ...(kind === 'crashed' && by === 'words' && { isCaughtByWords: true as const }),
      ...(from !== undefined && { traceback: from }),
      ...(rank !== undefined && { rank }),
      ...(clockMs !== undefined && { clockMs }),
      ...(writtenMs !== undefined && { writtenMs }),
      ...(beforeMs !== undefined && { beforeMs }),
    }
    const elsewhere = { isCaught: this.isCaughtElsewhere, isFinished: this.isFinishedElsewhere }
    this.#memory = { ...this.#memory, ending: afterWords(this.#memory.ending, told, elsewhere) }
  }

  get isCrashed(): boolean {
    return this.#memory.ending?.kind === 'crashed'
  }

  /**
   * Takes note that a job says, below a crash or later in another file, that it resumes: steps that go on may be its.
   * Returns whether that shows that the run goes on.
   */
  resumesAt(clockMs: number | null): boolean {
    const { ending } = this.#memory
    const { file, writtenMs = null } = this.#read
    if (ending === null || (ending.file !== file && !isLater(ending, { file, clockMs, writtenMs }))) return false
    return this.#endsAs(ending, afterResumed(ending))
  }

  /** Takes note that the file which tells of a crash tells of another one now: what was written between is no later than that. */
  diesAgain(clockMs: number | null): void {
    const { ending } = this.#memory
    if (ending?.kind === 'crashed' && ending.file === this.#read.file)
      this.#memory = { ...this.#memory, ending: afterAnotherDeath(ending, this.#read, clockMs) }
  }

  /** Whether another file of the run tells how it ended. */
  get isEndedElsewhere(): boolean {
    const { ending } = this.#memory
    return ending !== null && ending.file !== this.#read.file
  }

  /** Takes in a step of the run that another file has told the end of. Returns how the run goes on, where that shows it. */
  goesOnWith(record: Pick<LaterRecord, 'step' | 'stepBefore' | 'rank' | 'clockMs'>): 'caught' | 'restarted' | null {
    const { ending, writer } = this.#memory
    const { file, writtenMs = null, writerBeganMs = null, isOfHolder = false } = this.#read
    if (ending === null) return null
    const seen = { ...record, file, writtenMs, writerBeganMs, isOfHolder, isLeft: writer?.isGone ?? false }
    if (isOfSameProcess(ending, seen)) return this.#endsAs(ending, afterOwnRecord(ending, seen), []) ? 'caught' : null
    return this.#endsAs(ending, afterLaterRecord(ending, seen)) ? 'restarted' : null
  }

  /** Takes in the time of the newest record of this file. */
  dated(rank: number | null, clockMs: number): void {
    this.#memory = { ...this.#memory, newestDated: { file: this.#read.file, rank, clockMs } }
  }

  /** Whether a record of another file, read before, is later than what this one says of an end. */
  hasGoneOnElsewhere({ rank, clockMs }: Pick<RunEnding, 'rank' | 'clockMs'>): boolean {
    const { newestDated: newest } = this.#memory
    const { file } = this.#read
    if (newest === undefined || newest.file === file || newest.rank !== (rank ?? null)) return false
    return clockMs !== undefined && isLater({ kind: 'crashed', file, clockMs }, { ...newest, writtenMs: null })
  }

  /** Takes over what is known of the end now. Returns whether nothing of it holds any more, here and by the open incidents. */
  #endsAs(before: RunEnding, after: RunEnding | null, incidents = this.open): boolean {
    if (after === before) return false
    const { outlived = [] } = this.#memory
    const told = [before.file, ...incidents.map(({ worst }) => worst.file)]
    const others = told.filter((path) => path !== this.#read.file)
    const gone = after === null ? { outlived: [...new Set([...outlived, ...others])] } : {}
    this.#memory = { ...this.#memory, ending: after, ...gone }
    return after === null
  }

  /** Whether what this file had said of an end was found not to hold, since it was read last. */
  takeOutlived(): boolean {
    const { outlived, ...memory } = this.#memory
    const { file } = this.#read
    if (outlived?.includes(file) !== true) return false
    const rest = outlived.filter((path) => path !== file)
    this.#memory = rest.length === 0 ? memory : { ...memory, outlived: rest }
    return true
  }

  /** Whether another file of the run says that training ended: its errors, in this file, were caught or came later. */
  get isFinishedElsewhere(): boolean {
    const { ending } = this.#memory
    return ending?.kind === 'finished' && ending.file !== this.#read.file
  }

  /** Whether another file of the run shows an error of which words of an end in this one say that it was caught. */
  get isCaughtElsewhere(): boolean {
    const { ending } = this.#memory
    return ending?.isCaughtByWords === true && ending.file !== this.#read.file
  }

  /** The place of a finding in another file of the run. */
  placeIn(file: string): FindingPlace {
    return { ...this.#placeOf(null), file }
  }

  /** Takes back that the log of this file said that training was over. */
  goesOn(): void {
    const { ending } = this.#memory
    if (ending?.kind === 'finished' && ending.file === this.#read.file) this.#memory = { ...this.#memory, ending: null }
  }

  /** Takes back that the job died, as this file had said. */
  survived(): void {
    const { ending } = this.#memory
    if (ending?.kind === 'crashed' && ending.file === this.#read.file) this.#memory = { ...this.#memory, ending: null }
  }

  /** Whether the run has come to its last step by a line of this read. */
  hasCountedOutBy(offset: number): boolean {
    const { file, content } = this.#read
    const samplesBefore = this.#file.counts.samples
    const shown = { memory: this.#remembered, samples: this.samples, batches: this.#batches, samplesBefore }
    return hasCountedOutBy(offset, file, linesIn(content), this.#lines, shown)
  }

  /** The place that the file has come to: the place of findings that no record shows. */
  standsAt(step: number | null, offset: number | null): Sighting {
    return sightingOfWords(this.#trend.value, this.#series.progressOf, step, offset)
  }

  get #remembered(): RunMemory {
    return { ...this.#memory, ...this.#losses }
  }

  /** Takes in how far the ranks of the run have come. */
  ranks(ranks: readonly RankSeen[]): void {
    const { incidents, transitions } = withRanks(this.#memory.incidents, ranks)
    if (incidents === this.#memory.incidents) return
    this.#memory = { ...this.#memory, incidents }
    this.#transitions.push(...transitions)
  }

  /** The open incidents of the run. */
  get open(): readonly Incident[] {
    return this.#memory.incidents.open
  }

  outcome(
    reading: Pick<
      FileState,
      'reader' | 'wrapped' | 'losses' | 'hidden' | 'words' | 'rankWords' | 'logRules' | 'userRules'
    >,
    rejects: number,
  ): FoldedRecords {
    const { counts } = this.#file
    const recordDetectors = this.#recordWatch.states
    return {
      file: {
        ...this.#file,
        ...reading,
        ...this.#series.outcome(),
        batchDetectors: this.#batchWatch.states,
        ...(Object.keys(recordDetectors).length === 0 ? {} : { recordDetectors }),
        trend: this.#trend.value,
        ...(this.#gain === null ? {} : { gain: this.#gain }),
        counts: {
          samples: counts.samples + this.samples.length,
          batches: counts.batches + this.#batches.length,
          rejects: counts.rejects + rejects,
        },
      },
      memory: { ...this.#remembered, pairs: this.#pairing.pairs },
      samples: this.samples,
      moves: this.#moves,
      batches: this.#batches,
      transitions: this.#transitions,
    }
  }

  #scalars(record: ScalarsRecord, losses: LossesSeen): void {
    const placed: PlacedSample[] = []
    const timeMs = this.#timeMsOf(record)
    for (const scalar of record.scalars)
      if (this.#series.hasRoom(scalar.metric)) placed.push(judged(this.#place(scalar, record, timeMs)))
    const samples = placed.filter((sample) => !isLoggedAgain(this.#trend, sample))
    if (record.sequences !== undefined) this.#sequences(record, placed[0]?.attempt ?? 0)
    // All values of a record are kept before one is judged: its gradient norm may explain its loss.
    for (const sample of placed) this.#follow(sample)
    if (record.isOfEpisodes === true || hasScoreOfGame(samples)) this.#series.countEpisodes()
    const { hasMovingTarget, hasPolicy } = this.#series
    const { time, epoch, isPlaceholder = false } = record
    const broken = besideBroken(samples, losses, record, this.#trend.pointsOf('train_loss'), this.#series.progressOf)
    const gain = this.#gain
    const zeroDecimals = zeroDecimalsOf(record.scalars)
    const zero = samples.find(({ role, value }) => value === 0 && isLossRole(role))
    const arePredictionsRight = zero !== undefined && this.#arePredictionsRight(zero)
    const about = recordAbout(samples, {
      time,
      epoch,
      isPlaceholder,
      gain,
      broken,
      zeroDecimals,
      hasMovingTarget,
      hasPolicy,
      arePredictionsRight,
    })
    for (const sample of samples) {
      const { metric, actsAs } = sample
      const series = this.#series.draft(metric)
      const isBehind = series.isBehind(sample)
      const hasOtherParts = actsAs === undefined ? undefined : this.#series.hasOthersLike(metric)
      this.#observe(seenBeside(sample, about, { isBehind, isSum: series.isSum, hasOtherParts }), series.watch)
      if (!isFinite(sample.value)) this.#blame(sample)
      if (!isBehind) this.#pair(sample)
    }
    if (record.isPlaceholder !== true) this.#compare(samples, record, zeroDecimals)
  }

  /**
   * Whether the predictions of a loss of 0 say that it is about that: then it hides nothing. Those of a record are read below
   * its loss, so the ones of a 0 before it tell as well.
   */
  #arePredictionsRight({
    role,
    attempt,
    step,
    offset,
  }: Pick<Sighting, 'role' | 'attempt' | 'step' | 'offset'>): boolean {
    const { healthyBatch, suspectBatches } = this.#memory
    const newest = healthyBatch ?? suspectBatches.at(-1)
    if (newest === undefined) return false
    const own = this.#batchAt({ file: this.#read.file, attempt, step, offset, role })
    const batch = own ?? (newest.attempt === attempt && newest.reportedLoss === 0 ? newest : null)
    const { crossEntropy } = batch?.measure ?? {}
    return crossEntropy !== undefined && isFinite(crossEntropy) && crossEntropy < NEARLY_RIGHT_NATS
  }

  /** Shows the samples of a record that explain each other to the detectors that compare them. */
  #compare(all: readonly PlacedSample[], { time }: ScalarsRecord, zeroDecimals: ZeroDecimals): void {
    const samples = all.filter(({ role }) => COMPARED.includes(role))
    const main = samples.find(({ role }) => role === 'train_loss') ?? samples[0]
    if (main === undefined) return
    const series = this.#series.draft(main.metric)
    const isBehind = series.isBehind(main)
    const at = sightingOf({ kind: 'sample', sample: main, time, isBehind })
    const hasMovingTarget = this.#series.hasMovingTarget || series.isSum
    this.#observe({ kind: 'record', at, samples, zeroDecimals, isBehind, hasMovingTarget }, this.#recordWatch)
  }

  #batch({ batch: asLogged, offset }: BatchRecord): void {
    const { batch, reading, isReadAnew } = settled(asLogged, this.#file.batchReading ?? {})
    const measure = measureBatch(batch, this.#rules.epsilon, this.#memory.likelihoods?.decimals)
    const where = { offset, step: batch.step, epoch: null }
    const timeMs = this.#timeMsOf({ time: null, offset })
    const placed = recomputedSeries(measure, isReadAnew).map(({ metric, value }) =>
      this.#place({ metric, role: 'other', value, raw: isFinite(value) ? null : value }, where, timeMs),
    )
    const attempt = placed[0]?.attempt ?? 0
    const isBehind = placed.some((sample) => this.#series.draft(sample.metric).isBehind(sample))
    // What losses have shown of batches that were read otherwise speaks of no loss of this one.
    const known = isReadAnew ? undefined : this.#memory.likelihoods
    const search = searchLoss(known, batch, measure, attempt, reading)
    const { lossSearch, likelihoods, isOfValidation } = search
    const place = { file: this.#read.file, step: batch.step, attempt, offset }
    const own = { ...place, reportedLoss: search.reportedLoss, ...(isOfValidation && { isOfValidation }) }
    const reportedLoss = own.reportedLoss ?? failedLossOf(this.#memory, own)
    const symptoms = { ...symptomsOf(measure), ...onesIn(reading, batch) }
    const evidence = { ...own, measure: symptoms, reportedLoss, lossSearch }
    this.#file = { ...this.#file, batchReading: search.reading }
    this.#batches.push({
      ordinal: this.#file.counts.batches + this.#batches.length,
      step: batch.step,
      attempt,
      offset,
      measure,
      reportedLoss: search.reportedLoss,
    })
    this.#memory = { ...this.#memory, likelihoods }
    this.#remember(evidence)
    this.#observe({ kind: 'batch', at: sightingOfBatch(evidence), measure, reportedLoss, lossSearch }, this.#batchWatch)
    if (!isBehind) this.#pairing.batch(evidence, batch, measure)
    this.#losses = { ...this.#losses, lastStep: batch.step ?? this.#losses.lastStep }
  }

  #sequences(record: ScalarsRecord, attempt: number): void {
    this.#file = { ...this.#file, hasSequences: true }
    const evidence = evidenceOfSequences(record, this.#read.file, attempt, this.#memory)
    if (evidence !== null) this.#remember(evidence)
  }

  /** Keeps a batch, for what it may explain. */
  #remember(evidence: BatchEvidence): void {
    this.#memory = rememberBatch(this.#memory, evidence)
    this.#keep(explainAgain(this.#memory.incidents, evidence, this.#batchAt))
  }

  /** Shows a hidden value to the detectors of its series. It is no sample, and is not stored as one. */
  #hidden({ metric, role, step, offset, reason, detail, isDoubtful }: Extract<LogRecord, { kind: 'hidden' }>): void {
    if (!this.#series.hasRoom(metric)) return
    const series = this.#series.draft(metric)
    const { attempt } = series.progress
    const at: Sighting = { metric, role, step, attempt, offset: this.#byteAt(offset), value: 'NaN', time: null }
    if (isDoubtful === true && this.#arePredictionsRight(at)) return
    this.#read.listener?.hidden({ metric, role, step, attempt, offset, reason, detail })
    const seen = { kind: 'hidden', at, reason, detail, ...(isDoubtful === undefined ? {} : { isDoubtful }) } as const
    this.#observe(seen, series.watch)
  }

  /** The byte offset of a record; null for a row of a database, which has none. */
  #byteAt(offset: number): number | null {
    return this.#read.content.kind === 'rows' ? null : offset
  }

  /** When a record was logged: what it says itself, or when its file was written, of a line that came while it was watched. */
  #timeMsOf({ time, offset }: { readonly time: string | null; readonly offset: number }): number | null {
    if (time !== null) return msOfIso(time)
    const { writtenMs, backfillUntil } = this.#read
    return writtenMs === undefined || offset < backfillUntil ? null : Math.round(writtenMs)
  }

  /** Makes a value the next sample of its series. */
  #place(
    scalar: Scalar,
    where: Pick<ScalarsRecord, 'offset' | 'step' | 'epoch' | 'isPlaceholder'>,
    timeMs: number | null,
  ): PlacedSample {
    const { metric, role, actsAs, value, raw } = scalar
    const { step } = where
    const { attempt, ordinal, alsoInAttempt } = this.#series.draft(metric).place(scalar, step, where.epoch)
    if (alsoInAttempt !== null) this.#moves.push({ metric, ordinal: alsoInAttempt, attempt })
    const at = { offset: this.#byteAt(where.offset), timeMs, epoch: where.epoch }
    const plain: PlacedSample = { metric, role, attempt, ordinal, step, value, raw, ...at }
    const acting = actsAs === undefined ? plain : { ...plain, actsAs }
    const sample = where.isPlaceholder === true ? { ...acting, isPlaceholder: true as const } : acting
    this.samples.push(sample)
    return sample
  }

  /** Keeps a sample in the trend, the last few losses, gradient norms and learning rates, which may explain a finding. */
  #follow(sample: PlacedSample): void {
    this.#trend.add(sample)
    this.#gain = foldGain(this.#gain, sample)
    if (isLossRole(sample.role)) this.#losses = afterLoss(this.#losses, sample)
  }

  #observe(seen: DetectorInput, watch: Watch): void {
    for (const finding of watch.observe(seen)) this.apply(finding)
  }

  /** Shows a non-finite loss to the batches of its step that were read before it: their predictions may explain it. */
  #blame({ role, attempt, step, value, offset }: PlacedSample): void {
    if (!isLossRole(role) || isFinite(value) || step === null) return
    const failed: FailedLoss = { attempt, step, value, file: this.#read.file, role }
    const batches = this.#memory.suspectBatches.filter((batch) => awaits(batch, failed))
    this.#memory = rememberFailedLoss(this.#memory, failed)
    for (const batch of batches) {
      const watch = new Watch({}, this.settings.ofRun)
      const at = sightingOfBatch(batch)
      const place = { ...this.#placeOf(offset), file: batch.file }
      for (const finding of watch.observe({ kind: 'failed-batch', at, measure: batch.measure, reportedLoss: value }))
        this.apply(finding, place)
    }
  }

  /** Shows a loss to the batches of other files. One that is finite may show that a log(0) did no harm. */
  #pair(sample: PlacedSample): void {
    this.#pairing.loss(this.#read.file, sample)
    if (!isLossRole(sample.role) || !isFinite(sample.value) || sample.step === null) return
    for (const batch of survivedBy(this.#memory, sample))
      this.#keep(explainAgain(this.#memory.incidents, batch, this.#batchAt))
  }

  /** Applies what a loss in one file shows about a batch in another. */
  readonly #onPair: OnPair = ({ batch, findings }, offset) => {
    this.#memory = rememberReported(this.#memory, batch)
    this.#keep(explainAgain(this.#memory.incidents, batch, this.#batchAt))
    for (const finding of findings) this.apply(finding, { ...this.#placeOf(offset), file: batch.file })
  }

  /** Folds a finding into the incidents of the run. */
  apply(finding: Finding, place: FindingPlace = this.#placeOf(finding.at.offset)): void {
    this.#keep(applyFinding(this.#memory.incidents, finding, this.#trend.value, this.#batchAt, place))
  }

  readonly #batchAt = (place: BatchPlace) => batchAt({ ...this.#memory, pairs: this.#pairing.pairs }, place)

  #keep({ incidents, transitions }: ReturnType<typeof applyFinding>): void {
    this.#memory = { ...this.#memory, incidents }
    this.#transitions.push(...transitions)
  }

  #placeOf(offset: number | null): FindingPlace {
    const { run, file, nowIso, backfillUntil } = this.#read
    return { run, file, nowIso, backfill: (offset ?? 0) < backfillUntil }
  }
}
