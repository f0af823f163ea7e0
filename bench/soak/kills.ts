import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { Daemon, until } from '../../test/e2e/nanwatch.ts'
import { countDifferences } from './history.ts'
import { type Outcome, pauseMs, seededRandom, type Tell } from './promise.ts'
import { countLines } from './stored-lines.ts'

export interface KillSettings {
  readonly cycles: number
  readonly files: number
  /** How many lines are written to each file while a daemon lives. */
  readonly linesEach: number
}

const SEED = 20260301
/** So many daemons are killed before they are ready. */
const EARLY = 0.15
const CATCH_UP_MS = 300_000

/**
 * Kills the daemon with SIGKILL again and again while a job writes, and lets
 * another one, which is never killed, follow the same files: both must end with
 * every line once, in order, and with the same history.
 */
export async function kills({ cycles, files, linesEach }: KillSettings, tell: Tell): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-kills-'))
  const logs = join(folder, 'runs')
  // One run for each file: which of two files of a run is read first, no reader can promise.
  const paths = Array.from({ length: files }, (_, i) => join(logs, `job-${i}`, 'metrics.jsonl'))
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  }
  const [killed, calm] = [join(folder, 'killed.db'), join(folder, 'calm.db')]
  const startedMs = Date.now()
  let isKept = false
  const undisturbed = watching(logs, calm)
  const writer = fork(fileURLToPath(new URL('./writer.mjs', import.meta.url)), paths)
  try {
    await undisturbed.url()
    await firstScan(logs, killed)
    await killAgainAndAgain(writer, () => watching(logs, killed), { cycles, files, linesEach }, tell)
    const last = watching(logs, killed)
    await last.url()
    for (const database of [killed, calm]) await until(() => isReadToEnd(database, paths), CATCH_UP_MS)
    await last.stop('SIGTERM')
    await undisturbed.stop('SIGTERM')
    const lines = cycles * linesEach
    const counts = {
      ...countLines(killed, paths, lines),
      corrupt: countProblems(killed),
      different: countDifferences(killed, calm, tell),
    }
    isKept = Object.values(counts).every((count) => count === 0)
    return {
      counts,
      figures: { kills: cycles, lines: lines * files, files, seconds: Math.round((Date.now() - startedMs) / 1000) },
    }
  } finally {
    writer.kill()
    await undisturbed.stop('SIGKILL')
    if (isKept) rmSync(folder, { recursive: true, force: true })
    else tell(`the databases are in ${folder}`)
  }
}

function watching(logs: string, database: string): Daemon {
  return new Daemon(['watch', logs, '--db', database, '--port', '0'])
}

/** The files are empty when they are first seen, for both: what comes later is news to both. */
async function firstScan(logs: string, database: string): Promise<void> {
  const daemon = watching(logs, database)
  await daemon.url()
  await daemon.stop('SIGKILL')
}

async function killAgainAndAgain(
  writer: ChildProcess,
  start: () => Daemon,
  { cycles, linesEach }: KillSettings,
  tell: Tell,
): Promise<void> {
  const random = seededRandom(SEED)
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const daemon = start()
    const written = once(writer, 'message')
    writer.send(linesEach)
    if (random() >= EARLY) await daemon.url()
    await pauseMs(random() * 80)
    await daemon.stop('SIGKILL')
    await written
    if (cycle % 50 === 0) tell(`${cycle} of ${cycles} kills`)
  }
}

function isReadToEnd(database: string, paths: readonly string[]): boolean {
  const db = new Database(database, { readonly: true })
  try {
    const offset = db.prepare("SELECT json_extract(cursor, '$.offset') FROM files WHERE path = ?").pluck()
    return paths.every((path) => offset.get(path) === statSync(path).size)
  } finally {
    db.close()
  }
}

function countProblems(database: string): number {
  const db = new Database(database, { readonly: true })
  try {
    const found = db.prepare('PRAGMA integrity_check').pluck().all()
    return found[0] === 'ok' ? 0 : found.length
  } finally {
    db.close()
  }
}
