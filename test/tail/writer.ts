import { appendFile, copyFile, rename, rm, truncate } from 'node:fs/promises'

/** One life of a file: what was written to it since it was created or truncated. */
interface Life {
  readonly lines: string[]
  /** A line without its end. */
  half: string
  /** Whether the reader has found it under the path: then it holds it open, and can read it to its end. */
  isHeld: boolean
  /** Whether it began as a copy that no look has found yet: what is written to it may come and go unseen. */
  isUnseenCopy: boolean
  /** How many of its lines were read and saved. */
  readLines: number
  /** Whether the saved cursor is in this very file: then it is found again after a rotation, held open or not. */
  isKnown: boolean
  /** Whether its file has no name any more. */
  isDeleted: boolean
}

/**
 * A job that writes unique lines to a real file, which is rotated, truncated
 * and replaced under it. It knows what no reader can have seen.
 */
export class Writer {
  /** Every line, in the order of writing. */
  readonly written: string[] = []
  /** Lines that were gone before a reader that looks when it is told to could read them. */
  readonly unreadable = new Set<string>()
  /** Lives that are over, oldest first. */
  readonly past: Life[] = []
  readonly #path: string
  #life: Life | null = null
  /** What the reader holds open although it is gone from the path. */
  #held: Life | null = null

  constructor(path: string) {
    this.#path = path
  }

  get isThere(): boolean {
    return this.#life !== null
  }

  async append(count: number): Promise<void> {
    const life = this.#current()
    const lines = Array.from({ length: count }, (_, i) => this.#newLine(i))
    await appendFile(this.#path, `${lines.join('\n')}\n`)
    lines[0] = life.half + lines[0]
    life.half = ''
    life.lines.push(...lines)
    this.written.push(...lines)
  }

  async half(): Promise<void> {
    const text = `half of line ${this.written.length}: `
    this.#current().half += text
    await appendFile(this.#path, text)
  }

  async truncate(refill: number): Promise<void> {
    if (this.#life === null) return
    const { isHeld } = this.#life
    await truncate(this.#path)
    this.#lose(this.#life)
    this.#life = newLife(isHeld)
    if (refill > 0) await this.append(refill)
  }

  async rotate(): Promise<void> {
    if (this.#life === null) return
    await rename(this.#path, `${this.#path}.${this.past.length}`)
    this.#leave(this.#life)
    await this.append(1)
  }

  async delete(): Promise<void> {
    if (this.#life === null) return
    await rm(this.#path)
    this.#life.isDeleted = true
    this.#leave(this.#life)
  }

  /** As an editor saves: a copy takes the path in one step. */
  async replace(): Promise<void> {
    if (this.#life === null || this.#life.half !== '') return
    await copyFile(this.#path, `${this.#path}.new`)
    await rename(`${this.#path}.new`, this.#path)
    const old = this.#life
    if (old.isHeld) this.#held = old
    const lines = [...old.lines]
    this.#life = { ...old, lines, isHeld: false, isUnseenCopy: true, isKnown: false }
    old.isDeleted = true
  }

  /** The reader has read all there was. */
  wasRead(): void {
    this.#wasFound()
    const life = this.#life
    if (life === null) return
    // A copy that brought nothing new leaves the cursor in the file it replaced.
    if (life.lines.length > life.readLines) life.isKnown = true
    life.readLines = life.lines.length
  }

  /** The reader has opened the path, and read nothing: it still holds a file with more in it than the path's. */
  wasOpened(): void {
    const [held, life] = [this.#held, this.#life]
    const goesOn = held !== null && held.lines.length > 0 && held.lines.every((line, i) => line === life?.lines[i])
    if (held === null || goesOn) this.#wasFound()
  }

  /** The reader died, and holds nothing open any more. */
  readerDied(): void {
    const held = this.#held
    if (held !== null && !isFindable(held)) {
      this.#held = null
      this.#lose(held)
    }
    if (this.#life !== null) this.#life.isHeld = false
  }

  #wasFound(): void {
    this.#held = null
    if (this.#life === null) return
    this.#life.isHeld = true
    this.#life.isUnseenCopy = false
  }

  #current(): Life {
    this.#life ??= newLife(false)
    return this.#life
  }

  /** The file is gone from the path; what is held open is a line to its end, even without a terminator. */
  #leave(life: Life): void {
    this.#life = null
    if (life.half !== '') {
      life.lines.push(life.half)
      this.written.push(life.half)
    }
    if (life.isHeld || isFindable(life)) {
      this.#held = life
      this.past.push(life)
    } else this.#lose(life)
  }

  #lose(life: Life): void {
    if (!this.past.includes(life)) this.past.push(life)
    const elsewhere = new Set([...(this.#held?.lines ?? []), ...(this.#life === life ? [] : (this.#life?.lines ?? []))])
    for (const line of life.lines) if (!elsewhere.has(line)) this.unreadable.add(line)
  }

  #newLine(i: number): string {
    const number = this.written.length + i
    return `line ${number} ${'x'.repeat((number * 7) % 40)}`
  }
}

function newLife(isHeld: boolean): Life {
  return {
    lines: [],
    half: '',
    isHeld,
    isUnseenCopy: false,
    readLines: 0,
    isKnown: false,
    isDeleted: false,
  }
}

function isFindable({ isKnown, isDeleted }: Life): boolean {
  return isKnown && !isDeleted
}
