import { readdir, realpath, stat } from 'node:fs/promises'
import { type OpenForReading, openLocal, openRemote } from './open-file.ts'
import { type FileStat, statLocal, statRemote } from './stat-cache.ts'

/** What is asked of the file system, in one place: a test can let any of it fail, or behave as a remote one does. */
export interface Disk {
  readonly open: OpenForReading
  readonly stat: typeof stat
  readonly readdir: typeof readdir
  readonly realpath: typeof realpath
  /** What a path names now, or null where there is nothing or it cannot be asked. */
  readonly statIfThere: (path: string) => FileStat | null | Promise<FileStat | null>
}

/** A disk of this machine: what is read of it is there at once. */
export const LOCAL_DISK: Disk = { open: openLocal, stat, readdir, realpath, statIfThere: statLocal }

/** A disk that may be on another machine: whoever asks it may have to wait. */
export const REMOTE_DISK: Disk = { open: openRemote, stat, readdir, realpath, statIfThere: statRemote }
