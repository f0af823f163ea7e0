import type { FileRead } from '../../core/pipeline/read.ts'
import type { LogRecord, Scalar } from '../../core/records/format.ts'
import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { Reader } from '../../store/store.ts'
import { NOTHING_READ } from './no-more.ts'
import type { Reads, ReplayFile } from './replay.ts'

const PAGE = 10_000

/** What stored samples cannot show: lines that hold no data, predictions, and the time of day. */
export const NOT_IN_SAMPLES: readonly string[] = [
  'crashed',
  'masked-nan',
  'log-zero',
  'mismatch',
  'collapse',
  'saturation',
  'stall',
  'slow',
]

/** The stored samples of a file that is gone, as one read of records with one step each. */
export function sampleReads(reader: Reader): Reads {
  return async function* (file): AsyncGenerator<FileRead> {
    yield { ...NOTHING_READ, content: { kind: 'records', records: await recordsOf(reader, file) } }
  }
}

interface Row {
  readonly attempt: number
  readonly order: number
  readonly step: number | null
  /** Which of the values of its series at this step it is. */
  readonly repeat: number
  readonly scalar: Scalar
}

/** The samples of one file, those of one step together: attempt by attempt, in the order of their steps. */
async function recordsOf(reader: Reader, { run, path }: ReplayFile): Promise<readonly LogRecord[]> {
  const rows: Row[] = []
  for (const { id, file, metric, role } of await reader.series(run)) {
    if (file !== path || metric.startsWith(RECOMPUTED_PREFIX)) continue
    const seen = new Map<string, number>()
    for (let after = -1, more = true; more; ) {
      const page = await reader.samples(id, after, PAGE)
      if (page === null) break
      page.value.forEach((value, i) => {
        const attempt = page.attempt[i]!
        const step = page.step[i]!
        const repeat = seen.get(`${attempt}:${step}`) ?? 0
        seen.set(`${attempt}:${step}`, repeat + 1)
        const scalar = { metric, role, value, raw: isFinite(value) ? null : value }
        rows.push({ attempt, order: step ?? page.ordinal[i]!, step, repeat, scalar })
      })
      after = page.ordinal.at(-1) ?? after
      more = page.more
    }
  }
  rows.sort((a, b) => a.attempt - b.attempt || a.order - b.order || a.repeat - b.repeat)
  const records: { record: Extract<LogRecord, { kind: 'scalars' }>; scalars: Scalar[]; row: Row }[] = []
  for (const row of rows) {
    const last = records.at(-1)
    if (last !== undefined && isTogether(last.row, row)) {
      last.scalars.push(row.scalar)
      continue
    }
    const scalars = [row.scalar]
    const about = { offset: records.length, step: row.step, epoch: null, time: null }
    records.push({ record: { kind: 'scalars', ...about, scalars }, scalars, row })
  }
  return records.map(({ record }) => record)
}

function isTogether(a: Row, b: Row): boolean {
  return a.attempt === b.attempt && a.order === b.order && a.repeat === b.repeat
}
