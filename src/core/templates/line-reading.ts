import { encodeJson } from '../../protocol/json.ts'
import type { LineResult } from '../formats/reader-state.ts'
import type { LogReaderState } from '../formats/source-readers.ts'
import type { Head } from '../reading/head.ts'
import type { Line } from '../reading/lines.ts'
import type { ScalarsRecord } from '../records/format.ts'
import { leavesOf, type StateLeaf } from './state-leaves.ts'

/** Reads the next line of a file. */
export type ReadLine = (
  state: LogReaderState,
  line: Line,
) => { readonly state: LogReaderState; readonly results: readonly LineResult[] }

/** What of the line of a record is heard beside its values. The line is given without what stands before it, which is its head. */
export interface Hearing {
  /** Whether it says nothing beside its record. */
  isSilent(line: Line): boolean
  /** Whether it may count epochs. */
  countsEpochs(line: Line): boolean
}

/** The slow way to read a line, which is the truth. */
export interface LineReader extends Hearing {
  readonly read: ReadLine
}

/** What a reader makes of a line, as far as it may be learned. */
export interface LineReading {
  readonly record: ScalarsRecord
  readonly head: Head | null
  /** Whether the line says nothing beside its record, whose values are finite. */
  readonly isSilent: boolean
  readonly countsEpochs: boolean
  /** Where in the line what stands before it ends. */
  readonly cut: number
  /** All that may not change from line to line: names, roles, words in place of numbers. */
  readonly frame: string
  /** What may: the leaves below, a value and its decimals for each scalar, and the leaves of the state behind the line. */
  readonly outputs: readonly StateLeaf[]
}

/** Where in the outputs they are. */
export const STEP = 0
export const EPOCH = 1
export const TIME = 2
export const HEAD_TIME = 3
const SCALARS = 4

/** Where in the outputs the value of a scalar is; behind it are the decimals of a 0. */
export function valueAt(scalar: number): number {
  return SCALARS + 2 * scalar
}

/** Where in the outputs the leaves of the state begin. */
export function stateAt({ record }: LineReading): number {
  return valueAt(record.scalars.length)
}

/** What is to be seen of a line that gives one record of metrics, and a state that is built as the model is; else null. */
export function observe(
  reader: LineReader,
  model: LogReaderState,
  state: LogReaderState,
  line: Line,
): LineReading | null {
  const step = readIfPossible(reader, state, line)
  if (step === null) return null
  const [only] = step.results
  if (only === undefined || step.results.length > 1 || only.result.kind !== 'records') return null
  const { records, unread } = only.result
  const [record] = records
  if (record?.kind !== 'scalars' || records.length > 1 || unread !== undefined || record.sequences !== undefined)
    return null
  const { head = null, text, offset } = only.line
  if ((head?.text ?? '') + text !== line.text || offset !== line.offset || record.offset !== line.offset) return null
  const after = leavesOf(model, step.state)
  if (after === null) return null
  const { offset: _, step: count, epoch, time, scalars, ...rest } = record
  const { text: before = '', time: written, ...who } = head ?? {}
  const isSilent = scalars.every(({ value }) => typeof value === 'number') && reader.isSilent(only.line)
  const countsEpochs = reader.countsEpochs(only.line)
  const names = scalars.map(({ value, zeroDecimals: _, ...scalar }) => [
    scalar,
    typeof value === 'number' ? null : value,
  ])
  return {
    record,
    head,
    isSilent,
    countsEpochs,
    cut: before.length,
    frame: encodeJson([rest, names, head === null, who, isSilent, countsEpochs]),
    outputs: [
      count,
      epoch,
      time,
      written ?? null,
      ...scalars.flatMap(({ value, zeroDecimals = null }) => [value, zeroDecimals]),
      ...after,
    ],
  }
}

/** A state may have been altered to one that no line leads to: what a reader does then, be it to throw, tells that much. */
function readIfPossible({ read }: LineReader, state: LogReaderState, line: Line): ReturnType<ReadLine> | null {
  try {
    return read(state, line)
  } catch {
    return null
  }
}
