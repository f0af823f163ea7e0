import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { type FileEvents, watchFiles } from '../../src/tail/file-events.ts'
import { WatchModes } from '../../src/tail/watch-modes.ts'
import { follow, noFileEvents } from '../../test/daemon/following.ts'
import { type Outcome, pauseMs, seededRandom } from './promise.ts'

export interface BurstSettings {
  readonly files: number
  readonly sweepMs: number
  /** What tells of a change; without events only the sweep finds it. */
  readonly hasEvents: boolean
  /** How long the last line of the last burst is waited for. */
  readonly patienceMs: number
}

/** One burst each so many milliseconds, on average: what is measured is how late a line is, not how many fit in. */
const SPREAD_MS = 15
const GAPS_MS = [0, 1, 2, 5, 10, 15, 20, 30, 40, 60]

/**
 * Writes two lines with a short gap to each file, once for each gap, and looks
 * for the second one in the store: the line after which nothing more comes.
 */
export async function burst({ files, sweepMs, hasEvents, patienceMs }: BurstSettings): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-burst-'))
  const root = join(folder, 'runs')
  const paths = Array.from({ length: files }, (_, i) => join(root, `job-${i}`, 'metrics.jsonl'))
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  }
  const writtenMs = new Map<string, number>()
  const latenciesMs: number[] = []
  const store = sqliteStore(join(folder, 'nanwatch.db'))
  const fileEvents: FileEvents = hasEvents
    ? watchFiles(new WatchModes([{ root, mode: 'events', reason: 'the burst' }]), () => undefined)
    : noFileEvents()
  const end = await follow({
    root,
    store,
    fileEvents,
    sweepMs,
    onCommit: (commit) => {
      for (const { file, samples } of commit.files) {
        for (const { step } of samples) {
          const line = `${file.path} ${step}`
          const atMs = writtenMs.get(line)
          if (atMs !== undefined) latenciesMs.push(performance.now() - atMs)
          writtenMs.delete(line)
        }
      }
    },
  })
  try {
    const random = seededRandom(11)
    for (const [round, gapMs] of GAPS_MS.entries()) {
      const delays = paths.map(() => random() * files * SPREAD_MS)
      await Promise.all(
        paths.map(async (path, i) => {
          await pauseMs(delays[i]!)
          appendFileSync(path, `{"step": ${2 * round}, "loss": 1}\n`)
          await pauseMs(gapMs)
          writtenMs.set(`${path} ${2 * round + 1}`, performance.now())
          appendFileSync(path, `{"step": ${2 * round + 1}, "loss": 1}\n`)
        }),
      )
    }
    const deadline = performance.now() + patienceMs
    while (writtenMs.size > 0 && performance.now() < deadline) await pauseMs(5)
  } finally {
    await end()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  latenciesMs.sort((a, b) => a - b)
  return {
    counts: { missed: writtenMs.size },
    figures: {
      bursts: files * GAPS_MS.length,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
      maxMs: quantile(latenciesMs, 1),
    },
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return Math.round((sorted[Math.ceil(q * sorted.length) - 1] ?? 0) * 10) / 10
}
