import { isFinite, type MetricValue, metricValue } from '../../protocol/value.ts'
import { looseNumberAt } from '../literals/loose-number.ts'
import { type NumberAt, numberAt } from '../literals/number.ts'
import { fieldOf, isLossLike, isScore, phaseOf, roleOf } from './fields.ts'
import { isShortCount } from './head-count.ts'
import { type KeySeparator, KeyWords } from './key-words.ts'
import { COUNTED_BEFORE } from './other-languages.ts'
import { skipsNaN } from './quoted-values.ts'
import { endOfRun, isDigit, isSpace, isWordStart, wordEnd } from './word-characters.ts'

/** A number of a text line, under the name that stands before it. */
export interface Pair {
  /** '' for a position that stands by itself, such as the `5/30` of a progress bar. */
  readonly name: string
  readonly value: MetricValue
  readonly raw: string | null
  readonly zeroDecimals?: number
  /** Whether a counter is written with an exponent, and may be rounded: `3.2e+4`. */
  readonly isRounded?: boolean
  /** Whether a count has come to its total: `4000/4000`. */
  readonly isFull?: boolean
  /** What stands behind the slash of a step with a name: its total, or what counts within it. */
  readonly total?: number
  /** What the value is of, where its name does not say so: `gen` of `gen loss=0.5`, `G` of `G: loss=0.5`. */
  readonly of?: string
}

export interface Pairs {
  readonly pairs: readonly Pair[]
  /** What of the line was left out, for it is longer than people read; null for nothing. */
  readonly unread: string | null
  /** Names that have a finite number here, each with its place in the line: `2 triplet`. Only those of which that tells anything. */
  readonly places: readonly string[]
}

/** Words, numbers, signs and gaps of a line of text that are looked at: a line for people to read has fewer. */
const MAX_TOKENS = 4096

/**
 * The pairs of name and number in a line of text, in order.
 *
 * A name is one word or several, and `=`, `:` or white space stands before the
 * number. What only begins like a number is none: `12.00ms`, `46.63%`, `nanms`,
 * `12:30:45`. Without `=` or `:` the bare words nan and inf count only after a
 * name that is known: `loss nan` is a value, `number of nan iterations` is not.
 * `phase` is that of a heading above, as `Test Error:`; `places` are those of
 * the lines above: such a name is known at its place.
 */
export function pairsOf(text: string, phase = '', places: readonly string[] = []): Pairs {
  return new PairScanner(withPlainDigits(text), phase, places).pairs()
}

class PairScanner {
  readonly #text: string
  readonly #pairs: Pair[] = []
  readonly #placesAbove: readonly string[]
  readonly #places: string[] = []
  readonly #words = new KeyWords()
  #at = 0
  /** Whether names may stand in quotes: not where the line is an object, or a piece of one. */
  readonly #hasQuotedNames: boolean
  readonly #hasForeignLetters: boolean
  /** The last loss, error or accuracy that had a number, without its phase; '' for none. */
  #score = ''
  #scoreEnd = 0
  /** Whether two spaces or a tab stand before the place in hand: they part names. */
  #isAfterGap = false

  constructor(text: string, phase: string, placesAbove: readonly string[]) {
    this.#text = text
    this.#placesAbove = placesAbove
    this.#hasQuotedNames = !text.includes('{') && !/^\s*["']/.test(text)
    this.#hasForeignLetters = /[\u3000-\ud7ff]/.test(text)
    if (phase !== '') this.#words.enterPhase(phase)
  }

  pairs(): Pairs {
    let tokens = 0
    while (this.#at < this.#text.length && tokens++ < MAX_TOKENS) this.#token()
    const isWhole = this.#at >= this.#text.length
    return {
      pairs: this.#pairs,
      places: this.#places,
      unread: isWhole ? null : `a line of more than ${MAX_TOKENS} words and signs: what is behind them was not read`,
    }
  }

  #token(): void {
    const char = this.#text.charAt(this.#at)
    if (isSpace(char)) this.#space()
    else if (this.#isClosedName(char)) this.#at++
    else if (this.#mayBeLoose(char) && this.#looseNumber()) return
    else if (isDigit(char)) this.#number()
    else if (char === '第') this.#break()
    else if (char === '±') this.#deviation()
    else if (isWordStart(char)) this.#word()
    else if (JOINERS.includes(char) && this.#join()) return
    else if (char === ':' || char === '=') this.#separate(char)
    else if (char === '：') this.#separate(':')
    else if ('[(#-`'.includes(char) && this.#isCounterAhead(char)) this.#at++
    else if (char === '#' && this.#isNumberSign()) this.#at++
    else if ('+-.'.includes(char) && this.#isNumberHere()) this.#number()
    else if (char === '(') this.#parenthesis()
    else if (char === '[' && (this.#owner() || this.#circumstance())) return
    else if (char === '.' && this.#isAbbreviation()) this.#at++
    else this.#break()
  }

  #space(): void {
    const start = this.#at
    while (isSpace(this.#text.charAt(this.#at))) this.#at++
    this.#isAfterGap = this.#at - start > 1 || this.#text[start] === '\t'
  }

  #word(): void {
    const number = this.#numberWord()
    if (number !== null) this.#take(number)
    else if (this.#isNotAvailable()) this.#take({ value: metricValue(Number.NaN), raw: 'NA', end: this.#at + 2 })
    else if (!/[ni]/i.test(this.#text.charAt(this.#at)) || !this.#looseNumber()) this.#nameWord()
  }

  /** Takes what stands behind the name of a known metric, and is a number only there. Says whether it did. */
  #looseNumber(): boolean {
    if (!this.#words.isKnownMetric(false)) return false
    const number = looseNumberAt(this.#text, this.#at)
    if (number === null) return false
    this.#take(number)
    return true
  }

  #mayBeLoose(char: string): boolean {
    if (LOOSE.includes(char)) return true
    if (isDigit(char)) return THOUSANDS.test(this.#text.slice(this.#at, this.#at + 8))
    if (char !== '-' && char !== '+') return false
    const next = this.#text.charAt(this.#at + 1)
    return next === '∞' || ((isDigit(next) || 'nNiI'.includes(next)) && numberAt(this.#text, this.#at) === null)
  }

  /** Whether a quote or a bracket closes the name of a known value: `'loss': nan`, `[Loss] nan`. */
  #isClosedName(char: string): boolean {
    if (char === ']')
      return this.#words.isKnown && /^\] ?[:=]? ?[-+.\dni]/i.test(this.#text.slice(this.#at, this.#at + 8))
    if (!['"', "'", '`'].includes(char) || !this.#hasQuotedNames) return false
    return (
      !this.#words.isEmpty &&
      !this.#words.hasSeparator &&
      /^ {0,2}[:=]/.test(this.#text.slice(this.#at + 1, this.#at + 4))
    )
  }

  #nameWord(): void {
    const start = this.#at
    this.#at = wordEnd(this.#text, start)
    const word = this.#text.slice(start, this.#at)
    if (this.#hasForeignLetters && (this.#verb(word, start) || this.#total(start))) return
    if (this.#words.hasSeparator && NAN_OF_UNIT.test(word)) {
      this.#words.passNumber()
      return
    }
    if (isDigit(word.at(-1)!) && this.#joinedCounters(word)) return
    const glued = word.length > 4 ? this.#gluedValue(word) : 0
    if (glued > 0) {
      this.#words.add(word.slice(0, -glued), this.#isAfterGap, false)
      this.#isAfterGap = false
      this.#at -= glued
      return
    }
    const [, stem = word, digits = ''] = (isDigit(word.at(-1)!) && COUNTING_WORD.exec(word)) || []
    const isHead = this.#pairs.length === 0 && this.#words.isEmpty
    const isShort = isHead && isShortCount(word, this.#text, this.#at)
    const isCounting = isShort || (digits !== '' && isCertainCounter(stem))
    this.#words.add(
      isShort ? word.charAt(0) : isCounting ? stem : word,
      this.#isAfterGap,
      this.#text[start - 1] === ':',
      this.#isErrorHere(word) ? false : undefined,
    )
    this.#isAfterGap = false
    if (isCounting) this.#at -= isShort ? word.length - 1 : digits.length
  }

  /** Takes an epoch and a batch that a line or a slash joins: `ep003_it00040`, `epoch_3/batch_40`. Says whether it did. */
  #joinedCounters(word: string): boolean {
    const [, epoch = '', first, batch = '', second] = JOINED_COUNTERS.exec(word) ?? []
    if (fieldOf(epoch).kind !== 'epoch' || fieldOf(batch).kind !== 'step') return false
    this.#words.breakOff()
    this.#pairs.push({ name: epoch, value: metricValue(Number(first)), raw: null })
    this.#pairs.push({ name: batch, value: metricValue(Number(second)), raw: null })
    return true
  }

  /** How many characters at the end of a word are a value that nothing parts from its loss: `lossnan`, `loss0.5`. */
  #gluedValue(word: string): number {
    const last = word.charAt(word.length - 1)
    if (!'nNfF'.includes(last) && !isDigit(last)) return 0
    const value = GLUED_VALUE.exec(word)?.[1]
    if (value === undefined) return 0
    const isDecimal = isDigit(last) && /^\.\d/.test(this.#text.slice(this.#at, this.#at + 2))
    const isAlone = !isDigit(last) && !/^ ?[\w:=]/.test(this.#text.slice(this.#at, this.#at + 2))
    return isDecimal || isAlone ? value.length : 0
  }

  /** Whether the word here names an error that is measured, and no level: behind other values, with a number to come. */
  #isErrorHere(word: string): boolean {
    if (word.length !== 5 || word === 'ERROR' || this.#pairs.length === 0 || !/^error$/i.test(word)) return false
    return /^ ?(?:[:=]|is )? ?[-+]?(?:\d{1,9}\.\d|nan\b|inf\b)/i.test(this.#text.slice(this.#at, this.#at + 16))
  }

  /** Takes the name of a loss with the verb behind it, and of it what is no value: `损失为1.2`, `loss 是 1.2`. Says whether it did. */
  #verb(word: string, start: number): boolean {
    const [all, name = ''] = VERB.exec(word) ?? []
    if (all === undefined || !isLossLike(name === '' ? this.#words.text : name)) return false
    if (skipsNaN(this.#text.slice(start))) return false
    if (name !== '') this.#words.add(name, this.#isAfterGap, false)
    this.#words.separate(':', false)
    this.#isAfterGap = false
    this.#at = start + all.length
    // `损失值为: 1.2`
    this.#at += /^ ?[:：=]/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0].length ?? 0
    return true
  }

  /** Passes over what a counter goes up to, `共200轮`. Says whether it did. */
  #total(start: number): boolean {
    TOTAL_AHEAD.lastIndex = start
    if (!TOTAL_AHEAD.test(this.#text)) return false
    this.#at = TOTAL_AHEAD.lastIndex
    this.#words.breakOff()
    return true
  }

  /** The NaN, the infinity or the `tensor(0.5)` here, where a value may stand. */
  #numberWord(): NumberAt | null {
    const isBare = this.#words.isEmpty
    if ((isBare && this.#score === '') || !/[nidtajfhl]/i.test(this.#text.charAt(this.#at))) return null
    const number = numberAt(this.#text, this.#at)
    if (isBare) return number !== null && this.#isPhaseBehind(number.end) ? number : null
    if (number === null || this.#text[number.end] === '/') return null
    if (!isFinite(number.value) && DENIED.test(this.#text.slice(number.end, number.end + 24))) return null
    // Reward and entropy are words of prose, too, but not behind other values.
    const isKnown = this.#words.isKnownMetric(this.#pairs.length > 0)
    if (this.#words.hasSeparator || isKnown || this.#placesAbove.includes(this.#place)) return number
    return this.#score !== '' && this.#isInBrackets(this.#words.text, this.#at) ? number : null
  }

  /** Whether R's word for no number stands here in place of a loss that was one above: before that it means nothing. */
  #isNotAvailable(): boolean {
    if (!this.#text.startsWith('NA', this.#at) || !/[\s,;|)\]]|^$/.test(this.#text.charAt(this.#at + 2))) return false
    return roleOf(this.#words.text) === 'train_loss' && this.#placesAbove.includes(this.#place)
  }

  /** The words in hand, and how many pairs stand before them. */
  get #place(): string {
    return `${this.#pairs.length} ${this.#words.text}`
  }

  #number(): void {
    const number = numberAt(this.#text, this.#at)
    const total = number === null ? null : this.#totalAfter(number)
    if ((number === null || this.#hasForeignLetters) && this.#countedBefore()) return
    if (number === null && this.#countedUpTo()) return
    if (number === null || total === 'none') {
      if (!this.#looseNumber()) this.#skipNumber()
    } else if (total !== null) {
      this.#takePosition(number, total)
    } else {
      this.#take(number)
    }
  }

  /** Takes a number with its counter right behind it: `2epoch`, `12009-12640batch`, `第 3 轮`. Says whether it did. */
  #countedBefore(): boolean {
    if (/[\d.+-]/.test(this.#text.charAt(this.#at - 1))) return false
    for (const pattern of this.#hasForeignLetters ? [GLUED_COUNTER, ...COUNTED_BEFORE] : [GLUED_COUNTER]) {
      pattern.lastIndex = this.#at
      const [all, number, counter] = pattern.exec(this.#text) ?? []
      if (all === undefined) continue
      this.#words.breakOff()
      this.#pairs.push({ name: counter!, value: metricValue(Number(number)), raw: null })
      this.#at += all.length
      return true
    }
    return false
  }

  /** Takes the end of `50-100` behind the name of a step. Says whether it did. */
  #countedUpTo(): boolean {
    RANGE.lastIndex = this.#at
    const [all = '', first, last] = RANGE.exec(this.#text) ?? []
    if (all === '' || Number(first) > Number(last)) return false
    const plural = PLURAL_COUNTER.exec(this.#words.text)?.[1]
    const name = plural ?? this.#words.counter()
    if (name === null || fieldOf(name).kind !== 'step') return false
    this.#pairs.push({ name: plural ?? this.#words.takeCounter()!, value: metricValue(Number(last)), raw: null })
    this.#at += all.length
    this.#words.breakOff()
    return true
  }

  /** Passes over what a value may be off by: `0.5±0.1`. */
  #deviation(): void {
    const at = this.#at + /^± ?/.exec(this.#text.slice(this.#at, this.#at + 2))![0].length
    this.#at = numberAt(this.#text, at)?.end ?? at
    this.#words.passNumber()
  }

  /** Passes over `12.00ms`, `46%`, `0:10:00`: digits, and whatever hangs on to them. */
  #skipNumber(): void {
    do this.#at = endOfRun(HANGING, this.#text, this.#at + 1)
    while (this.#text[this.#at] === ':' && isDigit(this.#text.charAt(this.#at + 1)))
    this.#at = endOfRun(UNIT_OF_TIME, this.#text, this.#at)
    this.#words.clear()
  }

  /**
   * The end of `5/30` or `3383/    8000` behind its first number, or of `5/30/30` behind the name of a counter; 'none' for
   * any other `/`, null without one.
   */
  #totalAfter({ value, end }: NumberAt): number | 'none' | null {
    const text = this.#text
    if (text.startsWith(' of ', end)) return this.#totalInWords(end)
    const foreign = text[end] === ' ' || this.#hasForeignLetters ? this.#totalInOtherWords(end) : null
    if (foreign !== null) return foreign
    const slash = text[end] === ' ' && this.#isPlaceOfCount() ? this.#skipBlanks(end) : end
    if (text[slash] !== '/') return null
    const at = this.#skipBlanks(slash + 1)
    const total = numberAt(text, at)
    const isCount = Number.isInteger(value) && /^\d+$/.test(text.slice(this.#at, end))
    if (slash > end && (!isCount || total === null || IN_BYTES.test(text.slice(total.end, total.end + 4)))) return null
    if (total === null || !isCount) return 'none'
    if (text[total.end] !== '/') return total.end
    return this.#words.counter() === null ? 'none' : (numberAt(text, total.end + 1)?.end ?? 'none')
  }

  /** The end of `7 of 500` in brackets, or at the head of a line before what it counts, where no value stands before it. */
  #totalInWords(end: number): number | null {
    if (!this.#pairs.every(({ name }) => fieldOf(name).kind !== 'metric') || !this.#words.isEmptyOrCounter) return null
    const isInBrackets = '[('.includes(this.#text.charAt(this.#at - 1) || ' ')
    if (isInBrackets && !this.#isAloneInBrackets()) return null
    const total = (isInBrackets ? TOTAL_IN_BRACKETS : TOTAL_AT_HEAD).exec(this.#text.slice(end, end + 40))
    if (total === null || (!isInBrackets && this.#at > MAX_COUNT_AT)) return null
    return end + total[0].length
  }

  /** The end of `3 von 200`, `3 из 200` or `3 共200` behind the name of a counter; null for anything else. */
  #totalInOtherWords(end: number): number | null {
    TOTAL_IN_OTHER_WORDS.lastIndex = end
    if (!TOTAL_IN_OTHER_WORDS.test(this.#text) || this.#words.counter() === null) return null
    return TOTAL_IN_OTHER_WORDS.lastIndex
  }

  /** Whether no word stands before the bracket here, or one that counts, as in `batch (7 of 500)`. */
  #isAloneInBrackets(): boolean {
    const before = this.#text.slice(Math.max(0, this.#at - 24), this.#at)
    const word = /(\p{L}[\p{L}_]*):? ?[([]$/u.exec(before)?.[1]
    return word === undefined || PROGRESS.test(word) || fieldOf(word).kind !== 'metric'
  }

  #skipBlanks(start: number): number {
    let at = start
    while (this.#text[at] === ' ') at++
    return at
  }

  /** Whether the number here may count with blanks round its slash, `80 / 4200`: behind the name of a counter, or of nothing. */
  #isPlaceOfCount(): boolean {
    return this.#words.isEmpty || this.#words.counter() !== null || PROGRESS.test(this.#words.text)
  }

  /** A step or an epoch of so many, under its name or by itself. */
  #takePosition({ value, end: first }: NumberAt, end: number): void {
    const name = this.#words.takeCounter() ?? (PROGRESS.test(this.#words.text) ? '' : this.#words.text)
    const total = Number(this.#text.slice(first, end).replace(/^\P{N}+/u, ''))
    const isFull = total === value
    const isStep = name !== '' && fieldOf(name).kind === 'step'
    if ((name === '' && !this.#isRatio()) || (name !== '' && fieldOf(name).kind !== 'metric'))
      this.#pairs.push({ name, value, raw: null, ...(isFull && { isFull }), ...(isStep && { total }) })
    this.#at = end
    this.#words.breakOff()
  }

  /** Whether the count here has a name that is none of a counter: `fg/bg=(64/192)`, but not `Train: [64/192]`. */
  #isRatio(): boolean {
    return /= ?[([]$|: ?\($|\w\/\w{1,16}: ?\[$/.test(this.#text.slice(Math.max(0, this.#at - 24), this.#at))
  }

  #take({ value, raw, end, zeroDecimals }: NumberAt): void {
    const isCount = Number.isInteger(value)
    const start = this.#at
    this.#at = end
    const place = this.#place
    // `Loss is nan, stopping` is a message of its own where no loss was told so above.
    const isTold = isFinite(value)
      ? !isCount || this.#text.slice(start, end).includes('.')
      : this.#placesAbove.includes(place)
    if (isTold) this.#words.dropVerb()
    if (!isFinite(value)) this.#words.dropMessage()
    this.#words.undouble()
    if (isCount && this.#words.isPhase() && /^ *\[/.test(this.#text.slice(end, end + 8))) {
      this.#pairs.push({ name: 'epoch', value, raw })
      this.#words.breakOff()
    } else if (isCount && this.#takeDropped(value)) {
      return
    } else if (isCount && this.#isStepOfLoss(start)) {
      this.#pairs.push({ name: 'step', value, raw })
      if (this.#text[end] === ':') this.#at++
    } else {
      const { hasSeparator } = this.#words
      const named = this.#isSource(start, end) ? null : this.#nameHere(isCount)
      const name = this.#namedBehind(named, start)
      const isOld = OLD_VALUE.test(this.#text.slice(end, end + 12))
      const isSpan = name !== null && this.#isSpan(name, end)
      const isCut = isCount && hasSeparator && name !== null && isLossLike(name) && this.#isGroupAhead(start, end)
      if (name !== null && !isOld && !isSpan && !isCut) {
        const isRounded = isCount && /e/i.test(this.#text.slice(start, end)) && fieldOf(name).kind === 'step'
        if (isRounded) this.#pairs.push({ name, value, raw, isRounded })
        else this.#pairs.push(pairOf(name, value, raw, zeroDecimals, this.#words.owner))
        const role = roleOf(name)
        if (isFinite(value) && (role === 'other' ? !hasSeparator : isLossLike(name))) this.#places.push(place)
      }
      this.#words.passNumber(name !== null && !isSpan)
    }
  }

  /** The name of the number here; right behind an epoch `mb` is a minibatch, and no megabyte. */
  #nameHere(isCount: boolean): string | null {
    const name = this.#words.name(this.#pairs.length > 0 || LOSSES_IN_ROW.test(this.#text.slice(0, MAX_ROW_HEAD_CHARS)))
    return isCount && name === 'mb' && this.#pairs.length === 1 && this.#pairs[0]!.name === 'epoch' ? 'batch' : name
  }

  /**
   * The name of a number by what stands behind it in brackets: a phase, as in `loss = 0.5 (train), 0.6 (val)`, or its whole
   * name, as in `0.5 (train loss)`. `named` is that before it; a phase in brackets with a value, `0.5 (val 0.6)`, is of the
   * score before those.
   */
  #namedBehind(named: string | null, start: number): string | null {
    if (named !== null && this.#score !== '' && this.#isInBrackets(named, start)) return `${named}/${this.#score}`
    if (named !== null) {
      this.#score = isScore(named) && phaseOf(named) === null ? named : ''
      this.#scoreEnd = this.#at
    }
    const at = this.#text[this.#at] === ' ' ? this.#at + 1 : this.#at
    const opening = this.#text.charAt(at)
    if ((opening !== '(' && opening !== '[') || (named !== null && this.#score === '')) return named
    BEHIND.lastIndex = at
    const [all, words = ''] = BEHIND.exec(this.#text) ?? []
    if (all === undefined) return named
    const phase = /^\p{L}{2,12}$/u.test(words) ? phaseOf(words) : null
    const isName = named === null && phase === null && isScore(words)
    if (!isName && (phase === null || this.#score === '')) return named
    this.#at = at + all.length
    if (isName) return words
    return phase === 'validation' ? `${words}/${this.#score}` : this.#score
  }

  /** Whether a number is named by a phase alone, in brackets right behind the last score. */
  #isInBrackets(named: string, start: number): boolean {
    return phaseOf(named) !== null && PHASES_IN_BRACKETS.test(this.#text.slice(this.#scoreEnd, start))
  }

  #isPhaseBehind(end: number): boolean {
    BEHIND.lastIndex = this.#text[end] === ' ' ? end + 1 : end
    const words = BEHIND.exec(this.#text)?.[1]
    return words !== undefined && phaseOf(words) !== null
  }

  /** Takes the count behind a name whose value is still to come, `loss at step 402: 3.40`. Says whether it did. */
  #takeDropped(value: MetricValue): boolean {
    if (!this.#words.mayEndInCounter) return false
    const [all = '', unit = ''] = COUNTED_UNIT.exec(this.#text.slice(this.#at, this.#at + 16)) ?? []
    const counter = this.#words.dropCounter(unit)
    if (counter === null) return false
    this.#pairs.push({ name: counter, value, raw: null })
    // In `loss at epoch 3 iteration 40` the word behind the number is the next name.
    if (counter === unit) this.#at += all.length
    return true
  }

  /** Whether the count behind a loss has the value behind it, in a line that counts nothing else: `Train loss 8 1.25`. */
  #isStepOfLoss(start: number): boolean {
    const isCounted =
      COUNTED.test(this.#text) || this.#pairs.some(({ name }) => name === '' || fieldOf(name).kind !== 'metric')
    const isKnownValue = this.#placesAbove.includes(this.#place)
    if (isCounted || isKnownValue || this.#words.hasSeparator || !isLossLike(this.#words.text)) return false
    STEP_AND_VALUE.lastIndex = start
    return STEP_AND_VALUE.test(this.#text)
  }

  /** Whether the number is that of a line of source code: `(trainer:636)` before all values. */
  #isSource(start: number, end: number): boolean {
    if (this.#pairs.length > 0 || this.#words.isKnownName || !/[)\]]/.test(this.#text.charAt(end))) return false
    return /[([][\w.]+:$/.test(this.#text.slice(Math.max(0, start - MAX_SOURCE_CHARS), start))
  }

  /** Whether three more digits and decimals stand behind a blank: `loss: 1 234.5` may be one number, or two. */
  #isGroupAhead(start: number, end: number): boolean {
    return end - start <= 3 && /^ \d{3}\.\d/.test(this.#text.slice(end, end + 6))
  }

  /** Whether a time is given in several units, of which the number is one: `eta: 7 days, 2:52:36`. */
  #isSpan(name: string, end: number): boolean {
    SPAN.lastIndex = end
    return SPAN.test(this.#text) && OF_TIME.test(name)
  }

  #separate(char: KeySeparator): void {
    if (this.#words.separate(char, !isSpace(this.#text.charAt(this.#at - 1)))) this.#at++
    else this.#break()
  }

  /** Takes what joins a known name and its number where no `=` does: `loss -> 0.5`, `loss .... 0.5`, `| loss | 0.5 |`. Says whether it did. */
  #join(): boolean {
    if (!this.#words.isSurelyNamed) return false
    JOINER.lastIndex = this.#at
    const [mark] = JOINER.exec(this.#text) ?? []
    if (mark === undefined) return false
    this.#words.separate(':', false)
    this.#at += mark.length
    return true
  }

  /** A unit, a phase or a formula behind a name is passed over: `elapsed (ms):`, `Epoch(val) [3]`, `Obj(log[p]) = `. */
  #parenthesis(): void {
    const inner = /^\((\p{L}[\p{L}\d_]{0,15})\)/u.exec(this.#text.slice(this.#at, this.#at + 18))
    const formula = FORMULA.exec(this.#text.slice(this.#at, this.#at + 40))
    if (this.#text[this.#at + 1] === ')' && this.#call()) return
    if (inner === null && this.#circumstance()) return
    if (!this.#words.isEmpty && inner === null && formula !== null && isWordStart(this.#text.charAt(this.#at - 1))) {
      this.#at += formula[0].length
    } else if (inner === null || this.#words.isEmpty) {
      this.#break()
    } else {
      this.#words.enterBrackets(inner[1]!)
      this.#at += inner[0].length
    }
  }

  /** Passes over what source code does to a value that is printed: `loss.item()=0.5`. Says whether it did. */
  #call(): boolean {
    CALLS.lastIndex = this.#at
    const calls = CALLS.exec(this.#text)
    if (calls === null || !this.#words.dropCall()) return false
    this.#at += calls[0].length
    return true
  }

  /** Passes over what a known value is of: `loss[G]=0.5`. Says whether it did. */
  #owner(): boolean {
    const inner = /^\[(\p{L}[\p{L}\d_]{0,15})\](?= ?[=:])/u.exec(this.#text.slice(this.#at, this.#at + 20))
    if (inner === null || !this.#words.isKnown || !isWordStart(this.#text.charAt(this.#at - 1))) return false
    this.#words.enterBrackets(inner[1]!)
    this.#at += inner[0].length
    return true
  }

  /** Passes over when or over what a value was taken, and keeps its counters and its phase: `loss (epoch 3): 0.5`, `loss (val set): 0.5`. Says whether it did. */
  #circumstance(): boolean {
    if (!this.#words.isSurelyNamed) return false
    CIRCUMSTANCE.lastIndex = this.#at
    const [all, inner = ''] = CIRCUMSTANCE.exec(this.#text) ?? []
    if (all === undefined) return false
    for (const [, name, count] of inner.matchAll(COUNTER_WITHIN)) {
      if (fieldOf(name!).kind !== 'metric')
        this.#pairs.push({ name: name!, value: metricValue(Number(count)), raw: null })
    }
    for (const [word] of inner.matchAll(/\p{L}+/gu)) this.#words.enterPhase(word)
    this.#at += all.length
    return true
  }

  #break(): void {
    const char = this.#text.charAt(this.#at)
    const isDash = '-–—'.includes(char) && this.#text[this.#at - 1] === ' ' && this.#text[this.#at + 1] === ' '
    this.#at++
    this.#words.breakOff(isDash)
    if (ENDS_OF_PARTS.includes(char)) this.#words.endParts()
  }

  /** Whether the number of a step or an epoch follows: `Step [5/30]`, `Epoch (3)`, `Epoch #3`, `Epoch-3`. */
  #isCounterAhead(char: string): boolean {
    if (this.#words.counter() === null) return false
    if (char === '-' && !isWordStart(this.#text.charAt(this.#at - 1))) return false
    return COUNTER_AHEAD.test(this.#text.slice(this.#at, this.#at + 24))
  }

  /** Whether the `#` here only says that a counter is a number: `step#: 20`, `epoch # = 3`. */
  #isNumberSign(): boolean {
    return /^# ?[:=]/.test(this.#text.slice(this.#at, this.#at + 3)) && this.#words.counter() !== null
  }

  #isNumberHere(): boolean {
    const before = this.#text.charAt(this.#at - 1)
    return !isWordStart(before) && !isDigit(before) && numberAt(this.#text, this.#at) !== null
  }

  /** Whether the `.` here ends `Ep.` or `Avg.`, and no sentence. */
  #isAbbreviation(): boolean {
    return /(?:^|[^A-Za-z])[A-Za-z]{1,3}$/.test(this.#text.slice(Math.max(0, this.#at - 4), this.#at))
  }
}

/** A phase in brackets, and another one with its value before it: `(val 0.5, test `. */
const PHASES_IN_BRACKETS = /^ ?[([](?:\p{L}{2,12}[ :=]{1,3}[-+.\deinfa]{1,24}[ ,;|/]{1,3})?\p{L}{2,12}[ :=]{1,3}$/iu
/** What makes a question, an answer or a counter of a NaN: `loss nan? False`, `loss is nan: no`, `loss nan count: 3`. */
const DENIED =
  /^ ?(?:[?:=]|->)? ?(?:false|no|none|never|0(?![.\d]))\b|^ ?\?(?! ?(?:true|yes)\b)|^ (?:counts?|counter|times)\b/i
/** Words in brackets behind a number, with no value of their own. */
const BEHIND = /[([](\p{L}[\p{L}_ ]{1,30})[)\]](?! ?[:=]| {1,3}[-+.]?\d[\w.+-]*(?! ?[([\w.]))/uy
/** An arrow to what a value has become; one before a name only parts it from that: `step 20 -> loss 0.5`. */
const OLD_VALUE = /^ *(?:[-=]{1,2}>|[→⇒])(?! *(?!nan\b|inf)\p{L})/iu
/** A number and the counter that it hangs on to. */
const GLUED_COUNTER =
  /(?:\d{1,9}-)?(\d{1,9})(?:(?:st|nd|rd|th) )?(epoch|ep|batch|iter|iteration|step|update)(?![\w/])/iy
/** The first and the last of what a line is about. */
const RANGE = /(\d{1,9})-(\d{1,9})(?=[\]), :|]|$)/y
const PLURAL_COUNTER = /^((?:mini)?batch|iteration|step|update)(?:es|s)$/i
/** Words before a count that say no more than that it goes on. */
const PROGRESS = /^(?:process|processing|processed|progress|train|training|seen|images|samples|examples|sentences)$/i
/** What a count is of, in words. */
const TOTAL_IN_BRACKETS = /^ of \d{1,12}(?=[)\]])/
const TOTAL_AT_HEAD =
  /^ of \d{1,12}(?= (?:samples|images|examples|sentences|batches|steps|iterations|updates|rows|files)\b)/
const TOTAL_IN_OTHER_WORDS = /(?: (?:von|sur|de|из|di|van) | ?[,，]? ?共 ?)\d{1,12}(?![\d.])/iy
const TOTAL_AHEAD = /共 ?\d{1,12} ?(?:个? ?(?:轮|輪|步|回合|周期|批次|批))?(?![\d.])/y
const MAX_COUNT_AT = 4
/** A row of losses: `D loss 0.5 G loss 0.7`. */
const LOSSES_IN_ROW =
  /^\s*\p{L}\w{0,12} loss(?:es)? [-+]?[\dni][\w.+-]*[ ,;|]{1,4}\p{L}\w{0,12} loss(?:es)? [-+]?[\dni]/iu
const MAX_ROW_HEAD_CHARS = 80
/** What was counted, in the words behind the number. */
const COUNTED_UNIT = /^ (epoch|step|iteration|iter|update|batch)(?:s|es)?\b/i
const OF_TIME = /(?:^|[ _])(?:eta|time|elapsed|remaining|left|duration)$/i
const SPAN = / ?(?:days?|d|hours?|hrs?|h|minutes?|mins?|m)(?:,| and)? ?\d/iy
const COUNTER_AHEAD = /^(?:\[ *\d|`\d{1,9}`|\( ?\d{1,9}(?: ?\/ ?\d{1,9})? ?\)|[#-]\d{1,9}(?![\d.-]))/
/** A name and the verb behind it, as Chinese writes them before a value. */
const VERB = /^(.{0,24}?)(?:等于|等於|[为為是])(?=\d|nan|inf|$)/i
/** The counter in a word, and its number: `epoch5`, `iter_200`. */
const COUNTING_WORD = /^([A-Za-z_]{2,24}?)_?(\d{1,9})$/
const JOINED_COUNTERS = /^([a-z]{2,12})_?(\d{1,9})[_/-]([a-z]{2,12})_?(\d{1,9})$/i
/** The brackets of a call, and the calls behind it, where a value follows. */
const CALLS = /\(\)(?:\.[a-z]{1,12}\(\)){0,5}(?= ?[=:])/y
/** A value that was not measured, with the unit that hangs on to it: it begins no name. */
const NAN_OF_UNIT = /^(?:nan|inf)(?:[kmgtb]|[nmu]?s|secs?|mins?|h|[kmgt]i?b)$/i
const GLUED_VALUE = /^[A-Za-z_]{0,16}loss(nan|inf|\d{1,9})$/i
/** Words, or a first and a last, in brackets between a name and its value. */
const CIRCUMSTANCE = / ?[([]((?:\p{L}|\d{1,9}-\d)[^()[\]{}]{0,40})[)\]](?= ?[:=] ?["'[(]{0,2}[-+.]?[\dni∞])/iuy
const COUNTER_WITHIN = /(?<![\p{L}\d])(\p{L}{2,12})[ .:=#]{1,3}(\d{1,9})(?![\d.\p{L}])/gu
const FORMULA = /^\([^()\s=]{1,32}\)(?= ?[:=])/
const MAX_SOURCE_CHARS = 48
const IN_BYTES = /^ ?(?:[KMGT]i?B|%)/i
/** A count at the head of a line. */
const COUNTED = /^[\s[#|]{0,12}\d{1,9}[\]:,|]?\s/
/** A count, and a value that is none. */
const STEP_AND_VALUE =
  /\d{1,9}:?[ \t]{1,8}(?:[-+]?(?:\d{1,9}\.\d{1,20}(?:e[-+]?\d{1,3})?|nan|inf(?:inity)?)(?![\w.%:/]|-\w))/iy

/** What may join a name and a number beside `=` and `:`: arrows, a doubled colon, a row of dots, and the bars round the cells of a row. */
const JOINERS = '-=:.→⇒＝|│┃'
const JOINER =
  /(?:[-=]>|[→⇒＝]|(?<= )-(?= )|::|\.{4,}:?(?= ))(?= *["'[(]{0,2}[-+.]?[\dni∞])|[|│┃](?= *[-+]?(?:\d[\d.e+-]*|nan|inf) *(?:[|│┃]|$))/iy

/** What ends a list of the parts of a loss. */
const ENDS_OF_PARTS = ')]}|;:'

/** By what a number may begin that is one only behind the name of a metric. */
const THOUSANDS = /^\d{1,3}[ \u202f\u00a0]\d{3}[,\d]/
const LOOSE = '[({"\'`<~≈*∞'

/** The hours or minutes in which a clock counts: `3:12 h`. */
const UNIT_OF_TIME = /(?:(?<=:\d\d) ?(?:h|hrs?|hours?|m|mins?|minutes?)(?![\w:=]| [:=]))?/iy
/** What hangs on to a number: all but what may part it from the next name. */
const HANGING = /[^ \t,;|()[\]{}=:]*/y

/** `＋`, `－`, `．`, `／` and `０` to `９`, and the minus before a number. */
const WIDE = /[\uff0b\uff0d-\uff19\u2212]/
const WIDE_ALL = /[\uff0b\uff0d-\uff19]|\u2212(?=[\d.\uff10-\uff19])/g
const WIDE_FROM_ASCII = 0xfee0

function pairOf(
  name: string,
  value: MetricValue,
  raw: string | null,
  zeroDecimals: number | undefined,
  of: string,
): Pair {
  if (zeroDecimals !== undefined)
    return of === '' ? { name, value, raw, zeroDecimals } : { name, value, raw, zeroDecimals, of }
  return of === '' ? { name, value, raw } : { name, value, raw, of }
}

/** A text with the digits, signs and points of East Asia, and the minus of books, as ASCII has them. */
function withPlainDigits(text: string): string {
  if (!WIDE.test(text)) return text
  return text.replace(WIDE_ALL, (char) =>
    char === '\u2212' ? '-' : String.fromCharCode(char.charCodeAt(0) - WIDE_FROM_ASCII),
  )
}

function isCertainCounter(name: string): boolean {
  const field = fieldOf(name)
  return field.kind === 'epoch' || (field.kind === 'step' && field.isCertain)
}
