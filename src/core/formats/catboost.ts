import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The console of CatBoost, which calls its losses by the set they are taken over. */
export const catboost: Format<null> = {
  name: 'catboost',
  about: 'The console of CatBoost: the iteration, the loss on the training set and that on the test sets.',
  example: '12:\tlearn: 0.5234\ttest: 0.5311\tbest: 0.5311 (12)\ttotal: 1.2s\tremaining: 3.4s',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (HEAD.test(line.slice(0, HEAD_CHARS)) ? 'sure' : 'no'),

  start: () => null,

  parse(line) {
    const head = HEAD.exec(line.text.slice(0, HEAD_CHARS))
    if (head === null) return { result: SKIP, state: null }
    const builder = new RecordBuilder()
    builder.addPosition(Number(head[1]))
    for (const cell of line.text.slice(0, MAX_CHARS).split('\t')) {
      const [, name, value = ''] = CELL.exec(cell) ?? []
      const number = name === undefined ? null : parseNumber(value)
      if (number === null) continue
      builder.scalars.push({ metric: name!, role: name === 'learn' ? 'train_loss' : 'val_loss', ...number })
    }
    const record = builder.record(line.offset)
    return { result: record === null ? SKIP : { kind: 'records', records: [record] }, state: null }
  },
}

const HEAD_CHARS = 32
const MAX_CHARS = 1024
const HEAD = /^ {0,9}(\d{1,9}):\t(?:learn|test): /
/** With several test sets they are numbered; the best so far and the times are no losses. */
const CELL = /^(learn|test\d{0,3}): (\S{1,64})$/
