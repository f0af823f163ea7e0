import { appendFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type FileStat, StatCache, statLocal, statRemote } from '../../src/tail/stat-cache.ts'
import { tempFolder } from '../temp-folder.ts'

const TICK_MS = 2500
const PROOF_MS = 5 * 60_000
const WALL_MS = Date.UTC(2026, 2, 1)
const LOG: FileStat = { ino: 7, size: 100, mtimeMs: WALL_MS, ctimeMs: WALL_MS }

describe('a look', () => {
  const cases: {
    name: string
    first?: FileStat
    lookedAtMs?: readonly number[]
    wallMs?: number | null
    next?: FileStat | null
    atMs?: number
    isSpared: boolean
  }[] = [
    { name: 'is spared once a file has been looked through a tick after it changed', isSpared: true },
    { name: 'is not spared before the file was looked through', lookedAtMs: [], isSpared: false },
    {
      name: 'is not spared where it was looked through within a tick of its change',
      lookedAtMs: [TICK_MS - 1],
      isSpared: false,
    },
    {
      name: 'at a file that has long been still is spared after one',
      lookedAtMs: [0],
      wallMs: WALL_MS + TICK_MS,
      isSpared: true,
    },
    {
      name: 'at a file of another machine, whose clock is its own, is not',
      lookedAtMs: [0],
      wallMs: null,
      isSpared: false,
    },
    {
      name: 'is not spared by a clock that was set back by a day',
      lookedAtMs: [0],
      wallMs: WALL_MS - 86_400_000,
      isSpared: false,
    },
    { name: 'is taken all the same after five minutes', atMs: TICK_MS + PROOF_MS, isSpared: false },
    { name: 'is taken at a file that grew', next: { ...LOG, size: 101 }, isSpared: false },
    { name: 'is taken at a file rewritten in its length', next: { ...LOG, ctimeMs: WALL_MS + 4 }, isSpared: false },
    { name: 'is taken at a file whose old time was put back', next: { ...LOG, mtimeMs: 0 }, isSpared: false },
    { name: 'is taken at another file of the same length and time', next: { ...LOG, ino: 8 }, isSpared: false },
    { name: 'is taken where there is no file', next: null, isSpared: false },
  ]
  for (const { name, lookedAtMs = [TICK_MS], wallMs = WALL_MS, next = LOG, atMs = TICK_MS + 1, isSpared } of cases) {
    test(name, () => {
      const cache = new StatCache()
      expect(cache.isUnchanged(LOG, 0, wallMs)).toBe(false)
      for (const nowMs of lookedAtMs) cache.markRead(nowMs)
      expect(cache.isUnchanged(next, atMs, wallMs)).toBe(isSpared)
    })
  }

  test('is not spared after what one brought was lost, nor after the file was gone', () => {
    for (const lose of [
      (cache: StatCache) => cache.forget(),
      (cache: StatCache) => cache.isUnchanged(null, TICK_MS, WALL_MS),
    ]) {
      const cache = new StatCache()
      cache.isUnchanged(LOG, 0, WALL_MS)
      cache.markRead(TICK_MS)
      lose(cache)
      expect(cache.isUnchanged(LOG, TICK_MS, WALL_MS)).toBe(false)
    }
  })
})

describe('the status of a file', () => {
  let path: string

  beforeEach(async () => {
    path = join(await tempFolder(), 'train.log')
  })

  for (const [name, statOf] of [
    ['on this machine', statLocal] as const,
    ['by opening the file', statRemote] as const,
  ]) {
    test(`${name} shows its length, and its change even where its time of writing is put back`, async () => {
      await writeFile(path, 'a\n')
      const { mtime, ctimeMs } = await stat(path)
      await appendFile(path, 'b\n')
      await utimes(path, mtime, mtime)
      const seen = await statOf(path)
      expect(seen).toMatchObject({ size: 4, ino: (await stat(path)).ino })
      expect(seen!.ctimeMs).toBeGreaterThanOrEqual(ctimeMs)
    })

    test(`${name} shows nothing where there is no file`, async () => {
      expect(await statOf(path)).toBeNull()
      expect(await statOf(join(path, 'below-a-file'))).toBeNull()
    })
  }
})
