import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { commit, fileUpdate, run, sample } from '../../test/store/commits.ts'
import { type Outcome, pauseMs, type Tell } from './promise.ts'

const ROWS_A_SECOND = 5000
const ROUND_MS = 15
const WAL_LIMIT_BYTES = 64 * 1024 * 1024
const UPKEEP_MS = 5000
/** How long the readers may take to come up. */
const START_MS = 60_000

export interface ReaderSettings {
  readonly readers: number
  /** How long one of them keeps an answer open, each time. */
  readonly holdMs: number
  readonly seconds: number
}

/** Has processes ask a database all the time, one of them slowly, while 5,000 rows a second are written to it. */
export async function readers({ readers: count, holdMs, seconds }: ReaderSettings, tell: Tell): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-readers-'))
  const database = join(folder, 'nanwatch.db')
  const store = sqliteStore(database)
  const counts = { failed: 0, walTooLong: 0, missing: 0, unanswered: 0 }
  let [answered, rows, longestWalBytes] = [0, 0, 0]
  const commitMs: number[] = []
  const write = async (until: number) => {
    const samples = Array.from({ length: until - rows }, (_, i) => sample(rows + i, Math.sin(rows + i)))
    const beganMs = performance.now()
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    commitMs.push(performance.now() - beganMs)
    rows = until
  }
  await write(1000)
  const processes = Array.from({ length: count }, (_, i) => {
    const reader = fork(fileURLToPath(new URL('./reader.mjs', import.meta.url)), [
      database,
      i === 0 ? `${holdMs}` : '0',
    ])
    reader.on('message', (message: { kind: string; reason?: string }) => {
      if (message.kind === 'answered') answered++
      else {
        counts.failed++
        tell(`a reader was told: ${message.reason}`)
      }
    })
    return reader
  })
  try {
    const deadlineMs = Date.now() + START_MS
    while (answered < count && Date.now() < deadlineMs) await pauseMs(10)
    const startedMs = Date.now()
    let upkeptMs = startedMs
    for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = Date.now() - startedMs) {
      const due = 1000 + Math.floor((elapsedMs * ROWS_A_SECOND) / 1000)
      // A machine that is too busy falls behind; its commits must not grow with that.
      if (due > rows) await write(Math.min(due, rows + ROWS_A_SECOND))
      longestWalBytes = Math.max(longestWalBytes, statSync(`${database}-wal`).size)
      if (Date.now() - upkeptMs > UPKEEP_MS) {
        await store.upkeep(Date.now())
        upkeptMs = Date.now()
      }
      await pauseMs(Math.max(ROUND_MS, store.restMs()))
    }
  } finally {
    for (const reader of processes) reader.kill()
  }
  if (longestWalBytes > WAL_LIMIT_BYTES) counts.walTooLong++
  if (answered === 0) counts.unanswered++
  const reader = sqliteReader(database)
  counts.missing = rows - Number([...reader.query('SELECT count(*) FROM samples').rows()][0]?.[0])
  await reader.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  commitMs.sort((a, b) => a - b)
  return {
    counts,
    figures: {
      readers: count,
      holdMs,
      seconds,
      rows,
      commits: commitMs.length,
      p99CommitMs: Math.round(commitMs[Math.ceil(commitMs.length * 0.99) - 1] ?? 0),
      answered,
      longestWalMib: Math.round(longestWalBytes / 2 ** 20),
    },
  }
}
