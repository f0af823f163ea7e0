import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import type { CalmInputs } from '../detect/detector.ts'
import { type DetectorInput, type SeenSample, sightingOf } from '../detect/detector.ts'
import type { Gain } from '../detect/gain.ts'
import type { Watch } from '../detect/series-watch.ts'
import { isLossRole } from '../records/fields.ts'
import { TREND_POINTS } from '../state/trend.ts'
import type { CalmRows, CalmStretch } from './calm-rows.ts'
import type { PlacedSample } from './commit.ts'
import { finiteOf, judged, recordAbout, seenBeside } from './record-samples.ts'
import { type SampleBlock, type SampleMix, sampleOf } from './samples.ts'
import type { SeriesDraft, SeriesDrafts } from './series-drafts.ts'

/** The roles of the samples of a record that are compared with each other. */
export const COMPARED: readonly Role[] = ['train_loss', 'learning_rate', 'grad_norm']

type Mutable<Of> = { -readonly [Key in keyof Of]: Of[Key] }

/**
 * Calm records as the detectors see them, each as it would be seen by itself.
 *
 * One object is filled again and again: of millions of records a new one for each costs more than all that the detectors do.
 */
export class CalmRecords {
  readonly #rows: CalmRows
  readonly #block: SampleBlock
  /** The first sample of each metric, in the role that it is judged in. */
  readonly #firsts: readonly PlacedSample[]
  readonly #drafts: readonly SeriesDraft[]
  readonly #series: SeriesDrafts
  readonly #gain: Gain | null
  readonly #hasTimes: boolean

  constructor(
    rows: CalmRows,
    block: SampleBlock,
    drafts: readonly SeriesDraft[],
    series: SeriesDrafts,
    gain: Gain | null,
  ) {
    this.#rows = rows
    this.#block = block
    this.#firsts = block.columns.map((column) => judged(sampleOf(block, column, 0)))
    this.#drafts = drafts
    this.#series = series
    this.#gain = gain
    this.#hasTimes = rows.rows.some((row) => rows.source.timeOf(row) !== null)
  }

  /** What the detectors of one metric see. */
  ofSeries(at: number): CalmInputs {
    const sample = this.#sampleOf(at)
    const { metric, role, actsAs } = sample.own
    const { isSum } = this.#drafts[at]!
    const hasOtherParts = actsAs === undefined ? undefined : this.#series.hasOthersLike(metric)
    // The first itself, and no copy of it: what stands beside it is told from it.
    const seen: Mutable<SeenSample> = seenBeside(this.#firsts[at]!, this.#firstAbout(), {
      isBehind: false,
      isSum,
      hasOtherParts,
    })
    const { epochs } = this.#block
    const norms = seen.gradientNorm === undefined ? undefined : this.#valuesOf('grad_norm')
    const rates = seen.learningRate === undefined ? undefined : this.#valuesOf('learning_rate')
    const others = seen.otherLosses === undefined ? undefined : this.#othersBeside(at)
    return {
      kind: 'sample',
      metric,
      role,
      ...this.#common(at),
      hasMovingTarget: seen.hasMovingTarget === true,
      isPart: actsAs !== undefined,
      others: others ?? [],
      columns: [],
      seenAt: (index) => {
        sample.turnTo(index)
        seen.sample = sample.own
        seen.time = this.#timeOf(index)
        if (epochs !== null) seen.epoch = epochs[index]!
        if (norms !== undefined) seen.gradientNorm = norms[index] as Finite
        if (rates !== undefined) seen.learningRate = rates[index] as Finite
        if (others !== undefined) seen.otherLosses = others.map((values) => values[index] as Finite)
        return seen
      },
    }
  }

  /** What the detectors see that compare the samples of a record; null where it has none of these. */
  ofRecords(): CalmInputs | null {
    const compared = [...this.#firsts.keys()].filter((at) => COMPARED.includes(this.#firsts[at]!.role))
    const main = compared.find((at) => this.#firsts[at]!.role === 'train_loss') ?? compared[0]
    if (main === undefined) return null
    const all = compared.map((at) => this.#sampleOf(at))
    const { own } = all[compared.indexOf(main)]!
    const at: Mutable<ReturnType<typeof sightingOf>> = sightingOf({
      kind: 'sample',
      sample: own,
      time: null,
      isBehind: false,
    })
    const samples = all.map((each) => each.own)
    const hasMovingTarget = this.#series.hasMovingTarget || this.#drafts[main]!.isSum
    const seen: DetectorInput = { kind: 'record', at, samples, zeroDecimals: {}, isBehind: false, hasMovingTarget }
    return {
      kind: 'record',
      metric: at.metric,
      role: at.role,
      ...this.#common(main),
      hasMovingTarget,
      isPart: false,
      others: [],
      columns: compared.map((each) => ({ ...this.#firsts[each]!, values: this.#block.columns[each]!.values })),
      seenAt: (index) => {
        for (const each of all) each.turnTo(index)
        at.step = own.step
        at.offset = own.offset
        at.value = own.value
        at.time = this.#timeOf(index)
        return seen
      },
    }
  }

  #common(at: number): Pick<CalmInputs, 'attempt' | 'values' | 'steps' | 'length' | 'hasTimes'> {
    const { attempt, values } = this.#block.columns[at]!
    const { steps, length } = this.#block
    return { attempt, values, steps, length, hasTimes: this.#hasTimes }
  }

  /** A sample that becomes one after another of its metric. */
  #sampleOf(at: number): { readonly own: PlacedSample; readonly turnTo: (index: number) => void } {
    const { values, firstOrdinal } = this.#block.columns[at]!
    const { steps, epochs, offsets, timesMs } = this.#block
    const own: Mutable<PlacedSample> = { ...this.#firsts[at]! }
    const turnTo = (index: number) => {
      own.value = values[index] as Finite
      own.ordinal = firstOrdinal + index
      own.offset = Number.isNaN(offsets[index]) ? null : offsets[index]!
      if (steps !== null) own.step = steps[index]!
      if (epochs !== null) own.epoch = epochs[index]!
      own.timeMs = Number.isNaN(timesMs[index]) ? null : timesMs[index]!
    }
    return { own, turnTo }
  }

  #timeOf(index: number): string | null {
    return this.#rows.source.timeOf(this.#rows.rows[index]!)
  }

  #valuesOf(role: Role): Float64Array | undefined {
    return this.#block.columns[this.#firsts.findIndex((first) => first.role === role)]?.values
  }

  /** The values of the losses beside one: of those that its `otherLosses` come from. */
  #othersBeside(at: number): readonly Float64Array[] {
    const finite = finiteOf(this.#firsts[at]!.role, this.#firsts)
    const others = [...this.#firsts.keys()].filter((each) => each !== at && finite.includes(this.#firsts[each]!))
    return others.map((each) => this.#block.columns[each]!.values)
  }

  #firstAbout(): ReturnType<typeof recordAbout> {
    return recordAbout(this.#firsts, {
      time: this.#timeOf(0),
      epoch: this.#firsts[0]!.epoch,
      isPlaceholder: false,
      hasMovingTarget: this.#series.hasMovingTarget,
      hasPolicy: this.#series.hasPolicy,
      gain: this.#gain,
      broken: undefined,
      zeroDecimals: {},
      arePredictionsRight: false,
    })
  }
}

/**
 * Shows calm records to the detectors that compare what stands in one, `compared` of each kind. Returns how to keep what came of
 * it; null where one finds something.
 */
export function calmInTurn(
  watch: Watch,
  { kindOf, indexOf }: CalmStretch,
  compared: readonly (CalmInputs | null)[],
): (() => void) | null {
  const [first] = compared
  if (compared.length === 1) return first == null ? () => undefined : watch.calm(first)
  const rows = [...kindOf.keys()].filter((row) => compared[kindOf[row]!] !== null)
  const any = compared.find((inputs) => inputs !== null)
  if (any == null) return () => undefined
  return watch.stepCalmly(any, rows.length, (at) => compared[kindOf[rows[at]!]!]!.seenAt(indexOf[rows[at]!]!))
}

/** The samples of calm records, as they are judged, that a file keeps for what they may explain. */
export function* followedIn({ blocks, blockOf, indexOf }: SampleMix): Generator<PlacedSample> {
  const length = blockOf.length
  const followed = blocks.map((block) => block.columns.filter(({ role, actsAs = role }) => isFollowed(actsAs)))
  // The first of them may be the first finite one, and of the others the newest count.
  const skipsTo = blocks.length > 1 ? 0 : length - TREND_POINTS
  for (let row = 0; row < length; row = Math.max(row + 1, skipsTo)) {
    const at = blockOf[row]!
    for (const column of followed[at]!) yield judged(sampleOf(blocks[at]!, column, indexOf[row]!))
  }
}

function isFollowed(role: Role): boolean {
  return isLossRole(role) || COMPARED.includes(role)
}
