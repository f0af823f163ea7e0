import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkConfig } from '../../src/config/read-config.ts'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { runDaemon } from '../../src/daemon/daemon.ts'
import type { DaemonStore } from '../../src/daemon/daemon-store.ts'
import type { DaemonEvent } from '../../src/daemon/event.ts'
import { memoryFactory } from '../../src/store/memory/memory-factory.ts'
import { StoreError } from '../../src/store/store-error.ts'
import type { OpenedStore } from '../../src/store/store-factory.ts'
import { tempFolder } from '../temp-folder.ts'

let root: string
let events: DaemonEvent[]

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'runs')
  events = []
  await mkdir(join(root, 'job'), { recursive: true })
  await writeFile(join(root, 'job', 'train.jsonl'), '{"step": 0, "loss": 1}\n{"step": 1, "loss": 2}\n')
})

/** A store in memory, whose ways of being opened and cared for a test may change. */
function storeInMemory(changed: (opened: OpenedStore, isDamaged: boolean) => OpenedStore, place: string | null = null) {
  const memory = memoryFactory()
  const store: DaemonStore = {
    ...memory,
    openWriter: async (found) => changed(await memory.openWriter(found), found?.isDamaged ?? false),
    name: 'memory',
    folder: root,
    placeProblem: async () => place,
  }
  return store
}

function watching(database: DaemonStore): { readonly ended: Promise<void>; stop(): void } {
  const stop = new AbortController()
  const config = checkConfig({ port: 0, sweepMs: 50 }, 'test')
  const options = { config, roots: [root], database, version: '0', dashboard: root }
  const ended = runDaemon({ ...options, onEvent: (event) => events.push(event) }, stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await ended.catch(() => undefined)
  })
  return { ended, stop: () => stop.abort() }
}

function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 })
}

function errors(): readonly (readonly [where: string, reason: string])[] {
  return events.flatMap((event) => (event.type === 'error' ? [[event.where, event.reason] as const] : []))
}

describe('a daemon on a store that is no file', () => {
  test('reads, serves, and finds when it is started again what it had', async () => {
    const database = storeInMemory((opened) => opened)
    const { ended, stop } = watching(database)
    await eventually(() => expect(events).toMatchObject([{ type: 'ready', database: 'memory' }]))
    const [ready] = events
    const url = ready?.type === 'ready' ? ready.url : ''
    const samplesOf = async () => {
      const answer = await fetch(`${url}/api/runs`)
      return ((await answer.json()) as { runs: { run: string; samples: number }[] }).runs.map(({ samples }) => samples)
    }
    await eventually(async () => expect(await samplesOf()).toEqual([2]))
    stop()
    await ended

    watching(database)
    await eventually(() => expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2))
    const reader = await database.openReader()
    expect(await reader.series()).toMatchObject([{ run: 'job', samples: 2 }])
    expect(errors()).toEqual([])
  })

  test('tells what it finds while there is no room for it, once, and also what comes to explain it', async () => {
    const log = join(root, 'job', 'train.jsonl')
    const predictions = join(root, 'job', 'predictions.jsonl')
    await writeFile(predictions, '')
    let isFull = false
    const database = storeInMemory(({ store, care }) => {
      const noRoom = () => Promise.reject(new StoreError('make room'))
      return { care, store: { ...store, commit: (commit) => (isFull ? noRoom() : store.commit(commit)) } }
    })
    watching(database)
    await eventually(() => expect(events).toMatchObject([{ type: 'ready' }]))
    const reader = await database.openReader()
    await eventually(async () => expect(await reader.runs()).toMatchObject([{ samples: 2 }]))
    const told = () =>
      events.flatMap((event) => (event.type === 'alert' ? [`${event.alert.state} ${event.alert.cause?.code}`] : []))

    isFull = true
    await appendFile(log, '{"step": 2, "loss": Infinity}\n')
    await eventually(() => expect(told()).toEqual(['firing C29-nan-loss']))
    await appendFile(predictions, '{"step": 2, "probs": [[1.0, 0.0]], "labels": [1]}\n')
    await eventually(() => expect(told()).toContain('firing R1-log-zero'))
    const toldWithoutRoom = told()
    expect(new Set(toldWithoutRoom).size).toBe(toldWithoutRoom.length)
    isFull = false
    await eventually(async () => expect(await reader.alerts({})).toMatchObject([{ cause: { code: 'R1-log-zero' } }]))
    // Another commit shows that the one before was told of.
    await appendFile(log, '{"step": 3, "loss": 2}\n')
    await eventually(async () => expect(await reader.runs()).toMatchObject([{ lastStep: 3 }]))
    expect(told()).toEqual(toldWithoutRoom)
  })

  test('says what is wrong with its place', async () => {
    watching(storeInMemory((opened) => opened, 'it is in a house of cards'))
    await eventually(() => expect(errors()).toEqual([['place of memory', 'it is in a house of cards']]))
  })
})

describe('a store that turns out to hold something else than what was written', () => {
  const damage = () => Promise.reject(new StoreError('not what was written', { isDamage: true }))

  test('is opened as damaged, and what was done about it is told', async () => {
    const openings: boolean[] = []
    watching(
      storeInMemory(({ store, care }, isDamaged) => {
        openings.push(isDamaged)
        return {
          store,
          care: isDamaged ? { ...care, repaired: 'an older one took its place' } : { ...care, upkeep: damage },
        }
      }),
    )
    await eventually(() => expect(events.filter(({ type }) => type === 'ready').length).toBeGreaterThanOrEqual(1))
    await eventually(() =>
      expect(errors()).toEqual([
        ['upkeep of the database', 'not what was written'],
        ['memory', 'an older one took its place'],
      ]),
    )
    expect(openings).toEqual([false, true])
  })

  test('by a commit that fails, too', async () => {
    const openings: boolean[] = []
    watching(
      storeInMemory(({ store, care }, isDamaged) => {
        openings.push(isDamaged)
        const hasSamples = ({ files }: Commit) => files.some(({ samples }) => samples.length > 0)
        const commit = (given: Commit) => (hasSamples(given) ? damage() : store.commit(given))
        return { care, store: isDamaged ? store : { ...store, commit } }
      }),
    )
    await eventually(() => expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2))
    expect(openings).toEqual([false, true])
    expect(errors()).toEqual([['memory', 'not what was written']])
  })

  test('is left to people where three repairs within an hour have not helped', async () => {
    const openings: boolean[] = []
    const { ended } = watching(
      storeInMemory(({ store, care }, isDamaged) => {
        openings.push(isDamaged)
        return { store, care: { ...care, upkeep: damage } }
      }),
    )
    await expect(ended).rejects.toThrow('not what was written')
    expect(openings).toEqual([false, true, true, true])
    expect(events.some(({ type }) => type === 'stopped')).toBe(false)
  })

  test('is repaired again where the times before are longer ago than an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    let openings = 0
    const { ended, stop } = watching(
      storeInMemory(({ store, care }) => {
        vi.setSystemTime(Date.now() + 1_300_000)
        return { store, care: ++openings > 6 ? care : { ...care, upkeep: damage } }
      }),
    )
    await eventually(() => expect(events.filter(({ type }) => type === 'ready')).toHaveLength(7))
    stop()
    await ended
    expect(openings).toBe(7)
  })

  test('is no store that is merely short of room', async () => {
    const openings: boolean[] = []
    const { ended, stop } = watching(
      storeInMemory(({ store, care }, isDamaged) => {
        openings.push(isDamaged)
        return { store, care: { ...care, upkeep: () => Promise.reject(new StoreError('make room')) } }
      }),
    )
    await eventually(() => expect(events.some(({ type }) => type === 'ready')).toBe(true))
    await eventually(() => expect(errors()).toEqual([['upkeep of the database', 'make room']]))
    stop()
    await ended
    expect(openings).toEqual([false])
  })
})
