import type { ArrayReading } from '../../arrays/array-reading.ts'
import type { NumberArray } from '../../literals/record-value.ts'
import type { Frame } from '../../reading/frame.ts'
import { type LogRecord, type ParseResult, type RejectReason, SKIP } from '../../records/format.ts'
import { type DumpContext, readDump } from '../predictions/prediction-arrays.ts'
import { type SeenBatches, withoutRepeats } from '../predictions/repeated-batches.ts'
import type { ParsedFrame } from './container.ts'

/** A larger dump is not read: its numbers would take more memory than a watchdog should. */
export const MAX_DUMP_BYTES = 64 * 1024 * 1024

/** The arrays of a file by their names, once or for each group of its rows, or the first problem with one of them. */
export type Dump =
  | { readonly ok: true; readonly groups: readonly ReadonlyMap<string, NumberArray>[] }
  | { readonly ok: false; readonly reason: RejectReason; readonly detail: string }

/** Takes arrays in, until one does not read. */
export class DumpBuilder {
  readonly #arrays = new Map<string, NumberArray>()
  #problem: Extract<Dump, { ok: false }> | null = null

  add(name: string, reading: ArrayReading): void {
    if (reading.ok) this.#arrays.set(name, reading.array)
    else this.fail(reading.reason, `${name}: ${reading.problem}`)
  }

  fail(reason: RejectReason, detail: string): void {
    this.#problem ??= { ok: false, reason, detail }
  }

  get dump(): Dump {
    return this.#problem ?? { ok: true, groups: [this.#arrays] }
  }
}

/** What a file of arrays says that it has not said before. */
export function newRecordsOf(
  dump: Dump,
  frame: Frame,
  seen: SeenBatches,
  step: number | null,
): ParsedFrame<SeenBatches> {
  const { offset } = frame
  const whole = dump.ok ? readGroups(dump.groups, { offset, step }) : reject(dump)
  const news = withoutRepeats(whole, seen)
  // A file that does not read may be in the making: it counts as broken only once nobody writes to it any more.
  const isIncomplete = !dump.ok && dump.reason === 'broken-frame'
  return { results: [{ offset, result: news.result }], state: news.seen, ...(isIncomplete && { isIncomplete }) }
}

function readGroups(groups: readonly ReadonlyMap<string, NumberArray>[], context: DumpContext): ParseResult {
  const records: LogRecord[] = []
  for (const arrays of groups) {
    const result = readDump(arrays, context)
    if (result.kind === 'reject') return result
    if (result.kind === 'records') records.push(...result.records)
  }
  return records.length === 0 ? SKIP : { kind: 'records', records }
}

function reject({ reason, detail }: Extract<Dump, { ok: false }>): ParseResult {
  return { kind: 'reject', reason, detail }
}
