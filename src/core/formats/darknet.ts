import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/**
 * The console of Darknet, where the loss has no name and its average stands behind it.
 *
 * The lines of its detection layers are skipped: a layer that met no object
 * prints `nan`, and nothing is wrong.
 */
export const darknet: Format<null> = {
  name: 'darknet',
  about:
    'The console of Darknet: the iteration, its loss and the average loss; the lines of single layers are skipped.',
  example: ' 810: 1.529053, 1.687512 avg loss, 0.001000 rate, 2.1 seconds, 51840 images',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (ITERATION.test(line.slice(0, MAX_CHARS)) ? 'sure' : 'no'),

  start: () => null,

  parse(line) {
    const [, step, loss = '', average = '', rate = ''] = ITERATION.exec(line.text.slice(0, MAX_CHARS)) ?? []
    if (step === undefined || parseNumber(loss) === null) return { result: SKIP, state: null }
    const builder = new RecordBuilder()
    builder.addPosition(Number(step))
    builder.addText('loss', loss)
    builder.addText('avg loss', average)
    builder.addText('learning rate', rate)
    const record = builder.record(line.offset)
    return { result: record === null ? SKIP : { kind: 'records', records: [record] }, state: null }
  },
}

const MAX_CHARS = 256
const ITERATION = /^ {0,9}(\d{1,12}): (\S{1,64}), (\S{1,64}) avg(?: loss)?, (\S{1,64}) rate, /
