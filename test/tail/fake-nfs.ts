import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Disk } from '../../src/tail/disk.ts'

interface Inode {
  number: bigint
  data: Buffer
  /** Each size that it had, and from when on. */
  readonly sizes: { readonly atMs: number; readonly bytes: number }[]
  /** Whether another machine deleted it, so that a handle to it is stale. */
  isStale: boolean
}

/** The longest that an old size, or an old name, is shown. */
const LONGEST_LAG_MS = 50_000

/**
 * A folder of a network file system in memory, as one client sees it, on a clock of its own.
 *
 * What is asked for is answered as it is now, or as it was up to `LONGEST_LAG_MS`
 * ago: a size that lags behind what was read, and behind what can be read; a
 * name that still leads to a file that was moved away. A handle may be stale,
 * and a file may have another inode when it is opened again.
 */
export class FakeNfs {
  nowMs = 1_000_000
  readonly #random: () => number
  readonly #names = new Map<string, Inode>()
  /** What each name led to before, and until when. */
  readonly #past = new Map<string, { readonly inode: Inode | null; readonly untilMs: number }>()
  #inodes = 100n
  /** Whether what is old news may be shown at all. */
  lags = true

  constructor(random: () => number) {
    this.#random = random
  }

  append(name: string, text: string): void {
    const inode = this.#names.get(name) ?? this.#create(name)
    inode.data = Buffer.concat([inode.data, Buffer.from(text)])
    this.#sized(inode)
  }

  truncate(name: string): void {
    const inode = this.#names.get(name)!
    inode.data = Buffer.alloc(0)
    this.#sized(inode)
  }

  rename(from: string, to: string): void {
    this.#names.set(to, this.#names.get(from)!)
    this.#unname(from)
  }

  /** Another machine deletes a file: what is held open of it is stale. */
  delete(name: string): void {
    this.#names.get(name)!.isStale = true
    this.#unname(name)
  }

  /** This machine deletes a file that it holds open: it goes on under a name of no use to anybody. */
  sillyRename(name: string): void {
    this.rename(name, `.nfs${this.#inodes}`)
  }

  /** The server gives the file another inode from the next opening on. */
  renumber(name: string): void {
    this.#names.get(name)!.number = this.#inodes++
  }

  readonly disk: Disk = {
    open: (async (path: string) => this.#handle(this.#resolve(basename(path)))) as unknown as Disk['open'],
    stat: (async (path: string) => this.#stat(this.#resolve(basename(path)))) as unknown as Disk['stat'],
    readdir: (async () => [...this.#names.keys()]) as unknown as Disk['readdir'],
    realpath: (async (path: string) => path) as unknown as Disk['realpath'],
    // Each look opens the file, as it must where times are old news.
    statIfThere: () => null,
  }

  #create(name: string): Inode {
    const inode: Inode = { number: this.#inodes++, data: Buffer.alloc(0), sizes: [], isStale: false }
    if (!this.#past.has(name)) this.#past.set(name, { inode: null, untilMs: this.nowMs })
    this.#names.set(name, inode)
    this.#sized(inode)
    return inode
  }

  #unname(name: string): void {
    this.#past.set(name, { inode: this.#names.get(name)!, untilMs: this.nowMs })
    this.#names.delete(name)
  }

  #sized(inode: Inode): void {
    inode.sizes.push({ atMs: this.nowMs, bytes: inode.data.length })
  }

  /** A time up to now of which the news are shown. */
  #shownMs(): number {
    return this.lags && this.#random() < 0.5 ? this.nowMs - this.#random() * LONGEST_LAG_MS : this.nowMs
  }

  #resolve(name: string): Inode {
    const now = this.#names.get(name)
    const past = this.#past.get(name)
    const isPast = past !== undefined && this.#shownMs() < past.untilMs
    const inode = isPast ? (past.inode ?? undefined) : now
    // Who has seen what a name leads to now is not led back.
    if (!isPast) this.#past.delete(name)
    if (inode === undefined) throw failing('ENOENT', name)
    if (inode.isStale) throw failing('ESTALE', name)
    return inode
  }

  #shownSize(inode: Inode): number {
    const shownMs = this.#shownMs()
    return (inode.sizes.findLast(({ atMs }) => atMs <= shownMs) ?? inode.sizes[0]!).bytes
  }

  #stat(inode: Inode, number = inode.number): unknown {
    if (inode.isStale) throw failing('ESTALE', 'stat')
    const bytes = this.#shownSize(inode)
    return { dev: 7n, ino: number, size: bytes, mtimeMs: this.nowMs, isFile: () => true, isDirectory: () => false }
  }

  #handle(inode: Inode): FileHandle {
    const { number } = inode
    const handle = {
      stat: async () => this.#stat(inode, number),
      read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
        if (inode.isStale) throw failing('ESTALE', 'read')
        // Some clients read no further than the size that they know, some read what the server has.
        const end = this.#random() < 0.5 ? Math.min(this.#shownSize(inode), inode.data.length) : inode.data.length
        const bytes = inode.data.subarray(position, Math.max(position, Math.min(position + length, end)))
        buffer.set(bytes, offset)
        return { bytesRead: bytes.length, buffer }
      },
      close: async () => undefined,
    }
    return handle as unknown as FileHandle
  }
}

function failing(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code })
}
