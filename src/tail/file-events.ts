import { existsSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type FSWatcher as FolderWatcher, watch as watchFolders } from 'chokidar'
import { errorMessage } from '../protocol/error-message.ts'
import { type WatchFolder, watchFolder } from './event-probe.ts'
import { isPassedOver } from './scan.ts'
import type { WatchModes } from './watch-modes.ts'

/**
 * Events that say which files may have changed.
 *
 * They are hints and never the truth: events are merged, dropped when the
 * kernel's queue overflows, and do not exist on network file systems. The sweep
 * finds what they miss.
 */
export interface FileEvents {
  /** Returns the paths named by events since the last call, and forgets them. */
  takeDirty(): ReadonlySet<string>
  /** True once after too many events at a time: the kernel may have dropped others, so any file may have changed. */
  takeFlood(): boolean
  /** True once after a file or folder came or went: it is time to scan. */
  takeFoldersChanged(): boolean
  /** Whether there are no events for this path, so that only the sweep finds what is written to it. */
  isPolled(path: string): boolean
  /** Watches these folders, which a scan has found, and no others. */
  follow(folders: readonly string[]): void
  /** Resolves at the next event, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** The events of real folders. */
export interface WatchedFolders extends FileEvents {
  /** As if a folder had come: for what is known of one from elsewhere. */
  scanSoon(): void
}

/** Half of what Linux keeps until it is taken, 16,384 events. Node does not learn which of them Linux drops. */
const FLOOD_EVENTS = 8192

const ROOT_POLL_MS = 1000

/** The errors after which no other folder can be watched either: no watches are left, or no file descriptors. */
const EXHAUSTED = new Set(['ENOSPC', 'EMFILE', 'ENFILE'])

/**
 * Watches the folders below the roots that are not polled. A root for which
 * the watches run out is polled from then on.
 *
 * The events come from one `fs.watch` per folder. chokidar throttles `change`
 * and drops the last one of a burst, which is the line that matters most, and it
 * lists the whole folder again for each. So chokidar only watches what comes and
 * goes in the roots themselves. It polls their times, which works even where a
 * watch has died.
 */
export function watchFiles(
  modes: WatchModes,
  onProblem: (path: string, reason: string) => void,
  watching: WatchFolder = watchFolder,
): WatchedFolders {
  const dirty = new Set<string>()
  const watchers = new Map<string, ReturnType<WatchFolder>>()
  let foldersChanged = false
  let events = 0
  let isFlooded = false
  let wakeWaiter: () => void = () => undefined

  const scanSoon = () => {
    foldersChanged = true
    wakeWaiter()
  }
  const onEvent = (folder: string, event: string, name: string | null) => {
    events++
    // An event that names the watched folder itself ends the watch: the folder was deleted or moved.
    if (event === 'rename' && name === basename(folder)) unfollow(folder)
    if (event === 'rename') scanSoon()
    if (name !== null) dirty.add(join(folder, name))
    wakeWaiter()
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

  // chokidar does not follow links, so it gets real paths. It only sees folders right below the roots; the scan that
  // follows finds those that lie deeper.
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
    scanSoon,
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
          wakeWaiter = () => undefined
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done)
        wakeWaiter = done
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
