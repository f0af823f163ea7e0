import { readdir, realpath, stat } from 'node:fs/promises'
import { type OpenForReading, openLocal, openRemote } from './open-file.ts'
import { glanceLocal, glanceRemote, type Seen } from './stat-cache.ts'

/** What is asked of the file system, in one place: a test can let any of it fail, or behave as a remote one does. */
export interface Disk {
  readonly open: OpenForReading
  readonly stat: typeof stat
  readonly readdir: typeof readdir
  readonly realpath: typeof realpath
  /** What a path names now, or null where there is nothing or it cannot be asked. */
  readonly glance: (path: string) => Seen | null | Promise<Seen | null>
}

/** A disk of this machine: what is read of it is there at once. */
export const LOCAL_DISK: Disk = { open: openLocal, stat, readdir, realpath, glance: glanceLocal }

/** A disk that may be on another machine: whoever asks it may have to wait. */
export const REMOTE_DISK: Disk = { open: openRemote, stat, readdir, realpath, glance: glanceRemote }
