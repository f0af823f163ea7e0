import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import type { CalmInputs } from '../detect/calm-inputs.ts'
import { type DetectorInput, type SeenSample, sightingOf } from '../detect/detector.ts'
import type { Gain } from '../detect/gain.ts'
import type { CalmRows } from './calm-rows.ts'
import type { PlacedSample } from './commit.ts'
import { finiteOf, judged, recordAbout, seenBeside } from './record-samples.ts'
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
  /** The samples of each metric, in the roles that they are judged in. */
  readonly #samples: readonly (readonly PlacedSample[])[]
  readonly #drafts: readonly SeriesDraft[]
  readonly #series: SeriesDrafts
  readonly #gain: Gain | null

  constructor(
    rows: CalmRows,
    samples: readonly (readonly PlacedSample[])[],
    drafts: readonly SeriesDraft[],
    series: SeriesDrafts,
    gain: Gain | null,
  ) {
    this.#rows = rows
    this.#samples = samples.map((column) => (column[0]!.actsAs === undefined ? column : column.map(judged)))
    this.#drafts = drafts
    this.#series = series
    this.#gain = gain
  }

  /** What the detectors of one metric see. */
  ofSeries(at: number): CalmInputs {
    const column = this.#samples[at]!
    const { metric, role, actsAs } = column[0]!
    const { isSum } = this.#drafts[at]!
    const hasOtherParts = actsAs === undefined ? undefined : this.#series.hasOthersLike(metric)
    const seen: Mutable<SeenSample> = seenBeside(column[0]!, this.#firstAbout(), {
      isBehind: false,
      isSum,
      hasOtherParts,
    })
    const norms = seen.gradientNorm === undefined ? undefined : this.#columnOf('grad_norm')
    const rates = seen.learningRate === undefined ? undefined : this.#columnOf('learning_rate')
    const others = seen.otherLosses === undefined ? undefined : this.#othersBeside(column)
    return {
      kind: 'sample',
      metric,
      role,
      length: column.length,
      seenAt: (index) => {
        const sample = column[index]!
        seen.sample = sample
        seen.time = this.#timeOf(index)
        if (sample.epoch !== null) seen.epoch = sample.epoch
        if (norms !== undefined) seen.gradientNorm = norms[index]!.value
        if (rates !== undefined) seen.learningRate = rates[index]!.value
        if (others !== undefined) seen.otherLosses = others.map((other) => other[index]!.value as Finite)
        return seen
      },
    }
  }

  /** What the detectors see that compare the samples of a record; null where it has none of these. */
  ofRecords(): CalmInputs | null {
    const columns = this.#samples.filter(([first]) => COMPARED.includes(first!.role))
    const main = columns.find(([first]) => first!.role === 'train_loss') ?? columns[0]
    if (main === undefined) return null
    const first = { kind: 'sample', sample: main[0]!, time: this.#timeOf(0), isBehind: false } as const
    const { isSum } = this.#drafts[this.#samples.indexOf(main)]!
    const at: Mutable<ReturnType<typeof sightingOf>> = sightingOf(first)
    const samples = columns.map(([sample]) => sample!)
    const hasMovingTarget = this.#series.hasMovingTarget || isSum
    const seen: DetectorInput = { kind: 'record', at, samples, zeroDecimals: {}, isBehind: false, hasMovingTarget }
    return {
      kind: 'record',
      metric: at.metric,
      role: at.role,
      length: main.length,
      seenAt: (index) => {
        for (let each = 0; each < columns.length; each++) samples[each] = columns[each]![index]!
        at.step = main[index]!.step
        at.offset = main[index]!.offset
        at.value = main[index]!.value
        at.time = this.#timeOf(index)
        return seen
      },
    }
  }

  #timeOf(index: number): string | null {
    return this.#rows.run.timeOf(this.#rows.from + index)
  }

  #columnOf(role: Role): readonly PlacedSample[] | undefined {
    return this.#samples.find(([first]) => first!.role === role)
  }

  /** The columns of the losses beside one: those that its `otherLosses` come from, in the first record. */
  #othersBeside(column: readonly PlacedSample[]): readonly (readonly PlacedSample[])[] {
    const { role } = column[0]!
    const finite = finiteOf(
      role,
      this.#samples.map(([first]) => first!),
    )
    return this.#samples.filter((other) => other !== column && finite.includes(other[0]!))
  }

  #firstAbout(): ReturnType<typeof recordAbout> {
    const samples = this.#samples.map((column) => column[0]!)
    return recordAbout(samples, {
      time: this.#timeOf(0),
      epoch: samples[0]!.epoch,
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
