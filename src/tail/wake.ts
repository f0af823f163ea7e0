import { existsSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type FSWatcher as FolderWatcher, watch as watchFolders } from 'chokidar'
import { errorMessage } from '../protocol/error-message.ts'
import { type WatchFolder, watchFolder } from './event-probe.ts'
import { isPassedOver } from './scan.ts'
import type { WatchModes } from './watch-modes.ts'

/**
 * Tells that something may have changed. A hint and never the truth: events
 * are merged, dropped when the kernel's queue overflows, and do not exist on
 * network file systems. The sweep finds what they miss.
 */
export interface Wake {
  /** The paths named by events since the last call; clears them. */
  takeDirty(): ReadonlySet<string>
  /** True once after so many events at a time that the kernel may have dropped others: any file may have changed. */
  takeFlood(): boolean
  /** True once after something came or went: it is time to scan. */
  takeFoldersChanged(): boolean
  /** Whether the sweep alone finds what is written to this path. */
  isPolled(path: string): boolean
  /** Takes events from these folders and no others: what a scan has found. */
  follow(folders: readonly string[]): void
  /** Resolves at the next event, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Linux keeps 16,384 events at most until they are taken, and does not tell Node of those that it drops. */
const FLOOD_EVENTS = 8192

const ROOT_POLL_MS = 1000

/** The kernel has no more watches, or we no more descriptors: another folder would fare no better. */
const EXHAUSTED = new Set(['ENOSPC', 'EMFILE', 'ENFILE'])

/**
 * Watches the folders below the roots that are not polled. A root for which
 * the watches run out is polled from then on.
 *
 * The events are those of one `fs.watch` per folder. chokidar throttles `change`
 * and drops the last one of a burst, which is the line that matters most; and for
 * each it lists the whole folder again. So it only sees to what comes and goes in
 * the roots, by polling their times: that is heard also where a watch has died.
 */
export function wakeOnEvents(
  modes: WatchModes,
  onProblem: (path: string, reason: string) => void,
  watching: WatchFolder = watchFolder,
): Wake {
  const dirty = new Set<string>()
  const watchers = new Map<string, ReturnType<WatchFolder>>()
  let foldersChanged = false
  let events = 0
  let isFlooded = false
  let awaken: () => void = () => undefined

  const scanSoon = () => {
    foldersChanged = true
    awaken()
  }
  const onEvent = (folder: string, event: string, name: string | null) => {
    events++
    // A watch that names its own folder has come to its end: the folder was deleted or moved.
    if (event === 'rename' && name === basename(folder)) unfollow(folder)
    if (event === 'rename') scanSoon()
    if (name !== null) dirty.add(join(folder, name))
    awaken()
  }
  const fallBack = (path: string, reason: string) => {
    const root = modes.fallBack(path, reason)
    if (root === null) return
    onProblem(root, `polled from now on, for it can no longer be watched: ${reason}`)
    for (const folder of [...watchers.keys()]) if (modes.isPolled(folder)) unfollow(folder)
    scanSoon()
  }
  const follow = (folder: string) => {
    if (watchers.has(folder) || modes.isPolled(folder)) return
    try {
      const watcher = watching(folder, (event, name) => onEvent(folder, event, name))
      watcher.on('error', (error: Error) => {
        unfollow(folder)
        if (isExhausted(error)) return fallBack(folder, error.message)
        onProblem(folder, `no events from this folder any more, it is swept instead: ${error.message}`)
      })
      watchers.set(folder, watcher)
      // What came before there was a watch is found by a scan.
      scanSoon()
    } catch (error) {
      const reason = errorMessage(error)
      if (isExhausted(error)) return fallBack(folder, reason)
      onProblem(folder, `no events from this folder, it is swept instead: ${reason}`)
    }
  }
  const unfollow = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  // chokidar does not look behind a link. What is deeper than the roots' own folders is found by the scan that it asks for.
  const roots = modes.list().filter(({ mode, root }) => mode === 'events' && existsSync(root))
  const realRoots = roots.map(({ root }) => realpathSync(root))
  const folders: FolderWatcher = watchFolders(realRoots, {
    ignored: (path, stats) =>
      (stats !== undefined && !stats.isDirectory()) || (!realRoots.includes(path) && isPassedOver(basename(path))),
    followSymlinks: false,
    atomic: false,
    depth: 0,
    usePolling: true,
    interval: ROOT_POLL_MS,
  })
  folders.on('addDir', scanSoon)
  folders.on('unlinkDir', scanSoon)
  folders.on('error', (error) => {
    const reason = errorMessage(error)
    for (const { root } of roots) {
      if (isExhausted(error)) fallBack(root, reason)
      else onProblem(root, reason)
    }
    if (isExhausted(error)) folders.unwatch(realRoots)
  })

  return {
    takeDirty() {
      const taken = new Set(dirty)
      dirty.clear()
      isFlooded ||= events >= FLOOD_EVENTS
      events = 0
      return taken
    },
    takeFlood() {
      const flooded = isFlooded
      isFlooded = false
      return flooded
    },
    takeFoldersChanged() {
      const changed = foldersChanged
      foldersChanged = false
      return changed
    },
    isPolled: (path) => modes.isPolled(path),
    follow(found) {
      const wanted = new Set(found)
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) unfollow(folder)
      for (const folder of wanted) follow(folder)
    },
    wait(ms, signal) {
      if (dirty.size > 0 || foldersChanged || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          awaken = () => undefined
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done)
        awaken = done
      })
    },
    async close() {
      for (const folder of [...watchers.keys()]) unfollow(folder)
      await folders.close()
    },
  }
}

function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has((error as NodeJS.ErrnoException).code ?? '')
}
