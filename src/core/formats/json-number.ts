/** The words that Python's `json` and `repr` write where JSON has no number. */
const WORDS: readonly (readonly [string, number])[] = [
  ['NaN', Number.NaN],
  ['nan', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['inf', Infinity],
  ['-inf', -Infinity],
]

/** A double holds this many decimal digits exactly, and powers of ten up to 10²². */
const EXACT_DIGITS = 15
const MAX_TAIL_DIGITS = 4
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/**
 * Reads JSON numbers, and the six bare words of Python, out of a text.
 *
 * It makes no object and no string per number: a batch of predictions holds
 * millions, nearly all with the 16 or 17 digits of a converted float32.
 */
export class JsonNumberReader {
  /** Behind the number last read; where it should have begun when there was none. */
  end = 0
  #head = 0
  #headDigits = 0
  #tail = 0
  #tailDigits = 0
  #digits = 0

  /** The number at `start`, correctly rounded; `end` stays at `start` when the text there is no number. */
  read(text: string, start: number): number {
    this.#head = this.#headDigits = this.#tail = this.#tailDigits = this.#digits = 0
    this.end = start
    const isNegative = text.charCodeAt(start) === MINUS
    const first = isNegative ? start + 1 : start
    const code = text.charCodeAt(first)
    if (!isDigit(code)) return this.#word(text, start)
    let at = this.#digitsFrom(text, first)
    if (code === ZERO && at > first + 1) return Number.NaN

    let exponent = 0
    if (text.charCodeAt(at) === DOT) {
      const fraction = at + 1
      at = this.#digitsFrom(text, fraction)
      if (at === fraction) return Number.NaN
      exponent = fraction - at
    }
    if ((text.charCodeAt(at) | LOWER) === LETTER_E) {
      const sign = text.charCodeAt(at + 1)
      const digits = sign === MINUS || sign === PLUS ? at + 2 : at + 1
      at = digits
      let power = 0
      for (; isDigit(text.charCodeAt(at)); at++) power = power * 10 + text.charCodeAt(at) - ZERO
      if (at === digits) return Number.NaN
      exponent += sign === MINUS ? -power : power
    }
    this.end = at
    const size = this.#scaled(exponent)
    if (Number.isNaN(size)) return Number(text.slice(start, at))
    return isNegative ? -size : size
  }

  #word(text: string, start: number): number {
    for (const [word, value] of WORDS) {
      if (!text.startsWith(word, start)) continue
      this.end = start + word.length
      return value
    }
    return Number.NaN
  }

  /** Takes the digits from `at` on: fifteen into the head, four into the tail, the rest only counted. */
  #digitsFrom(text: string, from: number): number {
    let at = from
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at)) {
      if (this.#headDigits < EXACT_DIGITS) {
        this.#head = this.#head * 10 + code - ZERO
        if (this.#head !== 0) this.#headDigits++
      } else if (this.#tailDigits < MAX_TAIL_DIGITS) {
        this.#tail = this.#tail * 10 + code - ZERO
        this.#tailDigits++
      } else {
        this.#digits++
      }
    }
    return at
  }

  /** The digits times 10^exponent, or NaN where that takes more than double-double arithmetic. */
  #scaled(exponent: number): number {
    if (exponent > 0 || exponent < -22 || this.#digits > 0) return Number.NaN
    const divisor = EXACT_POWERS[-exponent]!
    if (this.#tailDigits === 0) return this.#head / divisor
    return divideExactly(this.#head, EXACT_POWERS[this.#tailDigits]!, this.#tail, divisor)
  }
}

/**
 * (head · power + tail) / divisor, correctly rounded, or NaN in the rare case that is too close to call.
 *
 * The dividend is held as an unevaluated sum high + low of two doubles, the
 * quotient likewise, with a relative error below 1e-31 (T. J. Dekker, "A
 * floating-point technique for extending the available precision", 1971). When
 * moving the quotient by 1e-30 either way rounds to the same double, that is
 * the double nearest to the exact quotient.
 */
function divideExactly(head: number, power: number, tail: number, divisor: number): number {
  const product = head * power
  const rest = productError(head, power, product) + tail
  const high = product + rest
  const low = rest - (high - product)

  const quotient = high / divisor
  const back = quotient * divisor
  const remainder = high - back - productError(quotient, divisor, back) + low
  const correction = remainder / divisor
  const doubt = quotient * 1e-30
  const rounded = quotient + (correction - doubt)
  return rounded === quotient + (correction + doubt) ? rounded : Number.NaN
}

/** a · b − fl(a · b), exactly: each factor is split into halves of 26 bits. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

function upperHalf(x: number): number {
  const scaled = x * 134217729
  return scaled - (scaled - x)
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
