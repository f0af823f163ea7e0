import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'

/** An open file, as much of it as reading needs. A `FileHandle` is one. */
export interface OpenFile {
  stat(): Awaitable<Stats>
  stat(options: { readonly bigint: true }): Awaitable<BigIntStats>
  read(buffer: Uint8Array, at: number, length: number, offset: number): Awaitable<{ readonly bytesRead: number }>
  close(): Awaitable<void>
}

type Awaitable<T> = T | Promise<T>

/** Opens a file for reading; throws what the file system throws. */
export type OpenForReading = (path: string) => Awaitable<OpenFile>

/** A pipe that has taken the path of a log is not waited for. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * Opens a file of this machine. Each call returns when it is done: a short read
 * from the page cache takes microseconds, and a thread and a promise for each
 * take many times that.
 */
export function openLocal(path: string): OpenFile {
  return new LocalFile(openSync(path, READ_ONLY))
}

/** Opens a file that may be on another machine, which can keep one waiting: only this file waits. */
export function openRemote(path: string): Promise<OpenFile> {
  return open(path, READ_ONLY)
}

class LocalFile implements OpenFile {
  readonly #descriptor: number

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  stat(): Stats
  stat(options: { readonly bigint: true }): BigIntStats
  stat(options?: { readonly bigint: true }): Stats | BigIntStats {
    return options === undefined ? fstatSync(this.#descriptor) : fstatSync(this.#descriptor, options)
  }

  read(buffer: Uint8Array, at: number, length: number, offset: number): { readonly bytesRead: number } {
    return { bytesRead: readSync(this.#descriptor, buffer, at, length, offset) }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
