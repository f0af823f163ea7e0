import type { FormatSet } from '../core/formats/format-set.ts'
import { type Tried, triedOn } from '../core/formats/tried.ts'
import { partsOf } from '../core/literals/line-parts.ts'
import type { Line } from '../core/reading/lines.ts'
import { encodeJson } from '../protocol/json.ts'
import { printable } from './terminal.ts'

type UnreadLine = Pick<Line, 'offset' | 'text'>

/** So many are shown. */
const SHOWN = 5
/** A few more are kept: the format that is found for a file may still read lines that nothing had claimed. */
const KEPT = 64
const SHOWN_CHARS = 200

/** Keeps the first lines with numbers of which nothing was read. */
export class UnreadLines {
  readonly #first = new Map<number, string>()
  #count = 0

  add({ offset, text }: UnreadLine): void {
    if (this.#first.has(offset)) return
    const shown = text.slice(0, SHOWN_CHARS)
    if (partsOf(shown).numbers.length === 0) return
    this.#count++
    if (this.#first.size < KEPT) this.#first.set(offset, shown)
  }

  /** Takes back a line that was read after all. */
  remove(offset: number): void {
    if (this.#first.delete(offset)) this.#count--
  }

  /** For people: the lines, and what was tried on each. */
  text(path: string, formats: FormatSet): string {
    if (this.#count === 0) return ''
    const which = this.#count > SHOWN ? `, the first ${SHOWN} of them:` : ''
    const shown = this.#shown.map(
      (line) =>
        `  byte ${line.offset}: ${printable(line.text.trim())}\n    ${printable(whyNot(triedOn(line, path, formats)))}\n`,
    )
    return `not read: ${this.#count} lines with numbers${which}\n${shown.join('')}`
  }

  /** For programs: one object a line. */
  json(path: string, formats: FormatSet): string {
    return this.#shown
      .map(
        ({ offset, text, bytes }) =>
          `${encodeJson({ type: 'unread', offset, text, tried: triedOn({ offset, text, bytes }, path, formats) })}\n`,
      )
      .join('')
  }

  get #shown(): readonly Line[] {
    return [...this.#first]
      .map(([offset, text]) => ({ offset, text, bytes: text.length }))
      .sort((one, other) => one.offset - other.offset)
      .slice(0, SHOWN)
  }
}

/** Why a line was not read, in words. */
function whyNot({ formats, values, lacks }: Tried): string {
  const broken = formats.filter(({ gives }) => gives !== 'skip' && gives !== 'records')
  if (broken.length > 0) return broken.map(({ name, gives }) => `as ${name}: ${gives}`).join('; ')
  const claims = formats.flatMap(({ name, claim }) => (claim === 'no' ? [] : [`${name} (${claim})`]))
  const claimed =
    claims.length === 0 ? `none of ${formats.length} formats claims it` : `claimed by ${claims.join(', ')}`
  const found = values.map(({ name, value }) => `${name} ${value}`)
  return `${claimed}; in it ${[...found, ...lacks.map((one) => `no ${one}`)].join(', ')}`
}
