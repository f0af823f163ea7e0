import { isPolicyRole } from '../../protocol/sample.ts'
import {
  fieldOf,
  isLossLike,
  isMeasure,
  isOfPhase,
  isPlainRole,
  lossKindOf,
  namesLosses,
  phaseOf,
  roleOf,
} from './fields.ts'
import { isSettingWord } from './loss-names.ts'
import type { Phase } from './name-words.ts'
import { isSide } from './side-names.ts'

export type KeySeparator = ':' | '='

const MAX_WORDS = 6
/** A phase is named in a word or three: `Test`, `Validation set`. */
const MAX_PHASE_WORDS = 3
/** So is a loss in a row of values: `kl loss`, `mel stop loss`. */
const MAX_LOSS_WORDS = 3
const LOSS = /loss(?:es)?$/i
const LEVELS = /^(?:trace|debug|info|notice|warn|warning|error|critical|fatal)$/i
/** Words that a number follows in prose, and that begin no name: `improved from 0.9 to 0.5`, `with loss 0.5`. */
const PREPOSITIONS = /^(?:to|from|of|in|at|by|for|on|and|or|is|was|after|than|with|the|over|的)$/i
const LONGEST_PREPOSITION = 5
/** What may hang on to the number before a name: `2.3 nats lr 0.1`. */
const UNITS = /^(?:nats?|bits?|s|secs?|seconds?|ms|us|mins|minutes?|hours?|hrs?|days?|[KMG]i?B|dB|px|deg)$/i
/** The same, but names as well: `12 it/s lr 0.1`, `it/s 12 lr 0.1`. */
const RATES = /^[a-z]{1,16}\/s(?:ec|econd)?$/i
/** What a number counted, or what is said of it, where the name of a loss follows: `64 images loss 0.5`, `epoch 3 done loss 0.5`. */
const COUNTED =
  /^(?:images|imgs|samples|examples|tokens|frames|words|sentences|sequences|batches|steps|done|finished|completed?|ended|took|got|has|had)$/i
/** Words that may stand between that of a phase and its counter: `Validation of the model at epoch: 3`. */
const OF_PHASE = /^(?:of|on|at|in|for|the|set|data|dataset|model|during|running|start|starting|begin)$/i
/** A message that ends in the name of a value. */
const MESSAGE = /^(?:.* )?(?:with|has|had|got|monitor(?:ed|ing)? (?:metric|quantity|value))(?: an?| the)? (.+)$/i
const CALLED = /(?:\.(?:item|detach|cpu|numpy|data|float|mean|sum|tolist|asnumpy|asscalar))+$/
/** Words of a phase that name no set of data, and so no metric. */
const DOING = /^(?:validating|evaluating|validate|evaluate)$/i
const SOURCE_FILE = /\.(?:py|pyx|cc|cpp|cu|h|rs|go|js|ts)$/

/** The words before a place in a line, which may be the name of a number that comes next. */
export class KeyWords {
  #words: string[] = []
  #separator: KeySeparator | null = null
  /** Whether the words follow right on a number: the first may be its unit. */
  #isAfterNumber = false
  /** Whether that number had no name: the first word says what it is. */
  #isAfterBare = false
  /** Whether the words follow right on `word:`, as `main` in the `__main__:main:217` of a logger. */
  #isQualified = false
  /** The word by which the line said that it goes on about a held-out set: `Test: loss 0.5`. */
  #phase = ''
  /** The word that a bound name has left out, the `gen` of `gen loss=0.5`, or that stands behind it: `loss(G)=0.5`. */
  #beside = ''
  /** The word before a mark, which may be what the names behind it are of: `G: loss=0.5`. */
  #scope = ''
  /** The name of losses whose parts follow, each with its number: `losses: policy=0.1 value=2.0`; '' for none. */
  #losses = ''

  get isEmpty(): boolean {
    return this.#words.length === 0
  }

  get isEmptyOrCounter(): boolean {
    return this.#words.length === 0 || this.counter() !== null || phaseOfWord(this.#words[0]!) !== null
  }

  get hasSeparator(): boolean {
    return this.#separator !== null
  }

  get text(): string {
    return this.#words.length === 1 ? this.#words[0]! : this.#words.join(' ')
  }

  /** What the name in hand is of, where another value of the line may have the same name; '' for nothing. */
  get owner(): string {
    return this.#beside === '' ? this.#scope : this.#beside
  }

  /** Takes the next word; those before a separator or a gap turn out to have been no part of its name. */
  add(word: string, isAfterGap: boolean, isAfterColon: boolean, isLevel = LEVELS.test(word)): void {
    const isQualified = this.#separator === ':' && isAfterColon
    if (this.#separator !== null || (isAfterGap && this.#words.length > 0)) this.breakOff()
    this.#isQualified ||= isQualified
    if (isLevel) this.clear()
    else if (this.#words.length > 0 || word.length > LONGEST_PREPOSITION || !PREPOSITIONS.test(word))
      this.#words.push(word)
    // One word more than a name may have is enough to tell that this is prose.
    if (this.#words.length > MAX_WORDS + 1) this.#words.shift()
  }

  /** Takes a `:` or `=` behind the name, or says that it cannot stand here. */
  separate(separator: KeySeparator, isTight: boolean): boolean {
    if (this.#words.length === 0 || this.#separator !== null) return false
    this.#separator = separator
    // `loss is: 0.5`
    if (this.#words.length > 1 && /^(?:is|was)$/i.test(this.#words.at(-1)!)) this.#words.pop()
    // `name=value` binds to the word next to it, whatever message stands before.
    if (separator === '=' && isTight) {
      const bound = boundWords(this.#words)
      if (isCounter(bound.join(' '))) this.#enterPhaseOf(this.#words)
      if (bound.length < this.#words.length) this.#losses = lossesIn(this.#words.slice(0, -bound.length))
      const beside = this.#words.at(-bound.length - 1)
      if (beside !== undefined && mayOwn(beside)) this.#beside = beside
      this.#words = bound
    }
    return true
  }

  enterPhase(word: string): void {
    const phase = phaseOfWord(word)
    if (phase !== null) this.#phase = phase === 'validation' ? word : ''
  }

  /** Takes what stands in brackets behind a name: its phase, or what it is of. */
  enterBrackets(word: string): void {
    this.enterPhase(word)
    if (mayOwn(word)) this.#beside = word
  }

  /**
   * Ends the words without a number: what they name is a phase, if anything, or what the names behind them are of. With
   * `isDash` they may be a name before its parts: `Loss - total: 0.5`.
   */
  breakOff(isDash = false): void {
    const word = this.#words.length <= MAX_PHASE_WORDS ? this.#words[0] : undefined
    if (this.#words.length === 1 && mayOwn(word!)) this.#scope = word!
    const told = word !== undefined && phaseOfWord(word) !== null ? word : this.#words.find((word) => DOING.test(word))
    if (told !== undefined) this.enterPhase(told)
    if (word !== undefined) this.#losses = isDash || this.#mayHeadParts ? lossesIn(this.#words) : ''
    this.clear()
  }

  /** Ends a list of the parts of a loss. */
  endParts(): void {
    this.#losses = ''
  }

  /** Whether the words, without a number, may be a name before the parts of a loss: `loss: `, `losses `. */
  get #mayHeadParts(): boolean {
    return this.#separator !== null || /losses$/i.test(this.#words.at(-1)!)
  }

  clear(): void {
    this.#words = []
    this.#separator = null
    this.#isAfterNumber = false
    this.#isAfterBare = false
    this.#isQualified = false
    this.#beside = ''
  }

  /** Begins anew behind a number. */
  passNumber(isNamed = true): void {
    this.clear()
    this.#isAfterNumber = true
    this.#isAfterBare = !isNamed
  }

  /** Whether timm's epoch follows, which goes by the name of the phase: `Train: 3 [  50/1000 (  5%)]`. */
  isPhase(): boolean {
    return this.#separator === ':' && this.#words.length === 1 && phaseOf(this.#words[0]!) !== null
  }

  /** Drops the verb of `the loss is 0.5`, where the words before it are the name of a loss. */
  dropVerb(): void {
    if (this.#separator !== null || !/^(?:is|was)$/i.test(this.#words.at(-1) ?? '')) return
    if (isLossLike(this.#words.slice(0, -1).join(' '))) this.#words.pop()
  }

  /** Drops the message before a known name: `Model diverged with loss`, `Monitored metric val_loss`. */
  dropMessage(): void {
    if (this.#words.length < 2) return
    const name = MESSAGE.exec(this.text)?.[1]
    if (name !== undefined && isKnown(name) && !this.#words.some((word) => isSettingWord(word.toLowerCase())))
      this.#words = name.split(' ')
  }

  /** Drops from the name in hand what takes the number out of a tensor: `loss.item`. Says whether there was any. */
  dropCall(): boolean {
    const word = this.#words.at(-1) ?? ''
    const name = word.replace(CALLED, '')
    if (name === word || name === '') return false
    this.#words = [...this.#words.slice(0, -1), name]
    return true
  }

  /** Undoes what two processes leave that print the same words in turn: `loss atloss at 202 3.40`. */
  undouble(): void {
    const [first = ''] = this.#words
    if (!this.#words.some((word, index) => index > 0 && word.endsWith(first))) return
    const text = this.text
    const half = text.slice(0, text.length >> 1)
    if (text === half + half || text === `${half} ${half}`) this.#words = half.split(' ')
  }

  /**
   * Drops `at`, `at step` or `after epoch` from the end, if it is there, and gives the counter: `loss at 402 3.40` and
   * `Cost after epoch 3: 0.5` have their value still to come. `unit` is what stands behind the number: `after 400 steps`.
   */
  dropCounter(unit: string): string | null {
    const at = this.#words.findLastIndex((word) => PREPOSITIONS.test(word))
    if (at < 1) return null
    const counter = this.#words.slice(at + 1).join(' ') || unit || (this.#words[at] === 'at' ? 'step' : '')
    const name = this.#words.slice(0, at).join(' ')
    const isAtStep = this.#words[at] === 'at' && fieldOf(counter).kind === 'step'
    const hasPhase = () => this.#words.slice(0, at).some((word) => phaseOfWord(word) !== null)
    if (!isCounter(counter) || !(isAtStep || isLossLike(name) || isKnown(name) || hasPhase())) return null
    this.#words.length = at
    this.#separator = null
    if (!isLossLike(name)) this.#enterPhaseOf(this.#words)
    return counter
  }

  /** Whether there are words before those of a counter, a guess that costs nothing. */
  get mayEndInCounter(): boolean {
    return this.#words.length > 1
  }

  /** The counter with which the words end, `STEP` of `Finished STEP`; null where they end otherwise. */
  counter(): string | null {
    const from = this.#words.findIndex((_, index) => isCounter(this.#words.slice(index).join(' ')))
    return from < 0 ? null : this.#words.slice(from).join(' ')
  }

  /** The same, as the name of the number that comes next: the phase before it is that of the line. */
  takeCounter(): string | null {
    const counter = this.counter()
    if (counter !== null) this.#enterPhaseOf(this.#words)
    return counter
  }

  /** Words of two phases tell neither. */
  #enterPhaseOf(words: readonly string[]): void {
    const told = words.filter((word) => phaseOfWord(word) !== null)
    if (new Set(told.map(phaseOfWord)).size === 1) this.enterPhase(told[0]!)
  }

  /** Whether the words are a counter, and before it a phase and no more: `Valid Epoch`. */
  get #isCounterOfPhase(): boolean {
    if (this.#words.length === 1) return isCounter(this.#words[0]!)
    const counter = this.counter()
    if (counter === null) return false
    const before = this.#words.slice(0, this.#words.length - counter.split(' ').length)
    return before.every((word) => OF_PHASE.test(word) || phaseOfWord(word) !== null)
  }

  /** Whether the first word is the unit of the number before it: behind a number with a name, `min` and `it/s` may be names. */
  get #isUnitFirst(): boolean {
    const first = this.#words[0]
    if (!this.#isAfterNumber || first === undefined) return false
    if (UNITS.test(first) || (this.#words.length > 1 && RATES.test(first))) return true
    return this.#isAfterBare && (RATES.test(first) || /^(?:h|min)$/i.test(first))
  }

  /** Whether the words are those of a loss or a reward, `kl loss`, as in a row of values without `=` and `:`. */
  get #isScoreInRow(): boolean {
    const first = this.#words[0]!
    if (this.#words.length > MAX_LOSS_WORDS || (this.#isAfterNumber && (this.#isAfterBare || COUNTED.test(first))))
      return false
    // `nan loss 3 times`
    if (/^(?:nan|inf|infinite)$/i.test(first)) return false
    if (isErrorOfPhase(this.#words)) return true
    return (LOSS.test(this.#words.at(-1)!) && isLossLike(this.text)) || roleOf(this.text) === 'reward'
  }

  /**
   * The name of the number that comes next, or null when the words are none. With `isInRow` other values stand before it
   * in the line.
   */
  name(isInRow: boolean): string | null {
    if (this.#isUnitFirst) {
      if (this.#words.length === 1 && this.#separator === null) return null
      if (this.#words.length > 1) {
        this.#words.shift()
        this.#isAfterBare = false
      }
    }
    const words = this.#words
    if (words.length === 0 || words.length > MAX_WORDS || SOURCE_FILE.test(words.at(-1)!)) return null
    if (this.#isCounterOfPhase) return this.takeCounter()
    let name = this.text
    if (!isKnown(name)) {
      if (this.#isQualified || PREPOSITIONS.test(words.at(-1)!)) return null
      if (this.#separator === null && words.length > 1 && !(isInRow && this.#isScoreInRow)) {
        name = words.slice(1).join(' ')
        // `0.5 eV loss_F 0.25`
        const isNamed = isKnown(name) || (words.length === 2 && isLossLike(name))
        if (!this.#isAfterNumber || !isNamed) return this.takeCounter()
      }
    }
    if (this.#losses !== '') name = this.#inLosses(name)
    return this.#phase !== '' && isOfPhase(name) && phaseOf(name) === null ? `${this.#phase}/${name}` : name
  }

  /** The name of a part of the losses in hand; one that is of something else ends them. */
  #inLosses(name: string): string {
    const kind = lossKindOf(name)
    const role = roleOf(name)
    if (isLossLike(name) || (role !== null && role !== 'reward' && isPolicyRole(role))) return name
    const isPart = kind === 'error' || kind === 'player' || phaseOfWord(name) !== null
    if (isPart || (role === 'other' && !isSide(name) && !isMeasure(name))) return `${this.#losses}/${name}`
    this.#losses = ''
    return name
  }

  /**
   * Whether the words are a name that is known to mean something, for a `nan` that could be prose. With `isInRow` other
   * values stand before it in the line: there the words of a policy are names as well.
   */
  isKnownMetric(isInRow: boolean): boolean {
    const role = roleOf(this.text)
    if (role === null) return false
    return isKnown(this.text) || lossKindOf(this.text) !== null || (isInRow && isPolicyRole(role))
  }

  /** Whether the words, and what parts them from a value, name a counter or a known metric. */
  get isKnownName(): boolean {
    return this.#words.length > 0 && isKnown(this.text)
  }

  /** Whether the words are the name of a counter or of a known metric. */
  get isKnown(): boolean {
    return this.#words.length > 0 && this.#separator === null && isKnown(this.text)
  }

  /** Whether the words are such a name, or that of a part of a loss, `box loss`: more than a colon may part it from its number. */
  get isSurelyNamed(): boolean {
    const last = this.#words.at(-1)
    if (last === undefined || this.#separator !== null || this.#words.length > MAX_LOSS_WORDS) return this.isKnown
    return this.isKnown || ((this.#words.length === 1 || LOSS.test(last)) && isLossLike(this.text))
  }
}

/** The longest end of `words` that is a known name, or else the last word. */
function boundWords(words: readonly string[]): string[] {
  const from = words.findIndex((_, index) => {
    const end = words.slice(index)
    return isKnown(end.join(' ')) || (phaseOf(end.join(' ')) === 'validation' && isErrorOfPhase(end))
  })
  // `New best val_loss=0.31`: what was logged before is logged again. MXNet's `Time cost=12.3` are seconds.
  if (words.slice(0, Math.max(from, 0)).some((word) => isSettingWord(word.toLowerCase()) || /^time$/i.test(word)))
    return [...words]
  return words.slice(from < 0 ? -1 : from)
}

/** The longest end of the words that is a name of losses; '' for none. */
function lossesIn(words: readonly string[]): string {
  const from = words.findIndex((_, index) => namesLosses(words.slice(index).join(' ')))
  return from < 0 ? '' : words.slice(from).join(' ')
}

function isKnown(name: string): boolean {
  const role = roleOf(name)
  return role === null || !isPlainRole(role)
}

function isCounter(name: string): boolean {
  const { kind } = fieldOf(name)
  return kind === 'step' || kind === 'epoch'
}

/** Whether the words are an error and a phase, and begin with either: `val mse`, `error on the test set`. */
function isErrorOfPhase(words: readonly string[]): boolean {
  const [first = ''] = words
  const name = words.join(' ')
  return (
    lossKindOf(name) === 'error' &&
    phaseOf(name) !== null &&
    (phaseOfWord(first) !== null || lossKindOf(first) === 'error')
  )
}

/** The phase that a word names, be it alone. */
function phaseOfWord(word: string): Phase | null {
  return /^\p{L}+$/u.test(word) ? phaseOf(word) : null
}

/** Whether a word may say what a value is of that has no name of its own. */
function mayOwn(word: string): boolean {
  return !PREPOSITIONS.test(word) && !COUNTED.test(word) && phaseOf(word) === null && !isCounter(word)
}
