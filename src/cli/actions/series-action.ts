import { encodeJson } from '../../protocol/json.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import type { Reader } from '../../store/store.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import type { Shell } from '../shell.ts'
import { printable, UsageError } from '../terminal.ts'

const PAGE = 10_000

export type SeriesArguments = DatabaseSource & { run: string; metric: string; json: boolean }

export const series =
  ({ terminal }: Shell) =>
  ({ run: name, metric, json, ...source }: SeriesArguments) =>
    withReaderOf(source, async (reader) => {
      const run = findRun(await reader.runs(), name)
      const ofRun = await reader.series(run.run)
      const found = ofRun.filter((one) => one.metric === metric)
      if (found.length === 0) {
        const known = [...new Set(ofRun.map((one) => one.metric))].join(', ')
        throw new UsageError(`${metric}: no such metric in ${run.run} (known: ${known || 'none yet'})`)
      }
      for (const one of found) {
        if (found.length > 1 && !json) terminal.stdout(`# ${printable(one.file)}\n`)
        if (one.keptFrom > 0) terminal.stderr(`${printable(one.file)}: ${droppedNote(one)}\n`)
        for await (const row of samplesOf(reader, one.id)) {
          terminal.stdout(
            json
              ? `${encodeJson({ ...row, ...(found.length > 1 ? { file: one.file } : {}) })}\n`
              : `${row.step ?? '-'}\t${row.value}${row.attempt > 0 ? `\tattempt ${row.attempt}` : ''}\n`,
          )
        }
      }
    })

function droppedNote({ keptFrom, samples }: SeriesInfo): string {
  return `retention has dropped the finite values of the first ${keptFrom} of ${samples} samples. Their extremes and sums: nanwatch sql "SELECT * FROM rollups"`
}

async function* samplesOf(reader: Reader, id: number) {
  let after = -1
  for (;;) {
    const page = await reader.samples(id, after, PAGE)
    if (page === null) return
    for (let i = 0; i < page.ordinal.length; i++) {
      yield { attempt: page.attempt[i]!, step: page.step[i]!, value: page.value[i]! }
    }
    after = page.ordinal.at(-1) ?? after
    if (!page.more) return
  }
}
