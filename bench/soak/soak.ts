import { statfsSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { burst } from './burst.ts'
import { faults } from './faults.ts'
import { fuzz } from './fuzz.ts'
import { kills } from './kills.ts'
import { nfs } from './nfs.ts'
import type { Outcome, Tell } from './promise.ts'
import { schedules } from './schedules.ts'

interface Sizes {
  readonly cycles: number
  readonly schedules: number
  readonly remote: number
  readonly lines: number
}

const PROMISES: Readonly<Record<string, (sizes: Sizes, tell: Tell) => Promise<Outcome>>> = {
  kills: ({ cycles }, tell) => kills({ cycles, files: 6, linesEach: 256 }, tell),
  schedules: (sizes, tell) => schedules(sizes.schedules, tell),
  nfs: (sizes, tell) => nfs(sizes.remote, tell),
  faults: (_sizes, tell) => faults(tell),
  fuzz: async (sizes, tell) => fuzz(sizes.lines, tell),
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
    },
  })
  const sizes: Sizes = {
    cycles: Number(values.cycles),
    schedules: Number(values.schedules),
    remote: Number(values.remote),
    lines: Number(values.lines),
  }
  const unknown = positionals.filter((name) => !(name in PROMISES))
  if (unknown.length > 0 || Object.values(sizes).some((size) => !(size > 0))) {
    process.stderr.write(
      `usage: npm run soak -- [${Object.keys(PROMISES).join('|')}].. [--cycles N] [--schedules N] [--remote N] [--lines N]\n`,
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
