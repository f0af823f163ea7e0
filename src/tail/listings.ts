import { join } from 'node:path'
import type { FoundFile } from '../core/runs/naming.ts'
import { type Disk, LOCAL_DISK } from './disk.ts'
import { StatCache } from './stat-cache.ts'

/** What a folder below a root holds. */
export interface FolderEntry {
  readonly file: FoundFile
  readonly kind: 'file' | 'folder' | 'link'
}

/** Remembers what the folders below one root held, so that one that has not changed since is not listed again. */
export class Listings {
  readonly #listings = new Map<string, { readonly stat: StatCache; readonly entries: readonly FolderEntry[] }>()
  readonly #disk: Disk

  constructor(disk: Disk = LOCAL_DISK) {
    this.#disk = disk
  }

  /**
   * What is wanted of what the folder holds, in the order of the names. `below`
   * is its path below the root, with a slash at its end. Throws what the file system throws.
   */
  async list(
    folder: string,
    below: string,
    isWanted: (entry: FolderEntry) => boolean,
  ): Promise<readonly FolderEntry[]> {
    const nowMs = performance.now()
    const known = this.#listings.get(folder)
    const stat = known?.stat ?? new StatCache()
    if (stat.isUnchanged(await this.#disk.statIfThere(folder), nowMs, Date.now()) && known !== undefined)
      return known.entries
    this.#listings.delete(folder)
    const entries = (await this.#listed(folder, below)).filter(isWanted)
    stat.markRead(nowMs)
    this.#listings.set(folder, { stat, entries })
    return entries
  }

  async #listed(folder: string, below: string): Promise<readonly FolderEntry[]> {
    const entries: FolderEntry[] = []
    for (const entry of await this.#disk.readdir(folder, { withFileTypes: true })) {
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : null
      if (kind !== null) entries.push({ file: { path: join(folder, entry.name), below: below + entry.name }, kind })
    }
    return entries.sort((a, b) => (a.file.path < b.file.path ? -1 : 1))
  }
}
