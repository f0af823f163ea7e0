import { statSync } from 'node:fs'
import { openRemote } from './open-file.ts'

/** What the file system says of the file that a path names, without its content. */
export interface FileStat {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** Clocks of file systems tick: twice within so long, a file may change and look the same. FAT ticks slowest. */
const TICK_MS = 2500
/** What changes a file without a trace in its times, such as a map of it in memory, is found after so long. */
const PROOF_MS = 5 * 60_000

/**
 * Remembers the status of a file, so that one that has not changed need not be read.
 *
 * A hint, like an event: a file counts as unchanged only once it was read to
 * its end a whole tick after its status had become what it is; and every five
 * minutes it is read all the same.
 */
export class StatCache {
  #ino = -1
  #size = -1
  #mtimeMs = -1
  #ctimeMs = -1
  #sinceMs = 0
  #provenMs = Number.NEGATIVE_INFINITY

  /**
   * Whether the file is what it was when it was read to its end. `nowMs` is of
   * a clock that never jumps. `wallMs` is what the clock of its file system
   * says, or null where that is another machine's. `stat` is null where there is no file.
   */
  isUnchanged(stat: FileStat | null, nowMs: number, wallMs: number | null): boolean {
    if (stat === null) {
      this.#ino = -1
      return false
    }
    const { ino, size, mtimeMs, ctimeMs } = stat
    if (ino === this.#ino && size === this.#size && mtimeMs === this.#mtimeMs && ctimeMs === this.#ctimeMs) {
      return this.#provenMs - this.#sinceMs >= TICK_MS && nowMs - this.#provenMs < PROOF_MS
    }
    this.#ino = ino
    this.#size = size
    this.#mtimeMs = mtimeMs
    this.#ctimeMs = ctimeMs
    // A clock that was set back makes a change look as if it were still to come.
    this.#sinceMs = nowMs - Math.max(0, (wallMs ?? ctimeMs) - ctimeMs)
    this.#provenMs = Number.NEGATIVE_INFINITY
    return false
  }

  /** To be called once the file was read to its end, with the time before that. */
  markRead(nowMs: number): void {
    this.#provenMs = nowMs
  }

  /** What was read last was lost: the file is to be read again. */
  forget(): void {
    this.#ino = -1
  }
}

/** What a path names on this machine, or null where there is nothing or it cannot be asked. */
export function statLocal(path: string): FileStat | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    // Reported by the read that follows.
    return null
  }
}

/** The same by opening it, which is when a network file system asks the other machine. */
export async function statRemote(path: string): Promise<FileStat | null> {
  try {
    const file = await openRemote(path)
    try {
      return await file.stat()
    } finally {
      await file.close()
    }
  } catch {
    // Reported by the read that follows.
    return null
  }
}
