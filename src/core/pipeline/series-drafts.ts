import { Watch } from '../detect/series-watch.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { actingGroupOf } from '../records/acting-losses.ts'
import { isLossRole, targetHintIn } from '../records/fields.ts'
import type { Scalar } from '../records/format.ts'
import { areOfPolicy, isSureTogether, type TargetHint } from '../records/moving-targets.ts'
import { afterValue, isSum } from '../records/sum-of-epoch.ts'
import type { place } from '../runs/attempts.ts'
import { type FileState, MAX_SERIES, NEW_SERIES, type SeriesState } from '../state/file-state.ts'

type Placement = ReturnType<typeof place>

/** Drafts of the series of one file while a read is folded into them. The number of series is bounded. */
export class SeriesDrafts {
  readonly #states: Record<string, SeriesState>
  readonly #watches = new Map<string, Watch>()
  readonly #settingsOf: (metric: string) => DetectorSettings
  #count: number
  #isFull: boolean
  /** What the names of the metrics show together. Not there before it is asked for. */
  #hints: Set<TargetHint> | undefined
  /** How many metrics each group of losses that may act together has. Not there before it is asked for. */
  #groups: Map<string, number> | undefined
  #hasMovingTarget = false
  #hasPolicy = false

  constructor(
    { series, isFull = false }: Pick<FileState, 'series' | 'isFull'>,
    settingsOf: (metric: string) => DetectorSettings,
  ) {
    this.#settingsOf = settingsOf
    // An object without a prototype, for a log may name a metric `constructor`.
    this.#states = Object.assign(Object.create(null), series)
    this.#count = Object.keys(series).length
    this.#isFull = isFull
  }

  /** Whether a metric was met that there was no room for. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Whether a metric of the file shows that the target of its losses moves. */
  get hasMovingTarget(): boolean {
    if (this.#hints === undefined) {
      this.#hints = new Set()
      for (const metric of Object.keys(this.#states)) this.#heed(metric, this.#hints)
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
      for (const known of Object.keys(this.#states)) countIn(this.#groups, known)
    }
    return (this.#groups.get(actingGroupOf(metric) ?? '') ?? 0) > 1
  }

  /** The series of a metric, or a new one. */
  of(metric: string): SeriesState {
    return this.#states[metric] ?? NEW_SERIES
  }

  put(metric: string, state: SeriesState): void {
    if (this.#states[metric] === undefined) {
      this.#count++
      if (this.#hints !== undefined) this.#heed(metric, this.#hints)
      if (this.#groups !== undefined) countIn(this.#groups, metric)
    }
    this.#states[metric] = state
  }

  /** Puts the series of a value after it: `before` is as it was, and `placed` is where the value belongs. */
  putValue(
    { metric, role, actsAs = role, value }: Scalar,
    { progress, ordinal }: Placement,
    { sum, detectors }: SeriesState,
  ): void {
    const after = isLossRole(actsAs) ? afterValue(sum, value, ordinal === 0) : undefined
    this.put(metric, after === undefined ? { progress, detectors } : { progress, detectors, sum: after })
  }

  /** How many values a series has. */
  readonly countOf = (metric: string): number => this.of(metric).progress.nextOrdinal

  /** Whether a loss is a sum over an epoch, which rises while all goes well, as one does whose target moves. */
  isSum(metric: string): boolean {
    return isSum(this.of(metric).sum)
  }

  #heed(metric: string, hints: Set<TargetHint>): void {
    const hint = targetHintIn(metric)
    if (hint === null || hints.has(hint)) return
    hints.add(hint)
    this.#hasMovingTarget = isSureTogether(hints)
    this.#hasPolicy = areOfPolicy(hints)
  }

  /** Whether the metric has a series, or can get one. */
  hasRoom(metric: string): boolean {
    const hasRoom = this.#count < MAX_SERIES || this.#states[metric] !== undefined
    this.#isFull ||= !hasRoom
    return hasRoom
  }

  /** The detectors of a metric's series. Their states after the read are in `outcome`. */
  watch(metric: string): Watch {
    let watch = this.#watches.get(metric)
    if (watch === undefined) {
      watch = new Watch(this.of(metric).detectors, this.#settingsOf(metric))
      this.#watches.set(metric, watch)
    }
    return watch
  }

  outcome(): Pick<FileState, 'series' | 'isFull'> {
    for (const [metric, watch] of this.#watches) {
      this.put(metric, { ...this.of(metric), detectors: watch.states })
    }
    return { series: this.#states, ...(this.#isFull ? { isFull: true } : {}) }
  }
}

function countIn(groups: Map<string, number>, metric: string): void {
  const group = actingGroupOf(metric)
  if (group !== null) groups.set(group, (groups.get(group) ?? 0) + 1)
}
