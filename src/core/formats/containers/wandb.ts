import { bytesTag, MessageReader, varintTag } from '../../binary/protobuf.ts'
import { isObject, type RecordValue } from '../../literals/record-value.ts'
import { isWandbHeader, WANDB_HEADER } from '../../reading/leveldb-log.ts'
import { isNamed } from '../../reading/name-pattern.ts'
import { type ParseResult, SKIP } from '../../records/format.ts'
import { metricsOf } from '../../records/object-metrics.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import type { Container, ParsedFrame } from './container.ts'

/** The fields of wandb/proto/wandb_internal.proto that are read. */
const HISTORY = bytesTag(2)
const HISTORY_ITEM = bytesTag(1)
const HISTORY_STEP = bytesTag(2)
const EXIT = bytesTag(18)
const EXIT_CODE = varintTag(1)
const STEP_NUMBER = varintTag(1)
const ITEM = { key: bytesTag(1), nestedKey: bytesTag(2), valueJson: bytesTag(16) }

const STEP_NAME = '_step'
/** What W&B adds to each step and says nothing of training. */
const WANDB_NAMES: readonly string[] = ['_runtime', '_wandb']
/** What W&B notes for a process that was interrupted from the keyboard. */
const INTERRUPTED = 255
const SIGINT = 2
const NAMES = ['*.wandb']
/** A longer value is a table or a histogram. */
const MAX_VALUE_BYTES = 64 * 1024

/**
 * The history of a W&B run, online or offline, and the exit code of its process.
 *
 * The summary repeats the last values, with null for NaN, and the console's
 * lines are in `output.log`: both are passed over.
 */
export const wandb: Container<null> = {
  name: 'wandb',
  about:
    'The binary log of a Weights & Biases run, online or offline: what was given to `wandb.log`, and its exit code.',
  example: 'wandb/run-20260101_120000-abcd1234/run-abcd1234.wandb',
  names: NAMES,
  leastBytes: WANDB_HEADER.length,
  framing: 'leveldb-log',

  recognises: ({ name, bytes }) => isWandbHeader(bytes) || (bytes.length === 0 && isNamed(name, NAMES)),

  start: () => null,

  parse({ bytes, offset, damage }) {
    return damage === undefined ? parseRecord(bytes, offset) : frameOf([broken(damage)], offset)
  },
}

function parseRecord(bytes: Uint8Array, offset: number): ParsedFrame<null> {
  const values = new Map<string, RecordValue>()
  const rejects: ParseResult[] = []
  let exitCode: number | null = null
  const record = new MessageReader(bytes)
  while (record.next()) {
    if (record.tag === HISTORY) readHistory(record.message(), values, rejects)
    else if (record.tag === EXIT) exitCode = codeOf(record.message())
  }
  if (record.problem !== null) return frameOf([broken(record.problem)], offset)
  if (exitCode !== null) return { ...frameOf([SKIP], offset), exitCode }

  const scalars = metricsOf(Object.fromEntries(values)).record(offset)
  if (scalars !== null) return frameOf([{ kind: 'records', records: [scalars] }, ...rejects], offset)
  return frameOf(rejects.length === 0 ? [SKIP] : rejects, offset)
}

function frameOf(results: readonly ParseResult[], offset: number): ParsedFrame<null> {
  return { results: results.map((result) => ({ offset, result })), state: null }
}

function readHistory(history: MessageReader, values: Map<string, RecordValue>, rejects: ParseResult[]): void {
  while (history.next()) {
    if (history.tag === HISTORY_STEP) values.set(STEP_NAME, stepOf(history.message()))
    else if (history.tag === HISTORY_ITEM) readItem(history.message(), values, rejects)
  }
}

/** What proto3 does not write is 0, here and below. */
function codeOf(exit: MessageReader): number {
  let code = 0
  while (exit.next()) if (exit.tag === EXIT_CODE) code = exit.integer() ?? code
  return code === INTERRUPTED ? -SIGINT : code
}

function stepOf(step: MessageReader): number | null {
  let number: number | null = 0
  while (step.next()) if (step.tag === STEP_NUMBER) number = step.integer()
  return number
}

function readItem(item: MessageReader, values: Map<string, RecordValue>, rejects: ParseResult[]): void {
  const names: string[] = []
  let json = ''
  while (item.next()) {
    if (item.tag === ITEM.key || item.tag === ITEM.nestedKey) names.push(item.text())
    else if (item.tag === ITEM.valueJson && item.end - item.start <= MAX_VALUE_BYTES) json = item.text()
  }
  const name = names.filter((part) => part !== '').join('/')
  if (json === '' || WANDB_NAMES.includes(name)) return
  const parsing = parsePythonJson(json)
  if (!parsing.ok) rejects.push({ kind: 'reject', reason: parsing.reason, detail: `${name}: ${parsing.detail}` })
  else if (!isMedia(parsing.value)) values.set(name, parsing.value)
}

/** Images, tables and histograms are objects that name their type; the numbers in them are no metrics. */
function isMedia(value: RecordValue): boolean {
  return isObject(value) && Object.hasOwn(value, '_type')
}

function broken(detail: string): ParseResult {
  return { kind: 'reject', reason: 'broken-frame', detail }
}
