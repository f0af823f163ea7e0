import type { RecordValue } from '../../literals/record-value.ts'
import { isoTime } from '../../literals/timestamp.ts'
import { cellOf, listOf, wholeNumber } from './cells.ts'
import { columnTrack } from './column-series.ts'
import type { DocumentShape } from './shape.ts'

/** What TensorBoard's page saves of one series: wall time, step and value of each point. */
export const tensorboardExport: DocumentShape = {
  name: 'tensorboard-export',
  about: 'A series saved from TensorBoard as JSON: triples of wall time, step and value; the metric is in its name.',
  example: '[[1767261600.5, 0, 2.3], [1767261601.5, 10, "NaN"]] in run-exp7-tag-train_loss.json',

  read(document, fileName) {
    const points = listOf(document)
    if (points === null || points.length === 0 || !points.every(isPoint)) return null
    const cell = (index: number, column: number) => listOf(points[index])?.[column]
    const wallTime = (index: number) => isoTime(Number(cellOf(cell(index, 0))?.value))
    if (wallTime(0) === null) return null
    return [
      columnTrack({
        path: '',
        name: tagOf(fileName),
        axis: 'steps',
        values: points.map((_, index) => cell(index, 2) ?? null),
        stepAt: (index) => wholeNumber(cell(index, 1)),
        timeAt: wallTime,
      }),
    ]
  },
}

function isPoint(value: RecordValue): boolean {
  const point = listOf(value)
  return point?.length === 3 && point.every((each) => cellOf(each) !== null) && wholeNumber(point[1]) !== null
}

function tagOf(fileName: string): string {
  const name = fileName.replace(/\.json$/i, '')
  const at = name.lastIndexOf('-tag-')
  return at < 0 ? name : name.slice(at + '-tag-'.length)
}
