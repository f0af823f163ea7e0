import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import type { RuleStates } from '../detect/rule.ts'
import { Watch } from '../detect/series-watch.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { actingGroupOf } from '../records/acting-losses.ts'
import { isLossRole, targetHintIn } from '../records/fields.ts'
import type { Scalar } from '../records/format.ts'
import { areOfPolicy, isSureTogether, type TargetHint } from '../records/moving-targets.ts'
import { afterValue, isSum, type SumOfEpoch } from '../records/sum-of-epoch.ts'
import { NOT_STARTED, type Placed, place, type SeriesProgress } from '../runs/attempts.ts'
import { type FileState, MAX_SERIES, NEW_SERIES, type SeriesState } from '../state/file-state.ts'
import type { CalmRows } from './calm-rows.ts'
import type { PlacedSample } from './commit.ts'

/** The series of one metric while a read is folded into it. */
export class SeriesDraft {
  readonly #saved: RuleStates
  readonly #settings: () => DetectorSettings
  #progress: SeriesProgress
  #sum: SumOfEpoch | undefined
  #watch: Watch | null = null

  constructor({ progress, detectors, sum }: SeriesState, settings: () => DetectorSettings) {
    this.#progress = progress
    this.#sum = sum
    this.#saved = detectors
    this.#settings = settings
  }

  get progress(): SeriesProgress {
    return this.#progress
  }

  /** Whether the series is of a loss that is a sum over an epoch, which rises while all goes well, as one does whose target moves. */
  get isSum(): boolean {
    return isSum(this.#sum)
  }

  /** Makes a value the next one of the series, and says where it belongs. */
  place({ role, actsAs = role, value }: Scalar, step: number | null, epoch: number | null): Placed {
    const placed = place(this.#progress, step, epoch)
    this.#progress = placed.progress
    this.#sum = isLossRole(actsAs) ? afterValue(this.#sum, value, placed.ordinal === 0) : undefined
    return placed
  }

  /**
   * Makes values the next ones of the series, each at a step above the one before. Returns how to keep that; until then nothing
   * has changed. Null where the first values are still to come, or where one of them begins something anew.
   */
  calm({ steps, epochs }: Pick<CalmRows, 'steps' | 'epochs'>, role: Role, values: Float64Array): (() => void) | null {
    const { attempt, nextOrdinal, lastStep, fallen } = this.#progress
    if (nextOrdinal === 0 || fallen !== null) return null
    if (steps !== null && !(lastStep !== null && steps[0]! > lastStep)) return null
    let { lastEpoch } = this.#progress
    if (epochs !== null) for (const epoch of epochs) if (lastEpoch === null || epoch > lastEpoch) lastEpoch = epoch
    let sum = isLossRole(role) ? this.#sum : undefined
    for (let index = 0; sum !== undefined && index < values.length; index++) {
      const after = afterValue(sum, values[index]! as Finite, false)
      if (isSum(after) !== isSum(sum)) return null
      sum = after
    }
    const newestStep = steps === null ? lastStep : steps[steps.length - 1]!
    return () => {
      this.#progress = {
        attempt,
        nextOrdinal: nextOrdinal + values.length,
        lastStep: newestStep,
        lastEpoch,
        fallen: null,
      }
      this.#sum = sum
    }
  }

  /** Whether the step of a value fell below the one before. The next value will show whether a new attempt began there. */
  isBehind({ ordinal }: Pick<PlacedSample, 'ordinal'>): boolean {
    return this.#progress.fallen?.ordinal === ordinal
  }

  /** The detectors of the series. */
  get watch(): Watch {
    this.#watch ??= new Watch(this.#saved, this.#settings())
    return this.#watch
  }

  get state(): SeriesState {
    const detectors = this.#watch === null ? this.#saved : this.#watch.states
    return { progress: this.#progress, detectors, ...(this.#sum !== undefined && { sum: this.#sum }) }
  }
}

/** Drafts of the series of one file while a read is folded into them. The number of series is bounded. */
export class SeriesDrafts {
  readonly #saved: FileState['series']
  readonly #drafts = new Map<string, SeriesDraft>()
  readonly #settingsOf: (metric: string) => DetectorSettings
  #count: number
  #isFull: boolean
  /** What the names of the metrics show together. Not there before it is asked for. */
  #hints: Set<TargetHint> | undefined
  /** How many metrics each group of losses that may act together has. Not there before it is asked for. */
  #groups: Map<string, number> | undefined
  #hasMovingTarget = false
  #isOfEpisodes: boolean
  #hasPolicy = false

  constructor(
    { series, isFull = false, isOfEpisodes = false }: Pick<FileState, 'series' | 'isFull' | 'isOfEpisodes'>,
    settingsOf: (metric: string) => DetectorSettings,
  ) {
    this.#settingsOf = settingsOf
    this.#saved = series
    this.#count = Object.keys(series).length
    this.#isFull = isFull
    this.#isOfEpisodes = isOfEpisodes
  }

  /** Whether a metric was met that there was no room for. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Takes note that the file counts episodes. */
  countEpisodes(): void {
    if (this.#isOfEpisodes) return
    this.#isOfEpisodes = true
    if (this.#hints !== undefined) this.#take('episode', this.#hints)
  }

  /** Whether a metric of the file, or what it counts, shows that the target of its losses moves. */
  get hasMovingTarget(): boolean {
    if (this.#hints === undefined) {
      this.#hints = new Set()
      if (this.#isOfEpisodes) this.#take('episode', this.#hints)
      for (const metric of this.#metrics) this.#heed(metric, this.#hints)
    }
    return this.#hasMovingTarget
  }

  /** Whether a metric of the file shows that a policy learns. */
  get hasPolicy(): boolean {
    return this.hasMovingTarget && this.#hasPolicy
  }

  /** Whether the file has another metric of the same kind of loss, and of the same phase. */
  hasOthersLike(metric: string): boolean {
    if (this.#groups === undefined) {
      this.#groups = new Map()
      for (const known of this.#metrics) countIn(this.#groups, known)
    }
    return (this.#groups.get(actingGroupOf(metric) ?? '') ?? 0) > 1
  }

  /** Whether the metric has a series, or can get one. */
  hasRoom(metric: string): boolean {
    const hasRoom = this.#count < MAX_SERIES || this.#drafts.has(metric) || Object.hasOwn(this.#saved, metric)
    this.#isFull ||= !hasRoom
    return hasRoom
  }

  /** The series of a metric, or a new one. */
  draft(metric: string): SeriesDraft {
    const known = this.#drafts.get(metric)
    if (known !== undefined) return known
    const saved = this.#savedOf(metric)
    if (saved === undefined) {
      this.#count++
      if (this.#hints !== undefined) this.#heed(metric, this.#hints)
      if (this.#groups !== undefined) countIn(this.#groups, metric)
    }
    const draft = new SeriesDraft(saved ?? NEW_SERIES, () => this.#settingsOf(metric))
    this.#drafts.set(metric, draft)
    return draft
  }

  /** Whether the file has had a metric before. */
  isKnown(metric: string): boolean {
    return this.#drafts.has(metric) || Object.hasOwn(this.#saved, metric)
  }

  /** How far the series of a metric has come; not at all where there is none. */
  readonly progressOf = (metric: string): SeriesProgress =>
    this.#drafts.get(metric)?.progress ?? this.#savedOf(metric)?.progress ?? NOT_STARTED

  /** The series after the read. */
  outcome(): Pick<FileState, 'series' | 'isFull' | 'isOfEpisodes'> {
    // An object without a prototype, for a log may name a metric `constructor`.
    const series: Record<string, SeriesState> = Object.assign(Object.create(null), this.#saved)
    for (const [metric, draft] of this.#drafts) series[metric] = draft.state
    return {
      series,
      ...(this.#isFull ? { isFull: true } : {}),
      ...(this.#isOfEpisodes ? { isOfEpisodes: true } : {}),
    }
  }

  get #metrics(): Iterable<string> {
    return new Set([...Object.keys(this.#saved), ...this.#drafts.keys()])
  }

  #savedOf(metric: string): SeriesState | undefined {
    return Object.hasOwn(this.#saved, metric) ? this.#saved[metric] : undefined
  }

  #heed(metric: string, hints: Set<TargetHint>): void {
    const hint = targetHintIn(metric)
    if (hint !== null && !hints.has(hint)) this.#take(hint, hints)
  }

  #take(hint: TargetHint, hints: Set<TargetHint>): void {
    hints.add(hint)
    this.#hasMovingTarget = isSureTogether(hints)
    this.#hasPolicy = areOfPolicy(hints)
  }
}

function countIn(groups: Map<string, number>, metric: string): void {
  const group = actingGroupOf(metric)
  if (group !== null) groups.set(group, (groups.get(group) ?? 0) + 1)
}
