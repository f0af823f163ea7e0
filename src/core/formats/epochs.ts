import type { JsonValue } from '../../protocol/value.ts'
import type { Format, LogRecord, Parsed } from '../records/format.ts'

/** What a dialect remembers, and what the file has shown of its counters. */
export type CountedState = {
  readonly inner: JsonValue
  /** Whether a record of the file had a step of its own, or an epoch that is no whole number. */
  readonly hasSteps: boolean
}

/**
 * The same dialect, in which the epoch is the step of a record that has none.
 *
 * That holds while the file counts nothing but whole epochs. One that counts
 * steps as well would go back and forth between the two, and an epoch of 0.25
 * is a progress, not a count: there a record without a step keeps none, and
 * the order of the records is that of the file.
 */
export function countingEpochs<State extends JsonValue>(format: Format<State>): Format<CountedState> {
  const { finish, ...rest } = format
  return {
    ...rest,
    start: (path) => ({ inner: format.start(path), hasSteps: false }),
    parse(line, state): Parsed<CountedState> {
      return counted(format.parse(line, state.inner as State), state)
    },
    // A function, and none where the dialect keeps nothing back.
    ...(finish === undefined ? {} : { finish: (state: CountedState) => counted(finish(state.inner as State), state) }),
  }
}

function counted({ result, state: inner }: Parsed<JsonValue>, state: CountedState): Parsed<CountedState> {
  if (result.kind !== 'records') return { result, state: inner === state.inner ? state : { ...state, inner } }
  const hasSteps = state.hasSteps || result.records.some(countsSteps)
  const isUnchanged = inner === state.inner && hasSteps === state.hasSteps
  return {
    result: hasSteps ? result : { ...result, records: result.records.map(atItsEpoch) },
    state: isUnchanged ? state : { inner, hasSteps },
  }
}

function countsSteps(record: LogRecord): boolean {
  if (record.kind !== 'scalars') return false
  return record.step !== null || (record.epoch !== null && !Number.isSafeInteger(record.epoch))
}

function atItsEpoch(record: LogRecord, _index: number, records: readonly LogRecord[]): LogRecord {
  if (record.kind === 'batch' && record.batch.step === null) {
    const step = records.map(epochIn).find((epoch) => epoch !== null) ?? null
    return step === null ? record : { ...record, batch: { ...record.batch, step } }
  }
  const step = epochIn(record)
  return record.kind === 'scalars' && step !== null ? { ...record, step } : record
}

/** The epoch of a record without a step. A batch has that of the metrics beside it. */
function epochIn(record: LogRecord): number | null {
  return record.kind === 'scalars' && record.step === null ? record.epoch : null
}
