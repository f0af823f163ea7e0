import type { PredictionBatch } from '../../measure/prediction-batch.ts'
import type { LogRecord, ParseResult } from '../../records/format.ts'

/** The batches that were seen in a file that is read as a whole: their count, and fingerprints of what they held. */
export type SeenBatches = {
  readonly count: number
  /** The fingerprint of all batches but the last. */
  readonly before: number
  /** The fingerprint of the last batch. */
  readonly last: number
}

export const NOTHING_SEEN: SeenBatches = { count: 0, before: 0, last: 0 }

/** About how many values of a batch go into its fingerprint. Of a batch of millions they are spread over the whole. */
const FINGERPRINTED_VALUES = 256
const SEED = 0x811c9dc5

/**
 * Leaves out of `result` the batches that an earlier read of the same file has brought.
 *
 * A dump that grew has new batches behind the old ones, and its last batch may
 * have been there only in part. A dump with other batches in place of the old
 * ones is read as a new one.
 */
export function withoutRepeats(
  result: ParseResult,
  seen: SeenBatches,
): { readonly result: ParseResult; readonly seen: SeenBatches } {
  if (result.kind !== 'records') return { result, seen }
  const fingerprints = result.records.flatMap((record) =>
    record.kind === 'batch' ? [fingerprintOf(record.batch)] : [],
  )
  const known = knownBatches(fingerprints, seen)
  const records = behind(result.records, known)
  const next = {
    count: fingerprints.length,
    before: combined(fingerprints.slice(0, -1)),
    last: fingerprints.at(-1) ?? 0,
  }
  return { result: { kind: 'records', records }, seen: next }
}

function knownBatches(fingerprints: readonly number[], { count, before, last }: SeenBatches): number {
  if (count === 0 || fingerprints.length < count || combined(fingerprints.slice(0, count - 1)) !== before) return 0
  return fingerprints[count - 1] === last ? count : count - 1
}

/** The records after the first `batches` batches. The metrics in front of those batches go with them. */
function behind(records: readonly LogRecord[], batches: number): readonly LogRecord[] {
  let passed = 0
  for (let i = 0; passed < batches && i < records.length; i++) {
    if (records[i]!.kind === 'batch' && ++passed === batches) return records.slice(i + 1)
  }
  return records
}

function combined(fingerprints: readonly number[]): number {
  return fingerprints.reduce(mix, SEED)
}

function fingerprintOf({ step, n, k, values, labels }: PredictionBatch): number {
  const weights = labels.kind === 'hard' ? labels.classes : labels.targets
  let fingerprint = [step ?? -1, n, k].reduce(mix, SEED)
  for (const numbers of [values, weights]) {
    const stride = Math.max(1, Math.floor(numbers.length / FINGERPRINTED_VALUES))
    for (let i = 0; i < numbers.length; i += stride) fingerprint = mix(fingerprint, numbers[i]!)
  }
  return fingerprint
}

const word = new Float64Array(1)
const halves = new Uint32Array(word.buffer)

/** FNV-1a, over the two halves of a double. */
function mix(fingerprint: number, value: number): number {
  word[0] = value
  const low = Math.imul(fingerprint ^ halves[0]!, 0x01000193)
  return Math.imul(low ^ halves[1]!, 0x01000193) >>> 0
}
