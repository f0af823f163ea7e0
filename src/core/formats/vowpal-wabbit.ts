import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** Whether the lines below are rows of the table. */
export type TableState = { readonly isInTable: boolean }

/** The progress table of Vowpal Wabbit, whose header takes two lines. */
export const vowpalWabbit: Format<TableState> = {
  name: 'vowpal-wabbit',
  about: 'The progress table of Vowpal Wabbit: the average loss, the loss since the last row, the number of examples.',
  example:
    'average  since         example        example\nloss     last          counter         weight\n' +
    '0.513618 0.027236            2            2.0         0.0000         0.1650      104',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line, previous): Claim => (previous !== null && isHeader(previous, line) ? 'sure' : 'no'),

  start: () => ({ isInTable: false }),

  parse(line, state) {
    if (SECOND_HEADER.test(line.text.slice(0, HEADER_CHARS))) return { result: SKIP, state: { isInTable: true } }
    if (!state.isInTable) return { result: SKIP, state }
    const record = rowOf(line.text, line.offset)
    return record === null
      ? { result: SKIP, state: { isInTable: false } }
      : { result: { kind: 'records', records: [record] }, state }
  },
}

const HEADER_CHARS = 80
const FIRST_HEADER = /^average +since +example +example/
const SECOND_HEADER = /^loss +last +counter +weight/
const COUNTER = /^\d{1,15}$/
const LEAST_CELLS = 5
const MAX_CELLS = 16

function isHeader(first: string, second: string): boolean {
  return FIRST_HEADER.test(first.slice(0, HEADER_CHARS)) && SECOND_HEADER.test(second.slice(0, HEADER_CHARS))
}

function rowOf(text: string, offset: number) {
  const [average = '', since = '', counter = '', ...more] = text.trim().split(/\s+/, MAX_CELLS)
  if (more.length + 3 < LEAST_CELLS || !COUNTER.test(counter)) return null
  if (parseNumber(average) === null || parseNumber(since) === null) return null
  const builder = new RecordBuilder()
  builder.addText('average loss', average)
  builder.addText('since last', since)
  builder.addPosition(Number(counter))
  return builder.record(offset)
}
