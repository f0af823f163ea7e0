import { isFinite } from '../../protocol/value.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { headingOf } from '../records/headings.ts'
import { pairsOf } from '../records/name-value-pairs.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** Which epoch runs, how far its bar has come, and of which metrics its value has been told. */
export type KerasState = {
  readonly epoch: number | null
  readonly batch: number
  readonly reported: readonly string[]
}

/**
 * The console of Keras: the number of the epoch, then a bar that is drawn anew with each batch.
 *
 * A bar shows averages over its epoch so far, so only its last state is a
 * record, whose step is the epoch. An average that is not finite any more stays
 * so until the epoch ends, and is told at once.
 */
export const keras: Format<KerasState> = {
  name: 'keras',
  about: 'The progress bars of Keras: the last state of each epoch’s bar, and at once where it turns non-finite.',
  example: 'Epoch 3/10\n18/18 ━━━━━━━━━━ 0s 2ms/step - accuracy: 0.4965 - loss: nan - val_loss: nan',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (barOf(line) === null ? 'no' : 'sure'),

  start: () => ({ epoch: null, batch: 0, reported: [] }),

  parse(line, state) {
    const epoch = headingOf(line.text)?.epoch ?? null
    if (epoch !== null) return { result: SKIP, state: { epoch, batch: 0, reported: [] } }
    const bar = barOf(line.text)
    if (bar === null) return { result: SKIP, state }

    // Without a line for each epoch a bar that begins anew is the next one.
    const isNext = state.epoch === null && bar.batch < state.batch
    const reported = isNext ? [] : state.reported
    const builder = new RecordBuilder()
    builder.epoch = state.epoch
    for (const { name, value, raw, zeroDecimals } of pairsOf(line.text).pairs) {
      if (name === '' || reported.includes(name) || (isFinite(value) && !bar.isLast)) continue
      builder.add(name, value, raw, zeroDecimals)
    }
    const record = builder.record(line.offset)
    const names = record === null ? [] : builder.scalars.map(({ metric }) => metric)
    return {
      result: record === null ? SKIP : { kind: 'records', records: [record] },
      state: { ...state, batch: bar.batch, reported: [...reported, ...names] },
    }
  },
}

const HEAD_CHARS = 64
/** `18/18 ━━━`, ` 1/18 [>....]`, `18/18 - 0s`: how the bars of Keras 3, of Keras 2 and of `verbose=2` begin. */
const BAR = /^ {0,12}(\d{1,12})\/(\d{1,12}|Unknown) +(?:[━─]|\[[=>.]|- \d)/

function barOf(text: string): { readonly batch: number; readonly isLast: boolean } | null {
  const bar = BAR.exec(text.slice(0, HEAD_CHARS))
  if (bar === null || !/[ _]loss: /.test(text)) return null
  return { batch: Number(bar[1]), isLast: bar[1] === bar[2] }
}
