import type { FileRead } from '../core/pipeline/read.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import { kindOfPath } from '../core/runs/followed-path.ts'
import { DatabaseFollower, databaseEnd } from './database-follower.ts'
import type { Disk } from './disk.ts'
import { DumpFollower, dumpEnd } from './dump-follower.ts'
import { FileFollower, type FollowerOptions } from './follower.ts'

/** Reads what a path stands for on from its cursor. */
export interface PathFollower {
  readonly path: string
  /** Whether it holds a file open. */
  readonly isOpen: boolean
  /** What is new, or null; see `FileFollower`. Throws what the file system throws. */
  read(cursor: Cursor | null, capBytes: number, writerHasLeft?: boolean, isOfWords?: boolean): Promise<FileRead | null>
  close(): Promise<void>
}

export function followPath(path: string, options: FollowerOptions = {}): PathFollower {
  switch (kindOfPath(path)) {
    case 'file':
      return new FileFollower(path, options)
    case 'dump':
      return new DumpFollower(path, options)
    case 'database-run':
      return new DatabaseFollower(path)
  }
}

/** How far what a path stands for has been written: up to which number of file, or row. */
export function pathEnd(path: string, disk: Disk): number | Promise<number> {
  return kindOfPath(path) === 'dump' ? dumpEnd(path, { disk }) : databaseEnd(path)
}
