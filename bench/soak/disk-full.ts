import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import type { SqlReader } from '../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { follow, noFileEvents } from '../../test/daemon/following.ts'
import { type Outcome, pauseMs, type Tell } from './promise.ts'

const DISK_BYTES = 3 * 1024 * 1024
const RESERVED_BYTES = 128 * 1024
/** A disk holds the history of so many cycles, and then a new one is mounted. */
const CYCLES_A_DISK = 25
const SWEEP_MS = 10
const PATIENCE_MS = 20_000
/** More than it takes for an incident to be over. */
const CALM_LINES = 30

interface Counts {
  [name: string]: number
  lost: number
  doubled: number
  /** A cursor that does not stand behind the last row, in front of the next. */
  disagreeing: number
  /** Alerts that were not told while nothing could be saved. */
  untold: number
  /** Alerts that are not stored once there is room. */
  unstored: number
  /** Cycles after which the daemon did not go on by itself. */
  stuck: number
}

/** Whether file systems may be mounted here. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-mount-'))
  try {
    mount(folder)
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Fills the disk of the database and frees it again and again, while a job writes and dies of NaN each time. */
export async function diskFull(cycles: number, tell: Tell): Promise<Outcome> {
  const counts: Counts = { lost: 0, doubled: 0, disagreeing: 0, untold: 0, unstored: 0, stuck: 0 }
  const startedMs = Date.now()
  let [refused, slowestRecoveryMs] = [0, 0]
  for (let done = 0; done < cycles; done += CYCLES_A_DISK) {
    const disk = new SmallDisk()
    try {
      const figures = await oneDisk(disk, Math.min(CYCLES_A_DISK, cycles - done), counts)
      refused += figures.refused
      slowestRecoveryMs = Math.max(slowestRecoveryMs, figures.slowestRecoveryMs)
    } finally {
      disk.remove()
    }
    tell(`${Math.min(cycles, done + CYCLES_A_DISK)} of ${cycles} cycles`)
  }
  return {
    counts,
    figures: { cycles, refused, slowestRecoveryMs, seconds: Math.round((Date.now() - startedMs) / 1000) },
  }
}

async function oneDisk(
  disk: SmallDisk,
  cycles: number,
  counts: Counts,
): Promise<{ readonly refused: number; readonly slowestRecoveryMs: number }> {
  const log = join(disk.elsewhere, 'runs', 'job', 'metrics.jsonl')
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, '')
  const database = join(disk.folder, 'nanwatch.db')
  const store = sqliteStore(database, { reservedBytes: RESERVED_BYTES })
  const reader = sqliteReader(database)
  const offsets: number[] = []
  let [lines, refused, slowestRecoveryMs] = [0, 0, 0]
  const told = new Set<string>()
  const tellAlerts = (commit: Commit) => {
    for (const { alert } of commit.transitions) told.add(alert.id)
  }
  const write = (value: string) => {
    offsets.push(statSync(log).size)
    appendFileSync(log, `{"step": ${lines++}, "loss": ${value}}\n`)
  }
  const end = await follow({
    root: join(disk.elsewhere, 'runs'),
    store,
    fileEvents: noFileEvents(),
    sweepMs: SWEEP_MS,
    onUnsaved: () => refused++,
    onReadAhead: tellAlerts,
  })
  // A loss that never changes would be an alert of its own.
  const writeCalm = () => {
    for (let line = 0; line < CALM_LINES; line++) write(lines % 2 === 0 ? '1' : '1.01')
  }
  const isRead = () => cursorOf(reader) === statSync(log).size
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const before = { refused, told: told.size }
      for (let i = 0; i < 200 && refused === before.refused; i++) {
        disk.fill()
        writeCalm()
        await until(() => isRead() || refused > before.refused)
      }
      write('NaN')
      writeCalm()
      if (!(await until(() => told.size > before.told))) counts.untold++
      if (!agrees(reader, offsets, log)) counts.disagreeing++
      disk.free()
      const freedMs = Date.now()
      if (!(await until(isRead))) counts.stuck++
      slowestRecoveryMs = Math.max(slowestRecoveryMs, Date.now() - freedMs)
      if (!agrees(reader, offsets, log)) counts.disagreeing++
      await store.upkeep(0)
    }
    const stored = storedOffsets(reader)
    counts.lost += offsets.filter((offset) => !stored.has(offset)).length
    counts.doubled += (await reader.series()).reduce((sum, { samples }) => sum + samples, 0) - stored.size
    const failures = (await reader.alerts({})).filter(({ rule }) => rule === 'non-finite')
    counts.unstored += Math.abs(cycles - failures.length)
  } finally {
    await end()
    await reader.close()
    await store.close()
  }
  return { refused, slowestRecoveryMs }
}

/** Whether exactly the lines before the cursor are stored. */
function agrees(reader: SqlReader, offsets: readonly number[], log: string): boolean {
  const stored = storedOffsets(reader)
  const cursor = cursorOf(reader) ?? 0
  const expected = offsets.filter((offset) => offset < cursor)
  return cursor <= statSync(log).size && stored.size === expected.length && expected.every((at) => stored.has(at))
}

function storedOffsets(reader: SqlReader): Set<number> {
  return new Set([...reader.query('SELECT offset FROM samples').rows()].map(([offset]) => Number(offset)))
}

function cursorOf(reader: SqlReader): number | null {
  const [row] = reader.query("SELECT json_extract(cursor, '$.offset') FROM files").rows()
  return typeof row?.[0] === 'number' ? row[0] : null
}

async function until(holds: () => boolean): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS
  while (!holds()) {
    if (Date.now() > deadline) return false
    await pauseMs(2)
  }
  return true
}

/** A file system of its own, of 3 MiB, and a folder beside it for what must not be short of room. */
class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'nanwatch-disk-'))
  readonly elsewhere = mkdtempSync(join(tmpdir(), 'nanwatch-logs-'))

  constructor() {
    mount(this.folder)
  }

  /** Takes all that is left, to the last page. */
  fill(): void {
    const file = openSync(join(this.folder, 'filler'), 'a')
    const page = Buffer.alloc(4096)
    try {
      while (writeSync(file, page) > 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(join(this.folder, 'filler'), { force: true })
  }

  remove(): void {
    execFileSync('umount', [this.folder])
    for (const folder of [this.folder, this.elsewhere]) rmSync(folder, { recursive: true, force: true })
  }
}

function mount(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'nanwatch', folder], { stdio: 'ignore' })
}
