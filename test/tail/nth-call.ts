import { type Disk, LOCAL_DISK } from '../../src/tail/disk.ts'
import type { OpenFile } from '../../src/tail/open-file.ts'

/** What a call may be answered with: an error by its code, or fewer bytes than there are. */
export const FAULTS = ['EIO', 'ENOSPC', 'EACCES', 'ESTALE', 'EMFILE', 'ENOENT', 'short read', 'empty read'] as const
export type Fault = (typeof FAULTS)[number]

/** The real file system, of which one call fails: the `n`-th, counted from 1 over all that is asked of it. */
export class NthCallFails {
  calls = 0
  readonly #n: number
  readonly #fault: Fault

  constructor(n: number, fault: Fault) {
    this.#n = n
    this.#fault = fault
  }

  readonly disk: Disk = {
    open: (async (path: string) => {
      this.#count(path)
      return this.#handle(await LOCAL_DISK.open(path))
    }) as unknown as Disk['open'],
    stat: this.#guarded(LOCAL_DISK.stat),
    readdir: this.#guarded(LOCAL_DISK.readdir),
    realpath: this.#guarded(LOCAL_DISK.realpath),
    // Nothing is spared: each look asks for all that it needs.
    statIfThere: () => null,
  }

  #guarded<Call extends (...args: never[]) => unknown>(call: Call): Call {
    const guarded = async (...args: Parameters<Call>) => {
      this.#count(String(args[0]))
      return call(...args)
    }
    return guarded as unknown as Call
  }

  #handle(real: OpenFile): OpenFile {
    const handle = {
      stat: async (options: { bigint: true }) => {
        this.#count('an open file')
        return real.stat(options)
      },
      read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
        const isHit = this.#count('an open file')
        if (!isHit) return real.read(buffer, offset, length, position)
        return this.#fault === 'empty read'
          ? { bytesRead: 0, buffer }
          : real.read(buffer, offset, Math.max(1, Math.floor(length / 2)), position)
      },
      close: async () => {
        await real.close()
        this.#count('an open file')
      },
    }
    return handle as unknown as OpenFile
  }

  /** Counts a call, and throws where it is the one to fail. Answers whether it is to be answered short. */
  #count(what: string): boolean {
    if (++this.calls !== this.#n) return false
    if (this.#fault === 'short read' || this.#fault === 'empty read') return true
    throw Object.assign(new Error(`${this.#fault}: ${what}`), { code: this.#fault })
  }
}
