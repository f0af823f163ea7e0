import { existsSync, type FSWatcher, realpathSync, watch } from 'node:fs'
import { basename, join } from 'node:path'
import { type FSWatcher as FolderWatcher, watch as watchFolders } from 'chokidar'
import { DEEPEST, isPassedOver } from './scan.ts'

/**
 * Tells that something may have changed. A hint and never the truth: events
 * are merged, dropped when the kernel's queue overflows, and do not exist on
 * network file systems. The sweep finds what they miss.
 */
export interface Wake {
  /** The paths named by events since the last call; clears them. */
  takeDirty(): ReadonlySet<string>
  /** True once after something came or went: it is time to scan. */
  takeFoldersChanged(): boolean
  /** Takes events from these folders and no others: what a scan has found. */
  follow(folders: readonly string[]): void
  /** Resolves at the next event, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * Watches the folders below `roots`.
 *
 * chokidar finds folders that come and go, though not those that are made while
 * it looks: each scan tells the rest. It throttles `change` and drops the last
 * one of a burst, which is the line that matters most, so the events of the
 * files are taken from one `fs.watch` per folder.
 */
export function wakeOnEvents(roots: readonly string[], onProblem: (path: string, reason: string) => void): Wake {
  const dirty = new Set<string>()
  const watchers = new Map<string, FSWatcher>()
  let foldersChanged = false
  let awaken: () => void = () => undefined

  const scanSoon = () => {
    foldersChanged = true
    awaken()
  }
  const onEvent = (folder: string, event: string, name: string | null) => {
    // A watch that names its own folder has come to its end: the folder was deleted or moved.
    if (event === 'rename' && name === basename(folder)) unfollow(folder)
    if (event === 'rename') scanSoon()
    if (name !== null) dirty.add(join(folder, name))
    awaken()
  }
  const follow = (folder: string) => {
    if (watchers.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => onEvent(folder, event, name))
      watcher.on('error', (error) => {
        onProblem(folder, `no events from this folder any more, it is swept instead: ${error.message}`)
        unfollow(folder)
      })
      watchers.set(folder, watcher)
      // What came before there was a watch is found by a scan.
      scanSoon()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      onProblem(folder, `no events from this folder, it is swept instead: ${reason}`)
    }
  }
  const unfollow = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  // chokidar does not look behind a link.
  const realRoots = roots.filter((root) => existsSync(root)).map((root) => realpathSync(root))
  const folders: FolderWatcher = watchFolders(realRoots, {
    ignored: (path, stats) =>
      (stats !== undefined && !stats.isDirectory()) || (!realRoots.includes(path) && isPassedOver(basename(path))),
    followSymlinks: false,
    atomic: false,
    depth: DEEPEST,
  })
  folders.on('addDir', scanSoon)
  folders.on('unlinkDir', scanSoon)
  folders.on('error', (error) => onProblem(roots.join(', '), error instanceof Error ? error.message : String(error)))

  return {
    takeDirty() {
      const taken = new Set(dirty)
      dirty.clear()
      return taken
    },
    takeFoldersChanged() {
      const changed = foldersChanged
      foldersChanged = false
      return changed
    },
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
