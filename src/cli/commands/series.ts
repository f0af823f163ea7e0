import type { CommandModule } from 'yargs'
import { encodeJson } from '../../protocol/json.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import type { Reader } from '../../store/store.ts'
import { DATABASE_OPTIONS, type DatabaseSource, storeOf, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import { printable, UsageError } from '../terminal.ts'

const PAGE = 10_000

export const series = ({ terminal }: Shell) =>
  ({
    command: 'series <run> <metric>',
    describe: 'Print the values of one metric, in order of reading',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .positional('metric', { type: 'string', demandOption: true, describe: 'the name that the log gives it' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 series bert-base loss', 'step and value')
        .example('$0 series demo nanwatch/cross_entropy_clipped --json', 'a recomputed series'),
    handler: ({ run: name, metric, json, ...source }) =>
      withReader(storeOf(source), async (reader) => {
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
      }),
  }) satisfies CommandModule<object, DatabaseSource & { run: string; metric: string; json: boolean }>

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
