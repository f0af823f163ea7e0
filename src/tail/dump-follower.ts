import { basename, dirname, join } from 'node:path'
import type { FileRead } from '../core/pipeline/read.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import { memberOf } from '../core/runs/dump-members.ts'
import { LOCAL_DISK } from './disk.ts'
import { FileFollower, type FollowerOptions } from './follower.ts'

interface MemberFile {
  readonly name: string
  readonly number: number
}

/**
 * Reads the numbered files of a dump one after the other, as if they were one.
 *
 * The cursor is that of the file in hand, with its name. A file with a number
 * below that one's is not gone back to: a job that starts again and writes over
 * its old files is read on where it passes the last one.
 */
export class DumpFollower {
  readonly path: string
  readonly #options: FollowerOptions
  #follower: FileFollower | null = null

  constructor(path: string, options: FollowerOptions = {}) {
    this.path = path
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#follower?.isOpen ?? false
  }

  async read(cursor: Cursor | null, capBytes: number, writerHasLeft = false): Promise<FileRead | null> {
    const members = await membersOf(this.path, this.#options)
    const last = members.at(-1)
    const before = cursor?.member === undefined ? null : memberNamed(this.path, cursor.member)
    for (const member of members) {
      if (before !== null && member.number < before.number) continue
      const isInHand = before !== null && member.name === before.name
      const isLast = member === last
      const follower = await this.#follow(member.name)
      const at = isInHand ? cursor : null
      const read = await follower.read(at, capBytes, writerHasLeft || !isLast)
      if (read === null) continue
      const generation = cursor?.generation ?? 0
      return {
        ...read,
        cursor: { ...read.cursor, generation, member: member.name },
        isNewGeneration: false,
        hasMore: read.hasMore || !isLast,
      }
    }
    return null
  }

  async close(): Promise<void> {
    await this.#follower?.close()
    this.#follower = null
  }

  async #follow(name: string): Promise<FileFollower> {
    const path = join(dirname(this.path), name)
    if (this.#follower?.path !== path) {
      await this.close()
      this.#follower = new FileFollower(path, this.#options)
    }
    return this.#follower!
  }
}

/** One more than the highest number that a file of the dump has now. */
export async function dumpEnd(path: string, options: FollowerOptions = {}): Promise<number> {
  return ((await membersOf(path, options)).at(-1)?.number ?? -1) + 1
}

/** The files of the dump, in the order of their numbers. */
export async function membersOf(path: string, { disk = LOCAL_DISK }: FollowerOptions = {}): Promise<MemberFile[]> {
  const names = await disk.readdir(dirname(path))
  return names
    .map((name) => memberNamed(path, name))
    .filter((member) => member !== null)
    .sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1))
}

function memberNamed(path: string, name: string): MemberFile | null {
  const member = memberOf(name)
  return member?.dump === basename(path) ? { name, number: member.number } : null
}
