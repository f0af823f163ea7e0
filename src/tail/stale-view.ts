import { type Cursor, continues } from '../core/reading/cursor.ts'
import { observe, readAt } from './fingerprint.ts'
import type { OpenFile } from './open-file.ts'

/** Two polls this far apart have opened the file twice, and asked its server twice. */
const AGREE_MS = 100

/**
 * Checks whether what a path shows may be a stale view out of a cache.
 *
 * Where no events come the file may lie on another machine: its size, its inode
 * and that it is gone may all be old. Other content is believed when two opens
 * agree. What may be an old view of the same file, a shorter one or none, is
 * believed once it has lasted for longer than such caches do.
 */
export class StaleView {
  readonly #patienceMs: number
  readonly #nowMs: () => number
  #about: 'gone' | 'other' | null = null
  #sinceMs = 0
  /** The beginning of this life of the file, as it was when it was last believed. */
  #head: { readonly generation: number; readonly bytes: Uint8Array } | null = null

  constructor(patienceMs: number, nowMs: () => number) {
    this.#patienceMs = patienceMs
    this.#nowMs = nowMs
  }

  /** Whether the path has shown for long enough that the file of the cursor is gone or replaced. */
  async isRuledOut(named: OpenFile | null, cursor: Cursor): Promise<boolean> {
    if (named === null) return this.#lasts('gone', false)
    const isOther = await this.#showsOther(named, cursor)
    return this.#lasts('other', isOther)
  }

  /** To be called where the path shows the file of the cursor. */
  async confirm(named: OpenFile, { generation, headBytes }: Cursor): Promise<void> {
    this.#about = null
    if (this.#head?.generation === generation && this.#head.bytes.length >= headBytes) return
    this.#head = { generation, bytes: await readAt(named, 0, headBytes) }
  }

  #lasts(about: 'gone' | 'other', isCertain: boolean): boolean {
    if (this.#about !== about) {
      this.#about = about
      this.#sinceMs = this.#nowMs()
    }
    const lastedMs = this.#nowMs() - this.#sinceMs
    return lastedMs >= (isCertain ? AGREE_MS : this.#patienceMs)
  }

  /** Whether bytes are there that the cursor's file did not have, which no old view of it can show. */
  async #showsOther(named: OpenFile, cursor: Cursor): Promise<boolean> {
    const seen = await observe(named, cursor)
    if (continues(cursor, seen)) return false
    if (seen.sizeBytes >= cursor.offset) return true
    if (seen.sizeBytes >= cursor.headBytes && !seen.sameHead) return true
    if (this.#head?.generation !== cursor.generation) return false
    const visible = await readAt(named, 0, Math.min(seen.sizeBytes, this.#head.bytes.length))
    return Buffer.compare(visible, this.#head.bytes.subarray(0, visible.length)) !== 0
  }
}
