import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { FileFollower } from '../../src/tail/follower.ts'
import { wandbFileOf } from '../core/reading/frames.ts'
import { tempFolder } from '../temp-folder.ts'

test('a binary log of many chunks is read from one cursor to the next, each record once', async () => {
  const records = Array.from({ length: 4000 }, (_, index) => new Uint8Array(1024).fill(index % 251))
  const path = join(await tempFolder(), 'run-1.wandb')
  const file = wandbFileOf(records)
  writeFileSync(path, file)
  const follower = new FileFollower(path)
  const offsets: number[] = []
  let cursor: Cursor | null = null
  let reads = 0
  for (let hasMore = true; hasMore && reads < 100; reads++) {
    const read = await follower.read(cursor, 1024, false)
    expect(read?.gap ?? null).toBeNull()
    if (read?.content.kind === 'frames') offsets.push(...read.content.frames.map(({ offset }) => offset))
    cursor = read?.cursor ?? cursor
    hasMore = read?.hasMore ?? false
  }
  await follower.close()
  expect(reads).toBeGreaterThan(3)
  expect(offsets).toEqual([...new Set(offsets)])
  expect(offsets.length).toBe(records.length)
  expect(cursor?.offset).toBe(file.length)
})

test('a document that is written anew is one and the same file, wherever its writing stands when it is looked at', async () => {
  const path = join(await tempFolder(), 'trainer_state.json')
  const document = (step: number) =>
    `${JSON.stringify({ global_step: step, log_history: [{ step, loss: 1 / step, epoch: 0.5, note: 'n'.repeat(80) }] }, null, 2)}\n`
  const follower = new FileFollower(path)
  writeFileSync(path, document(1))
  let cursor = (await follower.read(null, 1024))?.cursor ?? null
  const next = document(2)
  const seen: unknown[] = []
  for (let cut = 0; cut <= next.length; cut++) {
    writeFileSync(path, next.slice(0, cut))
    const read = await follower.read(cursor, 1024)
    if (read?.gap || read?.isNewGeneration || read?.isFinal) seen.push({ cut, gap: read.gap })
    cursor = read?.cursor ?? cursor
  }
  await follower.close()
  expect(seen).toEqual([])
  expect(cursor?.offset).toBe(next.length)
})
