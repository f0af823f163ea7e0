import { metricValue } from '../../../protocol/value.ts'
import { bytesTag, fixed32Tag, fixed64Tag, MessageReader, varintTag } from '../../binary/protobuf.ts'
import { isoTime } from '../../literals/timestamp.ts'
import { isNamed } from '../../reading/name-pattern.ts'
import { firstTfrecord } from '../../reading/tfrecord.ts'
import { type ParseResult, SKIP } from '../../records/format.ts'
import { RecordBuilder } from '../../records/record-builder.ts'
import type { Container } from './container.ts'
import { scalarOfTensor } from './tensor-proto.ts'

/** The fields of tensorflow/core/util/event.proto and framework/summary.proto that are read. */
const EVENT = { wallTime: fixed64Tag(1), step: varintTag(2), summary: bytesTag(5) }
const SUMMARY_VALUE = bytesTag(1)
const VALUE = { tag: bytesTag(1), simpleValue: fixed32Tag(2), tensor: bytesTag(8), metadata: bytesTag(9) }
const METADATA = { pluginData: bytesTag(1), dataClass: varintTag(4) }
const PLUGIN_NAME = bytesTag(1)
const DATA_CLASS_SCALAR = 1

/** TensorBoard ends its names in a time, a host and a number. */
const NAMES = ['*tfevents*']
/** The shortest first record: a length, a time, a version. */
const MIN_RECOGNISED_BYTES = 40

/** The scalars of a TensorBoard event file; images, histograms, texts, graphs and hyperparameters are passed over. */
export const tfevents: Container<null> = {
  name: 'tfevents',
  about:
    'TensorBoard event files, as TensorFlow, Keras, PyTorch, Lightning, tensorboardX and JAX write them: their scalars.',
  example: 'events.out.tfevents.1700000000.host.4242.0',
  names: NAMES,
  nameWords: ['tensorboard', 'events', 'tfevents'],
  leastBytes: MIN_RECOGNISED_BYTES,
  framing: 'tfrecord',

  recognises({ name, bytes }) {
    // Writers make the file first and fill it later: until then there is only its name.
    if (bytes.length < MIN_RECOGNISED_BYTES && isNamed(name, NAMES)) return true
    const record = firstTfrecord(bytes)
    return record !== null && isEvent(record)
  },

  start: () => null,

  parse({ bytes, offset, damage }) {
    const result: ParseResult =
      damage === undefined ? parseEvent(bytes, offset) : { kind: 'reject', reason: 'broken-frame', detail: damage }
    return { results: [{ offset, result }], state: null }
  },
}

/** Whether a record begins as events do, with the time; CatBoost leaves out the version of the file. */
function isEvent(record: Uint8Array): boolean {
  const event = new MessageReader(record)
  return event.next() && event.tag === EVENT.wallTime && isoTime(event.double()) !== null
}

function parseEvent(bytes: Uint8Array, offset: number): ParseResult {
  const builder = new RecordBuilder()
  const event = new MessageReader(bytes)
  // What proto3 does not write is 0.
  let step: number | null = 0
  let wallTime = 0
  while (event.next()) {
    if (event.tag === EVENT.wallTime) wallTime = event.double()
    else if (event.tag === EVENT.step) step = event.integer()
    else if (event.tag === EVENT.summary) addSummary(builder, event.message())
  }
  if (event.problem !== null) return { kind: 'reject', reason: 'broken-frame', detail: event.problem }

  // The event's own, even where a tag is named `step`.
  builder.step = step
  builder.time = isoTime(wallTime)
  const record = builder.record(offset)
  return record === null ? SKIP : { kind: 'records', records: [record] }
}

function addSummary(builder: RecordBuilder, summary: MessageReader): void {
  while (summary.next()) {
    if (summary.tag === SUMMARY_VALUE) addValue(builder, summary.message())
  }
}

function addValue(builder: RecordBuilder, value: MessageReader): void {
  let tag = ''
  let number: number | null = null
  let isScalar = true
  while (value.next()) {
    if (value.tag === VALUE.tag) tag = value.text()
    else if (value.tag === VALUE.simpleValue) number = value.float()
    else if (value.tag === VALUE.tensor) number = scalarOfTensor(value.message())
    else if (value.tag === VALUE.metadata) isScalar = isOfScalars(value.message())
  }
  if (number === null || !isScalar) return
  builder.add(tag, metricValue(number), Number.isFinite(number) ? null : String(number))
}

/** Whether a value belongs to the scalars plugin, or to none: then its tensor alone decides. */
function isOfScalars(metadata: MessageReader): boolean {
  let plugin = ''
  let dataClass: number | null = 0
  while (metadata.next()) {
    if (metadata.tag === METADATA.dataClass) dataClass = metadata.integer()
    else if (metadata.tag === METADATA.pluginData) {
      const data = metadata.message()
      while (data.next()) if (data.tag === PLUGIN_NAME) plugin = data.text()
    }
  }
  return plugin === '' || plugin === 'scalars' || dataClass === DATA_CLASS_SCALAR
}
