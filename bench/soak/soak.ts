import { statfsSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { burst } from './burst.ts'
import { diskFull } from './disk-full.ts'
import { endings } from './endings.ts'
import { faults } from './faults.ts'
import { flips } from './flips.ts'
import { fuzz } from './fuzz.ts'
import { kills } from './kills.ts'
import { nfs } from './nfs.ts'
import type { Outcome, Tell } from './promise.ts'
import { readers } from './readers.ts'
import { repeats } from './repeats.ts'
import { rewrites } from './rewrites.ts'
import { schedules } from './schedules.ts'
import { sizes } from './sizes.ts'
import { noTerminal, terminal, WAYS } from './terminal.ts'
import { tornWal } from './torn-wal.ts'

const GIB = 2 ** 30

interface Sizes {
  readonly cycles: number
  readonly schedules: number
  readonly remote: number
  readonly lines: number
  readonly fills: number
  readonly torn: number
  readonly flips: number
  readonly seconds: number
  readonly repeats: number
  readonly rewrites: number
  readonly rounds: number
  readonly trials: number
}

const PROMISES: Readonly<Record<string, (sizes: Sizes, tell: Tell) => Promise<Outcome>>> = {
  kills: ({ cycles }, tell) => kills({ cycles, files: 6, linesEach: 256 }, tell),
  schedules: (sizes, tell) => schedules(sizes.schedules, tell),
  nfs: (sizes, tell) => nfs(sizes.remote, tell),
  faults: (_sizes, tell) => faults(tell),
  repeats: (sizes, tell) => repeats(sizes.repeats, tell),
  rewrites: (sizes, tell) => rewrites(sizes.rewrites, tell),
  fuzz: async (sizes, tell) => fuzz(sizes.lines, tell),
  sizes: (_, tell) => sizes({ lineBytes: GIB, holeBytes: 10 * GIB, randomBytes: GIB / 4 }, tell),
  'disk-full': ({ fills }, tell) => diskFull(fills, tell),
  'torn-wal': ({ torn }, tell) => tornWal({ trials: torn, readings: 1000 }, tell),
  flips: (sizes, tell) => flips(sizes.flips, tell),
  readers: ({ seconds }, tell) => readers({ readers: 10, holdMs: 60_000, seconds }, tell),
  endings: ({ rounds }, tell) => endings(rounds, tell),
  terminal: ({ trials }, tell) =>
    terminal(trials, tell, noTerminal() === null ? WAYS : WAYS.filter((way) => !way.includes('terminal'))),
  burst: () => burst({ files: 100, sweepMs: 1000, hasEvents: true, patienceMs: 5000 }),
  'burst-swept': () => burst({ files: 100, sweepMs: 1000, hasEvents: false, patienceMs: 5000 }),
}

/** Keeps the promises that are named, or all of them, and prints what they were worth. Answers with an exit code. */
export async function soak(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cycles: { type: 'string', default: '1000' },
      schedules: { type: 'string', default: '40000' },
      remote: { type: 'string', default: '5000' },
      lines: { type: 'string', default: '1000000' },
      fills: { type: 'string', default: '500' },
      torn: { type: 'string', default: '20000' },
      flips: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '150' },
      repeats: { type: 'string', default: '100' },
      rewrites: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '20' },
      trials: { type: 'string', default: '100' },
    },
  })
  const sizes: Sizes = {
    cycles: Number(values.cycles),
    schedules: Number(values.schedules),
    remote: Number(values.remote),
    lines: Number(values.lines),
    fills: Number(values.fills),
    torn: Number(values.torn),
    flips: Number(values.flips),
    seconds: Number(values.seconds),
    repeats: Number(values.repeats),
    rewrites: Number(values.rewrites),
    rounds: Number(values.rounds),
    trials: Number(values.trials),
  }
  const unknown = positionals.filter((name) => !(name in PROMISES))
  if (unknown.length > 0 || Object.values(sizes).some((size) => !(size > 0))) {
    process.stderr.write(
      `usage: npm run soak -- [${Object.keys(PROMISES).join('|')}].. [${Object.keys(sizes)
        .map((size) => `--${size} N`)
        .join('] [')}]\n`,
    )
    return 2
  }
  let isKept = true
  const rows: string[] = []
  for (const [name, keep] of Object.entries(PROMISES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { counts, figures } = await keep(sizes, (progress) => process.stderr.write(`${name}: ${progress}\n`))
    isKept &&= Object.values(counts).every((count) => count === 0)
    rows.push(`${name.padEnd(12)}${listed(counts)}  |  ${listed(figures)}`)
  }
  process.stdout.write(`${machine()}\n${rows.join('\n')}\n`)
  return isKept ? 0 : 1
}

function listed(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function machine(): string {
  const [core] = cpus()
  const fileSystem = `0x${statfsSync(tmpdir()).type.toString(16)}`
  const memoryGib = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} cores (${core?.model ?? 'unknown'}), ${memoryGib} GiB, Node ${process.version}, file system type ${fileSystem}`
}
