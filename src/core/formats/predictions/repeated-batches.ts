import type { PredictionBatch } from '../../measure/prediction-batch.ts'
import type { LogRecord, ParseResult } from '../../records/format.ts'

/** Which batches of a file that is read as a whole have been seen: how many, and prints of what they held. */
export type SeenBatches = {
  readonly count: number
  /** Of all but the last, and of the last. */
  readonly before: number
  readonly last: number
}

export const NOTHING_SEEN: SeenBatches = { count: 0, before: 0, last: 0 }

/** So many values of a batch go into its print: of millions, not each. */
const PRINT_VALUES = 256
const SEED = 0x811c9dc5

/**
 * Leaves out of `result` what an earlier reading of the same file has told.
 *
 * A dump that grew has new batches behind the old ones, and its last one may
 * have been half there; one with other batches in their place is told anew.
 */
export function withoutRepeats(
  result: ParseResult,
  seen: SeenBatches,
): { readonly result: ParseResult; readonly seen: SeenBatches } {
  if (result.kind !== 'records') return { result, seen }
  const prints = result.records.flatMap((record) => (record.kind === 'batch' ? [printOf(record.batch)] : []))
  const known = knownBatches(prints, seen)
  const records = behind(result.records, known)
  const next = { count: prints.length, before: combined(prints.slice(0, -1)), last: prints.at(-1) ?? 0 }
  return { result: { kind: 'records', records }, seen: next }
}

function knownBatches(prints: readonly number[], { count, before, last }: SeenBatches): number {
  if (count === 0 || prints.length < count || combined(prints.slice(0, count - 1)) !== before) return 0
  return prints[count - 1] === last ? count : count - 1
}

/** The records after the first `batches` batches, with which go the metrics in front of them. */
function behind(records: readonly LogRecord[], batches: number): readonly LogRecord[] {
  let passed = 0
  for (let i = 0; passed < batches && i < records.length; i++) {
    if (records[i]!.kind === 'batch' && ++passed === batches) return records.slice(i + 1)
  }
  return records
}

function combined(prints: readonly number[]): number {
  return prints.reduce(mix, SEED)
}

function printOf({ step, n, k, values, labels }: PredictionBatch): number {
  const weights = labels.kind === 'hard' ? labels.classes : labels.targets
  let print = [step ?? -1, n, k].reduce(mix, SEED)
  for (const numbers of [values, weights]) {
    const stride = Math.max(1, Math.floor(numbers.length / PRINT_VALUES))
    for (let i = 0; i < numbers.length; i += stride) print = mix(print, numbers[i]!)
  }
  return print
}

const word = new Float64Array(1)
const halves = new Uint32Array(word.buffer)

/** FNV-1a, over the two halves of a double. */
function mix(print: number, value: number): number {
  word[0] = value
  const low = Math.imul(print ^ halves[0]!, 0x01000193)
  return Math.imul(low ^ halves[1]!, 0x01000193) >>> 0
}
