import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { pairsOf } from '../records/name-value-pairs.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The console of YOLACT, which names each part of its loss with a letter, and the total T. */
export const yolact: Format<null> = {
  name: 'yolact',
  about: 'The console of YOLACT: the epoch, the iteration and the parts of the loss, of which T is the total.',
  example:
    '[  0]     810 || B: 4.512 | C: 7.250 | M: 5.125 | S: 1.500 | T: 18.387 || ETA: 2 days, 1:02:03 || timer: 0.512',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (HEAD.test(line.slice(0, HEAD_CHARS)) && line.includes('| T: ') ? 'sure' : 'no'),

  start: () => null,

  parse(line) {
    const head = HEAD.exec(line.text.slice(0, HEAD_CHARS))
    if (head === null) return { result: SKIP, state: null }
    const builder = new RecordBuilder()
    builder.epoch = Number(head[1])
    builder.addPosition(Number(head[2]))
    const [losses = ''] = line.text.slice(head[0].length, MAX_CHARS).split('||', 1)
    for (const { name, value, raw } of pairsOf(losses).pairs) {
      if (/^[A-Z]$/.test(name))
        builder.scalars.push({ metric: name, role: name === 'T' ? 'train_loss' : 'other', value, raw })
    }
    const record = builder.record(line.offset)
    return { result: record === null ? SKIP : { kind: 'records', records: [record] }, state: null }
  },
}

const HEAD_CHARS = 48
const MAX_CHARS = 512
const HEAD = /^\[ {0,9}(\d{1,9})\] {1,12}(\d{1,12}) \|\| /
