import { isFinite } from '../../protocol/value.ts'
import type { Finding } from '../detect/finding.ts'
import { Watch } from '../detect/series-watch.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import { expectedLosses, searchExpected } from '../loss-search/expected-losses.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import {
  batchesAt,
  type ExpectantBatch,
  type LossPairs,
  lossesAt,
  NO_PAIRS,
  type PairedLoss,
  type PairWatch,
  withBatch,
  withLoss,
  withReported,
} from '../state/loss-pairs.ts'
import type { PlacedSample } from './commit.ts'
import { sightingOfBatch } from './sighting.ts'

/** To find what the loss of a larger batch may be takes longer than a second. */
const MOST_NUMBERS = 2 ** 20

/** What a loss shows of a batch of another file. */
interface PairResult {
  readonly batch: BatchEvidence
  readonly findings: readonly Finding[]
}

/** Is called with the byte of the record, a loss or a batch, that completed a pair. */
export type OnPair = (result: PairResult, offset: number | null) => void

/**
 * Brings a finite training loss and the batch of the same step together, whichever is read first.
 *
 * Each log of losses is paired with each dump by itself and in the order of
 * their steps, so that neither another file nor the order of reading changes
 * what comes of it. A loss that the numbers of the batch do not explain is
 * taken for one of something else: a mean over steps, or another model.
 */
export class Pairing {
  #pairs: LossPairs
  readonly #settings: DetectorSettings
  readonly #onPair: OnPair

  constructor(pairs: LossPairs = NO_PAIRS, settings: DetectorSettings, onPair: OnPair) {
    this.#pairs = pairs
    this.#settings = settings
    this.#onPair = onPair
  }

  get pairs(): LossPairs {
    return this.#pairs
  }

  /** Takes in a loss that stands in the order of its steps. */
  loss(file: string, { metric, role, attempt, step, value, offset, isPlaceholder }: PlacedSample): void {
    if (role !== 'train_loss' || step === null || !isFinite(value) || isPlaceholder === true) return
    const loss = { file, metric, value }
    const kept = withLoss(this.#pairs, loss, attempt, step)
    if (kept === this.#pairs) return
    this.#pairs = kept
    for (const batch of batchesAt(kept, attempt, step)) this.#meet(loss, batch, offset)
  }

  /** Takes in a batch that stands in the order of its steps; one that came with its own loss needs no other. */
  batch(evidence: BatchEvidence, batch: PredictionBatch, measure: BatchMeasure): void {
    const { attempt, step, offset } = evidence
    if (step === null || batch.reportedLoss !== null || batch.values.length > MOST_NUMBERS) return
    const expect = () => ({ evidence, expected: expectedLosses(batch, measure) })
    const kept = withBatch(this.#pairs, evidence, step, expect)
    if (kept === this.#pairs) return
    this.#pairs = kept
    for (const loss of lossesAt(kept, attempt, step)) {
      const expectant = batchesAt(this.#pairs, attempt, step).find((one) => one.evidence.file === evidence.file)
      this.#meet(loss, expectant!, offset)
    }
  }

  #meet({ file, metric, value }: PairedLoss, { evidence, expected }: ExpectantBatch, offset: number | null): void {
    const lossSearch = searchExpected(expected, value)
    if (lossSearch === null) return
    const isTheirs = (one: PairWatch) => one.file === file && one.metric === metric && one.dump === evidence.file
    const watch = new Watch(this.#pairs.watches.find(isTheirs)?.states ?? {}, this.#settings)
    const at = sightingOfBatch(evidence)
    const findings = watch.observe({ kind: 'pair', at, measure: evidence.measure, reportedLoss: value, lossSearch })
    const others = this.#pairs.watches.filter((one) => !isTheirs(one))
    const watches = [...others, { file, metric, dump: evidence.file, states: watch.states }]
    this.#pairs = { ...this.#pairs, watches }
    // Of several losses of a step the first that fits speaks for it.
    const batch = evidence.reportedLoss === null ? { ...evidence, reportedLoss: value, lossSearch } : evidence
    this.#pairs = withReported(this.#pairs, batch)
    this.#onPair({ batch, findings }, offset)
  }
}
