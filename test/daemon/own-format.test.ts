import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { type Reads, Replay } from '../../src/cli/replay/replay.ts'
import { streamReads } from '../../src/cli/replay/stream-reads.ts'
import { formatSet } from '../../src/core/formats/described-formats.ts'
import type { FormatSet } from '../../src/core/formats/format-set.ts'
import type { Reject } from '../../src/protocol/wire.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

/** A user's format for lines of text, which are at most 256 KiB long. */
function ownFormats(): FormatSet {
  const built = formatSet([{ name: 'mine', regex: String.raw`^it (?<step>\d+) loss (?<loss>\S+)$` }])
  if (!built.ok) throw new Error(built.problem)
  return built.format
}

const RECORDS = 'it 1 loss 0.5\nit 2 loss 0.4\nit 3 loss 0.3\n'
/** It begins like an object with predictions, of which a line may be 64 MiB long. */
const LONG = `{${'x'.repeat(300 * 1024)}`
const TOO_LONG = { reason: 'line-too-long', detail: 'longer than 262144 bytes', offset: RECORDS.length }

async function following(isSaving: () => boolean) {
  const folder = await tempFolder()
  const path = join(folder, 'runs', 'job', 'train.log')
  mkdirSync(join(folder, 'runs', 'job'), { recursive: true })
  writeFileSync(path, RECORDS)
  const real = sqliteStore(join(folder, 'nanwatch.db'))
  const store: typeof real = {
    ...real,
    commit: (commit) => (isSaving() ? real.commit(commit) : Promise.reject(new Error('disk is full'))),
  }
  const saved: Reject[] = []
  const ahead: Reject[] = []
  let samples = 0
  const end = await follow({
    root: join(folder, 'runs'),
    store,
    fileEvents: noFileEvents(),
    sweepMs: 50,
    formats: ownFormats(),
    onCommit: ({ files }) => {
      samples += files.reduce((sum, file) => sum + file.samples.length, 0)
      saved.push(...files.flatMap(({ rejects }) => rejects))
    },
    onReadAhead: ({ files }) => ahead.push(...files.flatMap(({ rejects }) => rejects)),
  })
  onTestFinished(async () => {
    await end()
    await real.close()
  })
  await vi.waitFor(() => expect(samples).toBe(3), { timeout: 20_000, interval: 5 })
  return { path, saved, ahead }
}

test('a line beyond what a user’s format allows is rejected before it ends', async () => {
  const { path, saved } = await following(() => true)
  appendFileSync(path, LONG)
  await vi.waitFor(() => expect(saved).toMatchObject([TOO_LONG]), { timeout: 20_000, interval: 5 })
})

test('so it is while the store cannot save, and what comes is read ahead', async () => {
  let isSaving = true
  const { path, ahead } = await following(() => isSaving)
  isSaving = false
  appendFileSync(path, LONG)
  await vi.waitFor(() => expect(ahead[0]).toMatchObject(TOO_LONG), { timeout: 20_000, interval: 5 })
})

const MEBIBYTE = 1024 * 1024
const FINISHED = `${RECORDS}{${'x'.repeat(9 * MEBIBYTE)}\nit 4 loss 0.2\n`

/** How far a finished source has been read where it is told of each reject, and its last step. */
async function replayed(path: string, reads: Reads) {
  const bytesAtReject: number[] = []
  let lastStep: number | null = null
  const replay = new Replay({ epsilon: 1e-10, detectors: {}, formats: ownFormats() })
  for await (const { rejects, samples, bytesRead } of replay.read({ path, run: 'job' }, reads)) {
    expect(rejects).toMatchObject(rejects.map(() => TOO_LONG))
    bytesAtReject.push(...rejects.map(() => bytesRead))
    lastStep = [...samples].at(-1)?.step ?? lastStep
  }
  return { bytesAtReject, lastStep }
}

test('so it is in a finished file, of which no more than a piece of 4 MiB is held in memory', async () => {
  const path = join(await tempFolder(), 'train.log')
  writeFileSync(path, FINISHED)
  expect(await replayed(path, fileReads)).toEqual({ bytesAtReject: [RECORDS.length + 4 * MEBIBYTE], lastStep: 4 })
})

test('so it is in a stream', async () => {
  async function* chunks() {
    yield Buffer.from(FINISHED.slice(0, RECORDS.length))
    yield Buffer.from(FINISHED.slice(RECORDS.length, MEBIBYTE))
    yield Buffer.from(FINISHED.slice(MEBIBYTE))
  }
  expect(await replayed('-', streamReads(chunks()))).toEqual({ bytesAtReject: [MEBIBYTE], lastStep: 4 })
})
