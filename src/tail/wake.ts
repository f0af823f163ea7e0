import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { type FSWatcher as FolderWatcher, watch as watchFolders } from 'chokidar'

/**
 * Tells that something may have changed. A hint and never the truth: events
 * are merged, dropped when the kernel's queue overflows, and do not exist on
 * network file systems. The sweep finds what they miss.
 */
export interface Wake {
  /** The paths named by events since the last call; clears them. */
  takeDirty(): ReadonlySet<string>
  /** True once after a folder came or went: it is time to scan. */
  takeFoldersChanged(): boolean
  /** Resolves at the next event, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * Watches the folders below `roots`.
 *
 * chokidar finds folders that come and go. It throttles `change` and drops the
 * last one of a burst, which is the line that matters most, so the events of
 * the files are taken from one `fs.watch` per folder.
 */
export function wakeOnEvents(roots: readonly string[], onProblem: (path: string, reason: string) => void): Wake {
  const dirty = new Set<string>()
  const watchers = new Map<string, FSWatcher>()
  let foldersChanged = false
  let awaken: () => void = () => undefined

  const hint = (path: string) => {
    dirty.add(path)
    awaken()
  }
  const follow = (folder: string) => {
    if (watchers.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        if (name === null) return
        if (event === 'rename') foldersChanged = true
        hint(join(folder, name))
      })
      watcher.on('error', (error) => {
        onProblem(folder, `no events from this folder any more, it is swept instead: ${error.message}`)
        unfollow(folder)
      })
      watchers.set(folder, watcher)
    } catch (error) {
      onProblem(
        folder,
        `no events from this folder, it is swept instead: ${error instanceof Error ? error.message : error}`,
      )
    }
    foldersChanged = true
    awaken()
  }
  const unfollow = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  const folders: FolderWatcher = watchFolders([...roots], {
    ignored: (path, stats) => (stats?.isFile() ?? false) || /(^|[\\/])(\.[^\\/]+|node_modules|__pycache__)$/.test(path),
    followSymlinks: false,
    atomic: false,
    depth: 12,
  })
  folders.on('addDir', follow)
  folders.on('unlinkDir', (folder) => {
    unfollow(folder)
    foldersChanged = true
  })
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
