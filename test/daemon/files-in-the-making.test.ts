import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/arrays')
const SWEEP_MS = 10
const PARTS = 4
const WITHIN = { timeout: 10_000, interval: 10 }

let root: string
let commits: Commit[]
let store: SqliteStore
let stop: () => Promise<void>

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'dump')
  mkdirSync(root)
  commits = []
  store = sqliteStore(join(folder, 'nanwatch.db'))
  stop = await follow({
    root,
    store,
    fileEvents: noFileEvents(),
    sweepMs: SWEEP_MS,
    onCommit: (commit) => commits.push(commit),
  })
})

afterEach(async () => {
  await stop()
  await store.close()
})

/** Writes a file as slowly as a full disk does: each part is looked at before the next one comes. */
async function writeSlowly(name: string, bytes: Uint8Array): Promise<void> {
  const path = join(root, name)
  writeFileSync(path, '')
  const length = Math.ceil(bytes.length / PARTS)
  for (let at = 0; at < bytes.length; at += length) {
    appendFileSync(path, bytes.subarray(at, at + length))
    await new Promise((resolve) => setTimeout(resolve, 8 * SWEEP_MS))
  }
}

describe('a dump that is written in parts is no reject, and is read once it is whole', () => {
  for (const [name, fixture] of [
    ['preds_120.npz', 'step_000120.npz'],
    ['preds_7.safetensors', 'metadata.safetensors'],
    ['preds_1.parquet', 'lists-plain.parquet'],
    ['preds.npy', 'f8-le.npy'],
  ] as const) {
    test(name, async () => {
      if (name.endsWith('.npy')) copyFileSync(join(FIXTURES, 'f8-le.npy'), join(root, 'labels.npy'))
      await writeSlowly(name, readFileSync(join(FIXTURES, fixture)))
      await vi.waitFor(
        () => expect(commits.flatMap(({ files }) => files.flatMap(({ batches }) => batches))).not.toHaveLength(0),
        WITHIN,
      )
      expect(commits.flatMap(({ files }) => files.flatMap(({ rejects }) => rejects))).toEqual([])
    })
  }
})
