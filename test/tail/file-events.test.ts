import { appendFile, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type FileEvents, watchFiles } from '../../src/tail/file-events.ts'
import { scan } from '../../src/tail/scan.ts'
import { WatchModes } from '../../src/tail/watch-modes.ts'
import { tempFolder } from '../temp-folder.ts'

const DEADLINE_MS = 5000

let root: string
let problems: string[]

beforeEach(async () => {
  root = join(await tempFolder(), 'runs')
  problems = []
  await mkdir(root)
  await writeFile(join(root, 'train.log'), '')
})

function byEvents(...roots: readonly string[]): WatchModes {
  return new WatchModes(roots.map((path) => ({ root: path, mode: 'events', reason: 'a test' })))
}

async function watching(given: string): Promise<Ears> {
  const fileEvents = watchFiles(byEvents(given), (path, reason) => problems.push(`${path}: ${reason}`))
  onTestFinished(() => fileEvents.close())
  fileEvents.follow((await scan(given, [])).folders)
  return new Ears(fileEvents, given)
}

/** Listens as the daemon does: takes what there is, scans when it is time to, and waits for the next event. */
class Ears {
  readonly #fileEvents: FileEvents
  readonly #root: string
  readonly #heard = new Set<string>()
  #scans = 0

  constructor(fileEvents: FileEvents, given: string) {
    this.#fileEvents = fileEvents
    this.#root = given
  }

  get heard(): string[] {
    return [...this.#heard]
  }

  /** Resolves once an event has named `path`; `doing` is repeated until then, for a watch takes a moment to be set up. */
  hears(path: string, doing: () => Promise<void>): Promise<void> {
    return this.#until(`hear of ${path}`, () => this.#heard.has(path), doing)
  }

  /** Resolves once a look at the file, taken after an event that names it, has found so many bytes. */
  leadTo(path: string, bytes: number): Promise<void> {
    let seen = 0
    const look = async () => {
      if (this.#heard.delete(path)) seen = (await stat(path)).size
      return seen === bytes
    }
    return this.#until(`lead to byte ${bytes} of ${path}, but to ${seen}`, look, async () => undefined)
  }

  wantsScan(doing: () => Promise<void>): Promise<void> {
    this.#scans = 0
    return this.#until('ask for a scan', () => this.#scans > 0, doing)
  }

  /** What is left of earlier events is taken and forgotten. */
  async silence(): Promise<void> {
    do await this.#fileEvents.wait(100, AbortSignal.timeout(DEADLINE_MS))
    while (await this.#take())
    this.#heard.clear()
  }

  async #until(what: string, isTrue: () => boolean | Promise<boolean>, doing: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS
    await this.#take()
    await doing()
    while (!(await isTrue())) {
      if (Date.now() > deadline) throw new Error(`did not ${what} within ${DEADLINE_MS} ms; problems: ${problems}`)
      await this.#fileEvents.wait(200, AbortSignal.timeout(DEADLINE_MS))
      if (!(await this.#take())) await doing()
    }
  }

  async #take(): Promise<boolean> {
    const dirty = this.#fileEvents.takeDirty()
    const isTimeToScan = this.#fileEvents.takeFoldersChanged()
    for (const path of dirty) this.#heard.add(path)
    if (isTimeToScan) {
      this.#scans++
      this.#fileEvents.follow((await scan(this.#root, [])).folders)
    }
    return isTimeToScan || dirty.size > 0
  }
}

describe('events', () => {
  test('tell of a line that is appended', async () => {
    const ears = await watching(root)
    await ears.hears(join(root, 'train.log'), () => appendFile(join(root, 'train.log'), 'a\n'))
  })

  test('alone lead to the last line of every burst', async () => {
    const path = join(root, 'train.log')
    const ears = await watching(root)
    let bytes = 0
    for (let burst = 0; burst < 50; burst++) {
      for (let i = 0; i < 5; i++) await appendFile(path, 'a\n')
      bytes += 10
      await ears.leadTo(path, bytes)
    }
  })

  test('ask for a scan when a file appears, and when a folder comes or goes', async () => {
    const ears = await watching(root)
    await ears.hears(join(root, 'train.log'), () => appendFile(join(root, 'train.log'), 'a\n'))
    let n = 0
    await ears.silence()
    await ears.wantsScan(() => writeFile(join(root, `new-${n++}.log`), ''))
    await ears.silence()
    await ears.wantsScan(async () => void (await mkdir(join(root, `folder-${n++}`))))
    await ears.silence()
    await ears.wantsScan(() => rm(join(root, `folder-${--n}`), { recursive: true, force: true }))
  })

  test('tell of a file in a folder that is new', async () => {
    const ears = await watching(root)
    const folder = join(root, 'new', 'deep')
    await mkdir(folder, { recursive: true })
    await ears.hears(join(folder, 'train.log'), () => appendFile(join(folder, 'train.log'), 'a\n'))
  })

  test('tell of a file in a folder that was deleted and made again', async () => {
    const ears = await watching(root)
    const folder = join(root, 'job')
    for (let i = 0; i < 2; i++) {
      await mkdir(folder)
      await ears.hears(join(folder, `${i}.log`), () => appendFile(join(folder, `${i}.log`), 'a\n'))
      await ears.silence()
      await ears.wantsScan(() => rm(folder, { recursive: true, force: true }))
      await ears.silence()
    }
  })

  test('tell of a rotation', async () => {
    const ears = await watching(root)
    const path = join(root, 'train.log')
    await ears.hears(path, () => appendFile(path, 'a\n'))
    await ears.silence()
    await rename(path, join(root, 'train.log.1'))
    await ears.wantsScan(() => writeFile(path, 'b\n'))
  })

  const roots = [
    { name: 'a file', make: async () => join(root, 'train.log'), log: (path: string) => path },
    {
      name: 'a hidden folder',
      make: async () => {
        await mkdir(join(root, '.hidden'))
        return join(root, '.hidden')
      },
      log: (path: string) => join(path, 'train.log'),
    },
    {
      name: 'a link to a folder',
      make: async () => {
        await symlink(root, `${root}-link`)
        return `${root}-link`
      },
      log: (path: string) => join(path, 'train.log'),
    },
    {
      name: 'a folder below a link',
      make: async () => {
        await mkdir(join(root, 'deep'))
        await symlink(root, `${root}-link`)
        return `${root}-link`
      },
      log: (path: string) => join(path, 'deep', 'train.log'),
    },
  ]
  for (const { name, make, log } of roots) {
    test(`come from a root that is ${name}, under the name that was given`, async () => {
      const given = await make()
      const ears = await watching(given)
      await ears.hears(log(given), () => appendFile(log(given), 'a\n'))
      expect(problems).toEqual([])
    })
  }

  test('do not come from folders that are passed over', async () => {
    await mkdir(join(root, '.git'))
    const ears = await watching(root)
    await appendFile(join(root, 'train.log'), 'a\n')
    await ears.leadTo(join(root, 'train.log'), 2)
    await appendFile(join(root, '.git', 'index.log'), 'a\n')
    await appendFile(join(root, 'train.log'), 'a\n')
    await ears.leadTo(join(root, 'train.log'), 4)
    expect(ears.heard).toEqual([])
  })

  test('come again from a folder that could not be watched before', async () => {
    const fileEvents = watchFiles(byEvents(root), (path, reason) => problems.push(`${path}: ${reason}`))
    onTestFinished(() => fileEvents.close())
    const folder = join(root, 'job')
    fileEvents.follow([folder])
    expect(problems).toMatchObject([expect.stringContaining('no events from this folder, it is swept instead: ENOENT')])
    await mkdir(folder)
    const ears = new Ears(fileEvents, root)
    await ears.hears(join(folder, 'train.log'), () => appendFile(join(folder, 'train.log'), 'a\n'))
  })
})

describe('when watches run out', () => {
  const cases = [
    { name: 'at the first folder', code: 'ENOSPC', from: 1 },
    { name: 'at a later folder', code: 'EMFILE', from: 2 },
  ]
  for (const { name, code, from } of cases) {
    test(`${name}, the root is polled, its other watches are given back, and it is told once`, async () => {
      const modes = byEvents(root, `${root}-other`)
      const open = new Set<string>()
      let asked = 0
      const fileEvents = watchFiles(
        modes,
        (path, reason) => problems.push(`${path}: ${reason}`),
        (folder) => {
          if (folder.startsWith(`${root}/`) && ++asked >= from) throw Object.assign(new Error(code), { code })
          open.add(folder)
          return { close: () => void open.delete(folder), on: () => undefined as never }
        },
      )
      onTestFinished(() => fileEvents.close())
      const folders = [root, join(root, 'a'), join(root, 'b'), join(root, 'c'), `${root}-other`]
      fileEvents.follow(folders)
      fileEvents.follow(folders)
      expect([...open]).toEqual([`${root}-other`])
      expect(problems).toEqual([`${root}: polled from now on, for it can no longer be watched: ${code}`])
      expect(modes.list()).toMatchObject([{ mode: 'polling', reason: code }, { mode: 'events' }])
      expect([fileEvents.isPolled(join(root, 'a', 'train.log')), fileEvents.isPolled(`${root}-other`)]).toEqual([
        true,
        false,
      ])
      expect(fileEvents.takeFoldersChanged(), 'what came before is found by a scan').toBe(true)
    })
  }
})

describe('waiting', () => {
  test('ends at the abort of its signal', async () => {
    const fileEvents = watchFiles(byEvents(root), () => undefined)
    onTestFinished(() => fileEvents.close())
    const stop = new AbortController()
    const waiting = fileEvents.wait(60_000, stop.signal)
    stop.abort()
    await waiting
    await fileEvents.wait(60_000, stop.signal)
  })

  test('ends after its time', async () => {
    const fileEvents = watchFiles(byEvents(), () => undefined)
    onTestFinished(() => fileEvents.close())
    await fileEvents.wait(1, AbortSignal.timeout(DEADLINE_MS))
  })
})
