import { open, readdir, realpath, stat } from 'node:fs/promises'

/** What is asked of the file system, in one place: a test can let any of it fail, or behave as a remote one does. */
export interface Disk {
  readonly open: typeof open
  readonly stat: typeof stat
  readonly readdir: typeof readdir
  readonly realpath: typeof realpath
}

export const realDisk: Disk = { open, stat, readdir, realpath }
