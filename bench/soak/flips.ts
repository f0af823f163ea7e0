import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { losses } from '../../test/store/commits.ts'
import { type Outcome, seededRandom, type Tell } from './promise.ts'

const SEED = 12
const SAMPLES = 4000
const FIRST_BACKUP_MS = Date.parse('2026-03-01T12:00:00.000Z')

/** Flips one byte of a database at a time: samples must never be other than what was written, and every start must succeed. */
export async function flips(count: number, tell: Tell): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-flips-'))
  const path = join(folder, 'nanwatch.db')
  const sound = join(folder, 'sound.db')
  const counts = { unnoticed: 0, unusable: 0 }
  const figures = { flips: count, atStart: 0, byChecksum: 0, elsewhere: 0 }
  const random = seededRandom(SEED)
  try {
    const store = sqliteStore(path)
    await store.commit(losses(Array.from({ length: SAMPLES }, (_, i) => (i % 500 === 7 ? NaN : Math.sin(i)))))
    await store.upkeep(FIRST_BACKUP_MS)
    await store.close()
    copyFileSync(path, sound)
    const bytes = readFileSync(sound)
    const expected = await samplesOf(path)
    for (let done = 1; done <= count; done++) {
      const flipped = Buffer.from(bytes)
      flipped[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
      for (const part of ['-wal', '-shm']) rmSync(path + part, { force: true })
      writeFileSync(path, flipped)
      try {
        const found = await findAndReplace(path)
        figures[found]++
        if ((await samplesOf(path)) !== expected) {
          counts.unnoticed++
          tell(`flip ${done}: other samples, and nobody noticed`)
        }
      } catch (error) {
        counts.unusable++
        tell(`flip ${done}: ${error instanceof Error ? error.message : String(error)}`)
      }
      if (done % 200 === 0) tell(`${done} of ${count} flips`)
    }
    return { counts, figures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What two starts of a daemon do: the second one, if the first finds damage. */
async function findAndReplace(path: string): Promise<'atStart' | 'byChecksum' | 'elsewhere'> {
  const store = sqliteStore(path)
  if (store.repaired !== null) {
    await store.close()
    return 'atStart'
  }
  const damage = await store.upkeep(FIRST_BACKUP_MS).then(
    () => null,
    (error: unknown) => error,
  )
  await store.close()
  if (damage === null) return 'elsewhere'
  if (!(damage instanceof StoreError && damage.isDamage)) throw damage
  await sqliteStore(path, { isDamaged: true }).close()
  return 'byChecksum'
}

async function samplesOf(path: string): Promise<string> {
  const reader = sqliteReader(path)
  try {
    const columns = 'ordinal, attempt, step, value, kind, raw, offset'
    return [...reader.query(`SELECT ${columns} FROM samples ORDER BY ordinal`).rows()].join('\n')
  } finally {
    await reader.close()
  }
}
