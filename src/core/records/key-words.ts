import { isPolicyRole } from '../../protocol/sample.ts'
import { fieldOf, isLossLike, isLossRole, isPlainRole, isSettingWord, phaseOf, roleOf } from './fields.ts'

export type KeySeparator = ':' | '='

const MAX_WORDS = 6
/** A phase is named in a word or three: `Test`, `Validation set`. */
const MAX_PHASE_WORDS = 3
const LEVELS = /^(?:trace|debug|info|notice|warn|warning|error|critical|fatal)$/i
/** Words that a number follows in prose: `improved from 0.9 to 0.5`. */
const PREPOSITIONS = /^(?:to|from|of|in|at|by|for|on|and|or|is|was|after|than|with|the)$/i
const SOURCE_FILE = /\.(?:py|pyx|cc|cpp|cu|h|rs|go|js|ts)$/

/** The words before a place in a line, which may be the name of a number that comes next. */
export class KeyWords {
  #words: string[] = []
  #separator: KeySeparator | null = null
  /** Whether the words follow right on a number: the first may be its unit. */
  #isAfterNumber = false
  /** Whether the words follow right on `word:`, as `main` in the `__main__:main:217` of a logger. */
  #isQualified = false
  /** The word by which the line said that it goes on about a held-out set: `Test: loss 0.5`. */
  #phase = ''

  get isEmpty(): boolean {
    return this.#words.length === 0
  }

  get hasSeparator(): boolean {
    return this.#separator !== null
  }

  get text(): string {
    return this.#words.length === 1 ? this.#words[0]! : this.#words.join(' ')
  }

  /** Takes the next word; those before a separator or a gap turn out to have been no part of its name. */
  add(word: string, isAfterGap: boolean, isAfterColon: boolean): void {
    const isQualified = this.#separator === ':' && isAfterColon
    if (this.#separator !== null || (isAfterGap && this.#words.length > 0)) this.breakOff()
    this.#isQualified ||= isQualified
    if (LEVELS.test(word)) this.clear()
    else this.#words.push(word)
    // One word more than a name may have is enough to tell that this is prose.
    if (this.#words.length > MAX_WORDS + 1) this.#words.shift()
  }

  /** Takes a `:` or `=` behind the name, or says that it cannot stand here. */
  separate(separator: KeySeparator, isTight: boolean): boolean {
    if (this.#words.length === 0 || this.#separator !== null) return false
    this.#separator = separator
    // `name=value` binds to the word next to it, whatever message stands before.
    if (separator === '=' && isTight) this.#words = boundWords(this.#words)
    return true
  }

  enterPhase(word: string): void {
    const phase = /^[a-z]+$/i.test(word) ? phaseOf(word) : null
    if (phase !== null) this.#phase = phase === 'validation' ? word : ''
  }

  /** Ends the words without a number: what they name is a phase, if anything. */
  breakOff(): void {
    if (this.#words.length > 0 && this.#words.length <= MAX_PHASE_WORDS) this.enterPhase(this.#words[0]!)
    this.clear()
  }

  clear(): void {
    this.#words = []
    this.#separator = null
    this.#isAfterNumber = false
    this.#isQualified = false
  }

  /** Begins anew behind a number. */
  passNumber(): void {
    this.clear()
    this.#isAfterNumber = true
  }

  /** Whether timm's epoch follows, which goes by the name of the phase: `Train: 3 [  50/1000 (  5%)]`. */
  isPhase(): boolean {
    return this.#separator === ':' && this.#words.length === 1 && phaseOf(this.#words[0]!) !== null
  }

  /** Undoes what two processes leave that print the same words in turn: `loss atloss at 202 3.40`. */
  undouble(): void {
    const [first = ''] = this.#words
    if (!this.#words.some((word, index) => index > 0 && word.endsWith(first))) return
    const text = this.text
    const half = text.slice(0, text.length >> 1)
    if (text === half + half || text === `${half} ${half}`) this.#words = half.split(' ')
  }

  /** Drops `at` or `at step` from the end, if it is there: `loss at 402 3.40` has its value still to come. */
  dropCounter(): boolean {
    const at = this.#words.lastIndexOf('at')
    if (at < 1) return false
    const counter = this.#words.slice(at + 1).join(' ')
    if (counter !== '' && fieldOf(counter).kind !== 'step') return false
    this.#words.length = at
    this.#separator = null
    return true
  }

  /** The counter with which the words end, `STEP` of `Finished STEP`; null where they end otherwise. */
  counter(): string | null {
    const from = this.#words.findIndex((_, index) => isCounter(this.#words.slice(index).join(' ')))
    return from < 0 ? null : this.#words.slice(from).join(' ')
  }

  /** The name of the number that comes next, or null when the words are none. */
  name(): string | null {
    const words = this.#words
    if (words.length === 0 || words.length > MAX_WORDS || SOURCE_FILE.test(words.at(-1)!)) return null
    let name = this.text
    if (!isKnown(name)) {
      if (this.#isQualified || PREPOSITIONS.test(words.at(-1)!)) return null
      if (this.#separator === null && words.length > 1) {
        name = words.slice(1).join(' ')
        if (!this.#isAfterNumber || !isKnown(name)) return this.counter()
      }
    }
    return this.#phase !== '' && isScore(name) && phaseOf(name) === null ? `${this.#phase}/${name}` : name
  }

  /**
   * Whether the words are a name that is known to mean something, for a `nan` that could be prose. With `isInRow` other
   * values stand before it in the line: there the words of a policy are names as well.
   */
  isKnownMetric(isInRow: boolean): boolean {
    const role = roleOf(this.text)
    return role !== null && (isKnown(this.text) || isLossLike(this.text) || (isInRow && isPolicyRole(role)))
  }

  /** Whether the words are the name of a counter or of a known metric. */
  get isKnown(): boolean {
    return this.#words.length > 0 && this.#separator === null && isKnown(this.text)
  }
}

/** The longest end of `words` that is a known name, or else the last word. */
function boundWords(words: readonly string[]): string[] {
  const from = words.findIndex((_, index) => isKnown(words.slice(index).join(' ')))
  // `New best val_loss=0.31`: what was logged before is logged again. MXNet's `Time cost=12.3` are seconds.
  if (words.slice(0, Math.max(from, 0)).some((word) => isSettingWord(word) || /^time$/i.test(word))) return [...words]
  return words.slice(from < 0 ? -1 : from)
}

function isKnown(name: string): boolean {
  const role = roleOf(name)
  return role === null || !isPlainRole(role)
}

function isCounter(name: string): boolean {
  const { kind } = fieldOf(name)
  return kind === 'step' || kind === 'epoch'
}

function isScore(name: string): boolean {
  const role = roleOf(name)
  return role !== null && (isLossRole(role) || role === 'accuracy')
}
