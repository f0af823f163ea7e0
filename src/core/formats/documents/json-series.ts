import { isObject, type RecordValue } from '../../literals/record-value.ts'
import { phaseOf } from '../../records/fields.ts'
import { listOf } from './cells.ts'
import { columnTracks } from './column-series.ts'
import { areTrainingRows, rowTrack } from './row-records.ts'
import type { DocumentShape } from './shape.ts'
import type { Track } from './track.ts'

/** Series that lie deeper belong to something else. */
const MAX_LEVELS = 6
/** Of a list of objects that are no records themselves, so many are searched: the runs of a study. */
const MAX_ITEMS = 64

interface FoundSeries {
  readonly rows: { readonly path: string; readonly list: readonly RecordValue[] }[]
  readonly columns: Track[]
}

/** Any document that holds lists of records, or lists of numbers under the names of metrics, at whatever place. */
export const jsonSeries: DocumentShape = {
  name: 'json-series',
  about: 'Lists of records, or of numbers under the names of metrics, anywhere in a document: Chainer, Keras, XGBoost.',
  example: '[{"epoch": 1, "iteration": 100, "main/loss": 0.7}, …] or {"loss": [2.3, 1.9], "val_loss": [2.2, 2.0]}',

  read(document) {
    const found: FoundSeries = { rows: [], columns: [] }
    search(document, '', 0, found)
    const isOne = found.rows.length === 1
    const rows = found.rows.map(({ path, list }) =>
      rowTrack({ name: path, rows: list, prefix: isOne && phaseOf(lastOf(path)) === null ? '' : path }),
    )
    const tracks = [...rows, ...found.columns]
    return tracks.length === 0 ? null : tracks
  },
}

function search(value: RecordValue, path: string, level: number, found: FoundSeries): void {
  if (level > MAX_LEVELS) return
  const list = listOf(value)
  if (list !== null) {
    if (areTrainingRows(list)) found.rows.push({ path, list })
    else
      for (const [index, item] of list.slice(0, MAX_ITEMS).entries())
        search(item, join(path, `${index}`), level + 1, found)
    return
  }
  if (!isObject(value)) return
  found.columns.push(...(columnTracks(value, path) ?? []))
  for (const name in value) search(value[name]!, join(path, name), level + 1, found)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
