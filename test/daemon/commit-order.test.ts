import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logLine } from '../../bench/soak/log-line.ts'
import { countLines } from '../../bench/soak/stored-lines.ts'
import type { Commit, FileUpdate } from '../../src/core/pipeline/commit.ts'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

type Halves = (commit: Commit, savedCursor: (path: string) => Cursor | null) => readonly Commit[]

const LIVES = 4
const LINES_A_LIFE = 50

const ORDERS: readonly {
  readonly name: string
  readonly halves: Halves
  readonly lost: boolean
  readonly doubled: boolean
}[] = [
  { name: 'cursor and rows in one transaction', halves: (commit) => [commit], lost: false, doubled: false },
  {
    name: 'the cursor before the rows',
    halves: (commit) => [withFiles(commit, cursorOnly), commit],
    lost: true,
    doubled: false,
  },
  {
    name: 'the rows before the cursor',
    halves: (commit, savedCursor) => [
      withFiles(commit, (update) => ({ ...update, file: { ...update.file, cursor: savedCursor(update.file.path) } })),
      withFiles(commit, cursorOnly),
    ],
    lost: false,
    doubled: true,
  },
]

for (const { name, halves, lost, doubled } of ORDERS) {
  const finds = lost ? 'loses lines' : doubled ? 'doubles lines' : 'neither loses nor doubles a line'
  test(`a store that saves ${name} ${finds} when it dies between two transactions`, async () => {
    const folder = await tempFolder()
    const log = join(folder, 'runs', 'job', 'metrics.jsonl')
    mkdirSync(join(folder, 'runs', 'job'), { recursive: true })
    writeFileSync(log, '')
    const database = join(folder, 'nanwatch.db')
    for (let life = 0; life < LIVES; life++) await liveAndDie(folder, database, log, life, halves)
    const counts = countLines(database, [log], LIVES * LINES_A_LIFE)
    expect(counts).toMatchObject({ torn: 0 })
    expect(counts.lost > 0).toBe(lost)
    expect(counts.doubled > 0).toBe(doubled)
  }, 60_000)
}

/** Lets a daemon read what is written in its life; all but the last die after their first transaction that holds rows. */
async function liveAndDie(folder: string, database: string, log: string, life: number, halves: Halves): Promise<void> {
  const store = sqliteStore(database)
  let hasDied = false
  let over: () => void = () => undefined
  const isOver = new Promise<void>((resolve) => {
    over = resolve
  })
  const dying: SqliteStore = {
    ...store,
    async commit(commit) {
      const saved = new Map((await store.resumption()).files.map(({ path, cursor }) => [path, cursor]))
      const parts = halves(commit, (path) => saved.get(path) ?? null)
      let seq = 0
      for (const part of parts) {
        if (hasDied) throw new Error('killed')
        seq = await store.commit(part)
        hasDied ||= life < LIVES - 1 && commit.files.some(({ samples }) => samples.length > 0)
      }
      if (hasDied) throw new Error('killed')
      return seq
    },
  }
  const end = await follow({
    root: join(folder, 'runs'),
    store: dying,
    fileEvents: noFileEvents(),
    sweepMs: 20,
    onUnsaved: () => over(),
    onCommit: (commit) => {
      if (commit.files.some(({ samples }) => [...samples].some(({ step }) => step === LIVES * LINES_A_LIFE - 1))) over()
    },
  })
  const first = life * LINES_A_LIFE
  appendFileSync(log, Array.from({ length: LINES_A_LIFE }, (_, i) => logLine(first + i)).join(''))
  await isOver
  await end()
  await store.close()
}

function withFiles(commit: Commit, change: (update: FileUpdate) => FileUpdate): Commit {
  return { ...commit, files: commit.files.map(change) }
}

function cursorOnly(update: FileUpdate): FileUpdate {
  return { ...update, samples: [], moves: [], batches: [], rejects: [] }
}
