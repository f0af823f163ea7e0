import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import {
  type CsvState,
  cellsOf,
  hasRole,
  headerOf,
  isCounter,
  isRow,
  namesOver,
  possibleNames,
  readCsvLine,
} from '../records/csv-rows.ts'
import type { Claim, Format } from '../records/format.ts'

/** Tables with a header: a line of names, then rows of numbers. Where no column counts, the number of the row is its step. */
export const csv: Format<CsvState> = {
  name: 'csv',
  about:
    'A header of names, then rows of as many numbers, parted by commas, tabs, semicolons, bars or columns of spaces.',
  example: 'step,train_loss,lr',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (line.length > TEXT_LINE_BYTES) return 'no'
    const header = headerOf(line)
    // Words with one space between them may be prose, until a row of numbers follows.
    if (header !== null && (header.separator !== ' ' || / {2}/.test(line.trim())))
      return possibleNames(header).some((names) => names.some(isCounter) && names.some(hasRole)) ? 'sure' : 'no'
    const above = previous === null || previous.length > TEXT_LINE_BYTES ? null : headerOf(previous)
    if (above === null) return 'no'
    const cells = cellsOf(line, above.separator)
    return namesOver(cells, above) !== null && isRow(cells) ? 'sure' : 'no'
  },

  start: () => null,

  parse: readCsvLine,
}
