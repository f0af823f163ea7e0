import { NO_LINES } from '../../src/core/pipeline/content.ts'
import type { FileRead } from '../../src/core/pipeline/read.ts'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import type { LongLine } from '../../src/core/reading/lines.ts'
import { FileFollower, type FollowerOptions } from '../../src/tail/follower.ts'

const CAP_BYTES = 256 * 1024

/** Follows one path as the daemon does: what a read brings counts once its cursor is saved. */
export class Reading {
  readonly path: string
  readonly lines: string[] = []
  readonly offsets: number[] = []
  readonly longLines: LongLine[] = []
  readonly gaps: NonNullable<FileRead['gap']>[] = []
  /** One letter for each read: `+` lines, `.` nothing but a cursor, `|` the end of a life, `*` the first of a new one. */
  story = ''
  pendingBytes = 0
  /** How often a read said that the file is no text. */
  binaryReports = 0
  /** Where a compressed file was said to be damaged. */
  readonly damages: number[] = []
  cursor: Cursor | null = null
  readonly #capBytes: number
  readonly #remember: (cursor: Cursor) => Cursor
  readonly #options: FollowerOptions
  readonly #isOfWords: boolean
  #follower: FileFollower

  constructor(
    path: string,
    {
      capBytes = CAP_BYTES,
      remember = (cursor: Cursor) => cursor,
      options = {} as FollowerOptions,
      isOfWords = false,
    } = {},
  ) {
    this.path = path
    this.#capBytes = capBytes
    this.#remember = remember
    this.#options = options
    this.#isOfWords = isOfWords
    this.#follower = new FileFollower(path, options)
  }

  /** Reads until there is nothing more, and saves each cursor. */
  async catchUp(writerHasLeft = false): Promise<void> {
    for (;;) {
      const read = await this.#follower.read(this.cursor, this.#capBytes, writerHasLeft, this.#isOfWords)
      if (read === null) return
      const isNew = read.cursor.offset !== (this.cursor?.offset ?? 0) || read.isFinal || read.isNewGeneration
      this.pendingBytes = read.pendingBytes
      if (isNew) this.#save(read)
      if (!isNew || !(read.hasMore || read.isFinal)) return
    }
  }

  /** Reads once, and saves the cursor. */
  async turn(): Promise<void> {
    const read = await this.#follower.read(this.cursor, this.#capBytes)
    if (read !== null) this.#save(read)
  }

  /** Reads once, and fails to save what that brought. */
  async lookInVain(): Promise<FileRead | null> {
    return this.#follower.read(this.cursor, this.#capBytes)
  }

  /** Closes the file between two polls, as where too many are held open. */
  letGo(): Promise<void> {
    return this.#follower.close()
  }

  /** Dies and comes back with the cursor that it saved last. */
  async restart(): Promise<void> {
    await this.#follower.close()
    this.#follower = new FileFollower(this.path, this.#options)
  }

  async close(): Promise<void> {
    await this.#follower.close()
  }

  #save(read: FileRead): void {
    const { lines, longLines, turnsBinary, damage } = read.content.kind === 'lines' ? read.content : NO_LINES
    this.lines.push(...lines.map(({ text }) => text))
    this.offsets.push(...lines.map(({ offset }) => offset))
    this.longLines.push(...longLines)
    if (read.gap !== null) this.gaps.push(read.gap)
    if (turnsBinary) this.binaryReports++
    if (damage !== null) this.damages.push(damage.offset)
    this.story += (read.isNewGeneration ? '*' : '') + (lines.length > 0 ? '+' : '.') + (read.isFinal ? '|' : '')
    this.cursor = this.#remember(read.cursor)
  }
}
