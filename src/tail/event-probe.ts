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
  | { readonly kind: 'heard' }
  /** They did not come, or named something else. */
  | { readonly kind: 'not-heard'; readonly reason: string }
  /** Nothing can be written there, so nothing is known. */
  | { readonly kind: 'not-writable' }

const PROBE_MS = 500
/** A watch may take a moment until it hears, so the probe is written to again. */
const REPEAT_MS = 20

/**
 * Creates, appends to and renames a hidden file in `folder`, and hears whether
 * events name it. The file is gone afterwards. Some mounts accept a watch and
 * never send an event: nothing else shows it before a line is missed.
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
    // Told to the caller as a value: a folder of logs need not be ours to write to.
    return { kind: 'not-writable' }
  }
  const heard = new Set<string>()
  let watcher: ReturnType<WatchFolder> | null = null
  try {
    watcher = watching(folder, (event, name) => heard.add(`${event} ${name}`))
    watcher.on('error', () => heard.clear())
    const deadline = performance.now() + patienceMs
    const hears = async (what: string, doing: () => Promise<void>) => {
      while (!heard.has(what) && performance.now() < deadline) {
        await doing()
        await new Promise((resolve) => setTimeout(resolve, Math.min(REPEAT_MS, deadline - performance.now())))
      }
      return heard.has(what)
    }
    if (!(await hears(`change ${basename(path)}`, () => appendFile(path, 'x')))) {
      return { kind: 'not-heard', reason: `no event told of a write to a file in ${folder}` }
    }
    await rename(path, renamed)
    if (!(await hears(`rename ${basename(renamed)}`, async () => undefined))) {
      return { kind: 'not-heard', reason: `no event told of a file renamed in ${folder}` }
    }
    return { kind: 'heard' }
  } catch (error) {
    return { kind: 'not-heard', reason: errorMessage(error) }
  } finally {
    watcher?.close()
    await rm(path, { force: true })
    await rm(renamed, { force: true })
  }
}
