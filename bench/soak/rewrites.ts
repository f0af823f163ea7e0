import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { Daemon, until } from '../../test/e2e/nanwatch.ts'
import type { Outcome, Tell } from './promise.ts'

/** So many rewrites add one record. */
const RECORD_EACH = 10
const WAYS = ['in-place', 'replace'] as const

interface Sample {
  readonly step: number
  readonly value: number
}

/**
 * Lets another process write a JSON state file anew, in place and by a rename, while the daemon follows it: the last
 * state must be read to its end, each record once and as it was written, and a file that is half written is no alarm.
 */
export async function rewrites(times: number, tell: Tell): Promise<Outcome> {
  const counts = { lost: 0, doubled: 0, invented: 0, rejects: 0, alerts: 0 }
  const records = Math.ceil(times / RECORD_EACH)

  const startedMs = Date.now()
  for (const way of WAYS) {
    const folder = mkdtempSync(join(tmpdir(), 'nanwatch-rewrites-'))
    const [logs, database] = [join(folder, 'runs'), join(folder, 'nanwatch.db')]
    mkdirSync(logs)
    const daemon = new Daemon(['watch', logs, '--db', database, '--port', '0'])
    try {
      await daemon.url()
      const path = join(logs, 'state.json')
      await once(fork(fileURLToPath(new URL('./rewriter.mjs', import.meta.url)), [path, String(times), way]), 'exit')
      const samples = () =>
        rows<Sample>(database, "SELECT step, value FROM samples JOIN series ON id = series_id WHERE metric = 'loss'")
      await until(() => samples().some(({ step }) => step === records)).catch(() => undefined)
      await daemon.stop('SIGTERM')
      const steps = new Set(samples().map(({ step }) => step))
      counts.lost += records - steps.size
      counts.doubled += samples().length - steps.size
      counts.invented += samples().filter(({ step, value }) => value !== 1 + 1 / step).length
      counts.rejects += rows(database, 'SELECT 1 FROM rejects').length
      counts.alerts += rows(database, 'SELECT 1 FROM alerts').length
      tell(`${way} done`)
    } finally {
      await daemon.stop('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return {
    counts,
    figures: {
      rewrites: times * WAYS.length,
      records: records * WAYS.length,
      seconds: Math.round((Date.now() - startedMs) / 1000),
    },
  }
}

function rows<Row>(database: string, sql: string): readonly Row[] {
  const db = new Database(database, { readonly: true })
  try {
    return db.prepare<[], Row>(sql).all()
  } finally {
    db.close()
  }
}
