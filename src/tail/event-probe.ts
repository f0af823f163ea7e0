import { randomBytes } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { appendFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { errorMessage } from '../protocol/error-message.ts'

/** Watches one folder: `fs.watch`, or what a test puts in its place. */
export type WatchFolder = (
  folder: string,
  onEvent: (event: string, name: string | null) => void,
) => Pick<FSWatcher, 'close' | 'on'>

export const watchFolder: WatchFolder = (folder, onEvent) => watch(folder, { persistent: false }, onEvent)

/** What a file written for the purpose showed about the events of a folder. */
export type Probe =
  | { readonly kind: 'seen' }
  /** No events came, or they named something else. */
  | { readonly kind: 'not-seen'; readonly reason: string }
  /** Nothing can be written in the folder, so nothing is known. */
  | { readonly kind: 'not-writable' }

const PROBE_MS = 500
/** The first events may be missed until a watch is at work, so the probe is written to again and again. */
const REPEAT_MS = 20

/**
 * Creates, appends to and renames a hidden file in `folder`, and sees whether
 * events name it. The file is removed afterwards. Some mounts accept a watch and
 * never send an event, which nothing else shows before a line is missed.
 */
export async function probeEvents(
  folder: string,
  watching: WatchFolder = watchFolder,
  patienceMs = PROBE_MS,
): Promise<Probe> {
  const path = join(folder, `.nanwatch-probe-${process.pid}-${randomBytes(4).toString('hex')}`)
  const renamed = `${path}-renamed`
  try {
    await writeFile(path, '')
  } catch {
    // No error: nanwatch may not be allowed to write into a folder of logs.
    return { kind: 'not-writable' }
  }
  const seen = new Set<string>()
  let watcher: ReturnType<WatchFolder> | null = null
  try {
    watcher = watching(folder, (event, name) => seen.add(`${event} ${name}`))
    watcher.on('error', () => seen.clear())
    const deadline = performance.now() + patienceMs
    const isSeen = async (what: string, doing: () => Promise<void>) => {
      while (!seen.has(what) && performance.now() < deadline) {
        await doing()
        await new Promise((resolve) => setTimeout(resolve, Math.min(REPEAT_MS, deadline - performance.now())))
      }
      return seen.has(what)
    }
    if (!(await isSeen(`change ${basename(path)}`, () => appendFile(path, 'x')))) {
      return { kind: 'not-seen', reason: `no event told of a write to a file in ${folder}` }
    }
    await rename(path, renamed)
    if (!(await isSeen(`rename ${basename(renamed)}`, async () => undefined))) {
      return { kind: 'not-seen', reason: `no event told of a file renamed in ${folder}` }
    }
    return { kind: 'seen' }
  } catch (error) {
    return { kind: 'not-seen', reason: errorMessage(error) }
  } finally {
    watcher?.close()
    await rm(path, { force: true })
    await rm(renamed, { force: true })
  }
}
