import { parseNumber } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The metric of the file, which its path names. */
export type MlflowState = { readonly metric: string }

/** The files of MLflow's file store: one for each metric, `mlruns/<experiment>/<run>/metrics/<metric>`. */
export const mlflow: Format<MlflowState> = {
  name: 'mlflow',
  about:
    'A metric of MLflow’s file store: the time in milliseconds, the value and the step; the path names the metric.',
  example: '1712345678901 0.4231 120',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line): Claim => (rowOf(line) === null ? 'no' : 'sure'),

  start: (path = '') => ({ metric: metricOf(path) }),

  parse(line, state) {
    const row = rowOf(line.text)
    if (row === null) return { result: SKIP, state }
    const builder = new RecordBuilder()
    builder.addText(state.metric, row.value)
    builder.time = isoTime(row.timeMs)
    builder.addPosition(row.step)
    const record = builder.record(line.offset)
    return { result: record === null ? SKIP : { kind: 'records', records: [record] }, state }
  },
}

const MAX_ROW_CHARS = 128
const ROW = /^(\d{13}) (\S{1,64}) (-?\d{1,15})$/

function rowOf(text: string) {
  if (text.length > MAX_ROW_CHARS) return null
  const [, timeMs, value, step] = ROW.exec(text) ?? []
  if (timeMs === undefined || value === undefined || parseNumber(value) === null) return null
  return { timeMs: Number(timeMs), value, step: Number(step) }
}

/** A metric may hold slashes, which become folders: `metrics/train/loss`. */
function metricOf(path: string): string {
  const folder = '/metrics/'
  const at = `/${path}`.lastIndexOf(folder)
  return at < 0 ? path.slice(path.lastIndexOf('/') + 1) : `/${path}`.slice(at + folder.length)
}
