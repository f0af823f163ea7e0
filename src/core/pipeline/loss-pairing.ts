import { type Finite, isFinite } from '../../protocol/value.ts'
import type { Finding } from '../detect/finding.ts'
import { Watch } from '../detect/series-watch.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import {
  differencesWith,
  expectedLosses,
  searchExpected,
  searchMany,
  searchStale,
} from '../loss-search/expected-losses.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import { isLossRole } from '../records/fields.ts'
import { isOfHeldOut } from '../state/held-out.ts'
import {
  batchesAt,
  type ExpectantBatch,
  expectedBefore,
  type LossPairs,
  lossesAt,
  NO_PAIRS,
  type PairedLoss,
  type PairWatch,
  withBatch,
  withDoubt,
  withLaterLosses,
  withLoss,
  withReported,
} from '../state/loss-pairs.ts'
import { failingWays } from '../state/pair-tallies.ts'
import type { PlacedSample } from './commit.ts'
import type { SampleColumn } from './samples.ts'
import { sightingOfBatch } from './sighting.ts'

/** Larger batches are not paired, and only contradict: finding the losses that one of them may have takes longer than a second. */
const MOST_NUMBERS = 2 ** 20

/** What a loss shows about a batch in another file. */
interface PairResult {
  readonly batch: BatchEvidence
  readonly findings: readonly Finding[]
}

interface LaterLosses {
  readonly loss: PairedLoss
  readonly attempt: number
  readonly steps: number[]
}

/** Called with each completed pair, and the byte offset of the record that completed it, a loss or a batch. */
export type OnPair = (result: PairResult, offset: number | null) => void

/**
 * Pairs each finite loss with the batch of the same step in another file, whichever is read first: a validation loss with
 * predictions of held-out data, and a training loss with all others.
 *
 * Each log of losses is paired with each dump by itself, in the order of their
 * steps. So neither another file nor the order of reading changes the result. A
 * loss that the batch does not explain is taken for a loss of something else,
 * such as a mean over steps or another model.
 */
export class Pairing {
  #pairs: LossPairs
  /** The steps of losses of one metric that are still to be taken note of: one by one they would be dear. */
  readonly #later = new Map<string, LaterLosses>()
  readonly #settings: DetectorSettings
  readonly #onPair: OnPair

  constructor(pairs: LossPairs = NO_PAIRS, settings: DetectorSettings, onPair: OnPair) {
    this.#pairs = pairs
    this.#settings = settings
    this.#onPair = onPair
  }

  get pairs(): LossPairs {
    for (const { loss, attempt, steps } of this.#later.values())
      this.#pairs = withLaterLosses(this.#pairs, loss, attempt, steps)
    this.#later.clear()
    return this.#pairs
  }

  /** Takes in a loss. Its step must not be below the one before. */
  loss(file: string, { metric, role, attempt, step, value, offset, isPlaceholder }: PlacedSample): void {
    if (!isLossRole(role) || step === null || !isFinite(value) || isPlaceholder === true) return
    const loss: PairedLoss = { file, metric, value, ...(role === 'val_loss' && { isOfValidation: true }) }
    const kept = withLoss(this.#pairs, loss, attempt, step)
    if (kept === this.#pairs) {
      const key = `${attempt} ${file} ${metric}`
      const later = this.#later.get(key)
      if (later === undefined) this.#later.set(key, { loss, attempt, steps: [step] })
      else later.steps.push(step)
      return
    }
    this.#pairs = kept
    for (const batch of batchesAt(kept, attempt, step)) this.#meet(loss, batch, offset)
  }

  /** Whether there are batches that may form pairs. */
  get hasBatches(): boolean {
    return this.#pairs.dumps.length > 0
  }

  /** Takes in losses of one metric, where no batch may form a pair with one. Each step must be above the one before. */
  losses(
    file: string,
    { metric, role: own, actsAs: role = own, attempt, values }: SampleColumn,
    steps: Float64Array,
  ): void {
    if (!isLossRole(role)) return
    const about = { file, metric, ...(role === 'val_loss' && { isOfValidation: true as const }) }
    let index = 0
    for (; index < values.length; index++) {
      const kept = withLoss(this.#pairs, { ...about, value: values[index]! as Finite }, attempt, steps[index]!)
      if (kept === this.#pairs) break
      this.#pairs = kept
    }
    this.#pairs = withLaterLosses(this.pairs, about, attempt, steps.subarray(index))
  }

  /** Takes in a batch. Its step must not be below the one before. A batch that came with its own loss is not paired. */
  batch(evidence: BatchEvidence, batch: PredictionBatch, measure: BatchMeasure): void {
    const { attempt, step, offset } = evidence
    if (step === null || batch.reportedLoss !== null) return
    const failing = failingWays(evidence)
    const expect = () => ({
      evidence,
      expected: expectedLosses(batch, measure),
      ...(failing.length === 0 ? {} : { failing }),
    })
    const isLarge = batch.values.length > MOST_NUMBERS
    const kept = isLarge ? this.pairs : withBatch(this.pairs, evidence, step, expect)
    if (kept === this.#pairs) {
      this.#pairs = withDoubt(kept, evidence, step, failing)
      return
    }
    this.#pairs = kept
    for (const loss of lossesAt(kept, attempt, step)) {
      const expectant = batchesAt(this.#pairs, attempt, step).find((one) => one.evidence.file === evidence.file)
      this.#meet(loss, expectant!, offset)
    }
  }

  #meet(loss: PairedLoss, { evidence, expected }: ExpectantBatch, offset: number | null): void {
    const { file, metric, value, isOfValidation = false } = loss
    if (isOfHeldOut(evidence, file) !== isOfValidation) return
    const isTheirs = (one: PairWatch) => one.file === file && one.metric === metric && one.dump === evidence.file
    const { states = {}, differences: before = [] } = this.#pairs.watches.find(isTheirs) ?? {}
    const alone = searchExpected(expected, value) ?? searchStale(expected, expectedBefore(this.#pairs, evidence), value)
    const differences = alone === null ? differencesWith(before, expected, value) : before
    const lossSearch = alone ?? (differences === before ? null : searchMany(expected, differences, value))
    if (lossSearch === null && differences === before) return
    const watch = new Watch(states, this.#settings)
    const at = sightingOfBatch(evidence)
    const findings =
      lossSearch === null
        ? []
        : watch.observe({ kind: 'pair', at, measure: evidence.measure, reportedLoss: value, lossSearch })
    const kept = differences.length === 0 ? {} : { differences }
    const others = this.#pairs.watches.filter((one) => !isTheirs(one))
    const watches = [...others, { file, metric, dump: evidence.file, states: watch.states, ...kept }]
    this.#pairs = { ...this.#pairs, watches }
    if (lossSearch === null) return
    // Where several losses of a step fit, the batch keeps the first of them.
    const batch = evidence.reportedLoss === null ? { ...evidence, reportedLoss: value, lossSearch } : evidence
    this.#pairs = withReported(this.#pairs, batch)
    this.#onPair({ batch, findings }, offset)
  }
}
