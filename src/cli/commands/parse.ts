import type { CommandModule } from 'yargs'
import type { Advance } from '../../core/advance.ts'
import type { PlacedSample } from '../../core/commit.ts'
import type { Rules } from '../../core/read.ts'
import { EMPTY_MEMORY } from '../../core/runs/memory.ts'
import { encodeJson } from '../../protocol/json.ts'
import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { type ConfigSource, rulesFrom } from '../config-source.ts'
import { replayFile, replayStream, STANDARD_INPUT } from '../replay.ts'
import { scanPaths } from '../scan-paths.ts'
import type { Shell } from '../shell.ts'
import { type ExitCode, printable, type Terminal, UsageError } from '../terminal.ts'

interface ParseArguments extends ConfigSource {
  file?: string | undefined
  json: boolean
  measures: boolean
}

export const parse = ({ terminal, exit }: Shell) =>
  ({
    command: 'parse <file>',
    describe: 'Print what is read from a log: its format, fields and samples',
    builder: (y) =>
      y
        .positional('file', { describe: 'a log file, or - for standard input', type: 'string' })
        .options({
          config: { type: 'string', describe: 'configuration file', requiresArg: true },
          json: { type: 'boolean', default: false, describe: 'print JSON, one object per sample' },
          measures: { type: 'boolean', default: false, describe: 'also print the series recomputed from predictions' },
        })
        .example('$0 parse train.log', 'see which fields were taken for what')
        .example('$0 parse --json --measures predictions.jsonl', 'the recomputed cross-entropy of every batch'),
    handler: async (args) => {
      exit(await parseFile(args.file === STANDARD_INPUT ? '-' : args.file!, args, rulesFrom(args), terminal))
    },
  }) satisfies CommandModule<object, ParseArguments>

async function parseFile(
  path: string,
  { json, measures }: ParseArguments,
  rules: Rules,
  terminal: Terminal,
): Promise<ExitCode> {
  if (path !== '-') {
    const { found } = await scanPaths(path)
    if (found.length !== 1 || found[0]?.below !== '') throw new UsageError(`${path}: a folder; name one file`)
  }
  const file = { path, run: path }
  const steps =
    path === '-' ? replayStream(terminal.stdin, file, EMPTY_MEMORY, rules) : replayFile(file, EMPTY_MEMORY, rules)
  const shown = (sample: PlacedSample) => measures || !sample.metric.startsWith(RECOMPUTED_PREFIX)
  const roles = new Map<string, { role: string; samples: number }>()
  // One chunk is held back: what follows may show that its last sample began a new attempt.
  let held: PlacedSample[] = []
  let last: Advance | null = null
  for await (const { outcome } of steps) {
    last = outcome
    const next = outcome.samples.filter(shown)
    const both = corrected([...held, ...next], outcome)
    print(both.slice(0, held.length))
    held = both.slice(held.length)
    for (const { metric, role } of next) {
      roles.set(metric, { role, samples: (roles.get(metric)?.samples ?? 0) + 1 })
    }
    for (const { offset, reason, detail } of outcome.rejects) {
      terminal.stderr(`${printable(path)}: byte ${offset}: ${reason}: ${printable(detail)}\n`)
    }
  }
  print(held)
  if (!json && last !== null) {
    const { counts, reader } = last.file
    terminal.stderr(
      `format: ${reader.format ?? 'none recognised'}; ${counts.samples} samples, ${counts.batches} batches, ${counts.rejects} rejects\n`,
    )
    for (const [metric, { role, samples }] of roles)
      terminal.stderr(`  ${printable(metric)}: ${role}, ${samples} samples\n`)
  }
  return 0

  function print(samples: readonly PlacedSample[]): void {
    for (const { attempt, step, metric, role, value, offset } of samples) {
      terminal.stdout(
        json
          ? `${encodeJson({ attempt, step, metric, role, value, offset })}\n`
          : `${step ?? '-'}\t${printable(metric)}\t${value}${attempt > 0 ? `\tattempt ${attempt}` : ''}\n`,
      )
    }
  }
}

function corrected(samples: readonly PlacedSample[], { moves }: Advance): PlacedSample[] {
  if (moves.length === 0) return [...samples]
  const attempts = new Map(moves.map(({ metric, ordinal, attempt }) => [`${metric}\u0000${ordinal}`, attempt]))
  return samples.map((sample) => {
    const attempt = attempts.get(`${sample.metric}\u0000${sample.ordinal}`)
    return attempt === undefined ? sample : { ...sample, attempt }
  })
}
