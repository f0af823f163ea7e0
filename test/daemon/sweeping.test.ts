import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { SYSTEM_CLOCK } from '../../src/daemon/clocks.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { type FileEvents, watchFiles } from '../../src/tail/file-events.ts'
import { WatchModes } from '../../src/tail/watch-modes.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

const DAY_MS = 86_400_000
const SWEEP_MS = 600_000

/** Follows `names` below a root; `lines` says how many of each have been stored. */
async function following(names: readonly string[], fileEventsOf: (root: string) => FileEvents, clock = SYSTEM_CLOCK) {
  const folder = await tempFolder()
  const root = join(folder, 'runs')
  const paths = new Map(names.map((name) => [name, join(root, name, 'train.jsonl')]))
  const write = (name: string) => appendFileSync(paths.get(name)!, '{"step": 0, "loss": 1}\n')
  for (const name of names) {
    mkdirSync(join(root, name), { recursive: true })
    writeFileSync(paths.get(name)!, '')
    write(name)
  }
  const stored = new Map<string, number>(names.map((name) => [name, 0]))
  const store = sqliteStore(join(folder, 'nanwatch.db'))
  const fileEvents = fileEventsOf(root)
  const end = await follow({
    root,
    store,
    fileEvents,
    sweepMs: SWEEP_MS,
    clock,
    onCommit: ({ files }) => {
      for (const { file, samples } of files) stored.set(file.run, stored.get(file.run)! + samples.length)
    },
  })
  onTestFinished(async () => {
    await end()
    await store.close()
  })
  const eventually = (lines: Record<string, number>) =>
    vi.waitFor(() => expect(Object.fromEntries(stored)).toMatchObject(lines), { timeout: 20_000, interval: 5 })
  await eventually(Object.fromEntries(names.map((name) => [name, 1])))
  return { paths, write, eventually }
}

/** Events that a test emits by hand. */
class ManualFileEvents {
  readonly #dirty = new Set<string>()
  #resolveWait: () => void = () => undefined

  emit(path: string): void {
    this.#dirty.add(path)
    this.#resolveWait()
  }

  fileEvents(): FileEvents {
    const takeDirty = () => {
      const taken = new Set(this.#dirty)
      this.#dirty.clear()
      return taken
    }
    const wait = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        this.#resolveWait = resolve
        if (this.#dirty.size > 0 || signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve())
      })
    return { ...noFileEvents(), takeDirty, wait }
  }
}

for (const [name, jumpMs] of [['forward', DAY_MS] as const, ['back', -DAY_MS] as const]) {
  test(`a clock that is set ${name} by a day makes no file due, and keeps none waiting`, async () => {
    let jumpedMs = 0
    let passedMs = 0
    const clock = {
      wallMs: () => SYSTEM_CLOCK.wallMs() + jumpedMs,
      steadyMs: () => SYSTEM_CLOCK.steadyMs() + passedMs,
    }
    const events = new ManualFileEvents()
    const { paths, write, eventually } = await following(['told', 'untold'], () => events.fileEvents(), clock)
    jumpedMs = jumpMs
    write('untold')
    for (let lines = 2; lines < 5; lines++) {
      write('told')
      events.emit(paths.get('told')!)
      await eventually({ told: lines, untold: 1 })
    }
    passedMs = SWEEP_MS
    events.emit(paths.get('told')!)
    await eventually({ told: 4, untold: 2 })
  })
}

test('of more events than the kernel keeps, while the daemon is busy, those that it drops are made up for at once', async () => {
  const noisy = Array.from({ length: 50 }, (_, i) => `noisy-${i}`)
  const quiet = Array.from({ length: 200 }, (_, i) => `quiet-${i}`)
  const byEvents = (root: string) => {
    const modes = new WatchModes([{ root, mode: 'events', reason: 'a test' }])
    return watchFiles(modes, () => undefined)
  }
  const { write, eventually } = await following([...noisy, ...quiet], byEvents)
  // All this is one turn of the event loop: what comes after the 16,384th event is told to nobody.
  for (let i = 0; i < 400; i++) for (const name of noisy) write(name)
  for (const name of quiet) write(name)
  await eventually(Object.fromEntries([...noisy.map((name) => [name, 401]), ...quiet.map((name) => [name, 2])]))
}, 60_000)
