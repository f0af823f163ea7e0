import { decimalsOf, halfUnit } from '../measure/printed.ts'

/** How a loss has come down so far: what tells whether a 0 is where it was going. Plain JSON. */
export type WayDown = {
  /** How many values other than 0 there were, up to two. */
  readonly values: number
  /** The last two, by their size. */
  readonly last: number
  readonly secondLast: number
  /** The least so far. It rises slowly, so a single batch that was easy is forgotten. */
  readonly lowest: number
  /** The steepest fall from one value to the next, as the logarithm of their ratio. It fades. */
  readonly steepest: number
}

const RISING = 1.02
const FADING = 0.95
/** A log writes at least so many decimals, though its last losses may not show them. */
const LEAST_DECIMALS = 2
/** A loss of less of the smallest units of its log may be rounded to 0. */
const LEAST_UNITS = 10
/** In float32 the probability of a row that costs less than this is 1. */
const LEAST_NATS = 2 ** -24
/** A fall to 0 that is so many times as steep as any before it, in logarithms, is none of learning. */
const STEEPER = 10
/** From a single value on no pace is known: a mean of less than this may be that of the only records in which anything was learnt. */
const FAR_NATS = 1

/** The way after one more value other than 0. */
export function wayDownAfter(way: WayDown | undefined, value: number): WayDown {
  const size = Math.abs(value)
  if (way === undefined) return { values: 1, last: size, secondLast: size, lowest: size, steepest: 0 }
  return {
    values: 2,
    last: size,
    secondLast: way.last,
    lowest: Math.min(size, way.lowest * RISING),
    steepest: Math.max(way.steepest * FADING, Math.log(way.last) - Math.log(size)),
  }
}

/** A way that has begun, while values other than 0 are added one after another: the same numbers as by `wayDownAfter`. */
export class SteadyWay {
  #last: number
  #secondLast: number
  #lowest: number
  #steepest: number
  #logOfLast: number

  constructor({ last, secondLast, lowest, steepest }: WayDown) {
    this.#last = last
    this.#secondLast = secondLast
    this.#lowest = lowest
    this.#steepest = steepest
    this.#logOfLast = Math.log(last)
  }

  fold(size: number): void {
    const logOfSize = Math.log(size)
    this.#secondLast = this.#last
    this.#last = size
    this.#lowest = Math.min(size, this.#lowest * RISING)
    this.#steepest = Math.max(this.#steepest * FADING, this.#logOfLast - logOfSize)
    this.#logOfLast = logOfSize
  }

  get way(): WayDown {
    return {
      values: 2,
      last: this.#last,
      secondLast: this.#secondLast,
      lowest: this.#lowest,
      steepest: this.#steepest,
    }
  }
}

/**
 * Whether a 0 does not lie on the way that a loss has come.
 *
 * A 0 among values of four decimals is anything up to half a unit of the last one, and what a float32 computes has such a
 * unit, too. A loss gets there by falls like those before. `zeroDecimals` are those of a 0 that is written with several.
 */
export function isFarFromZero(way: WayDown, zeroDecimals: number | undefined): boolean {
  if (way.values === 1) return zeroDecimals === undefined && way.last >= FAR_NATS
  const decimals = zeroDecimals ?? Math.max(LEAST_DECIMALS, decimalsOf(way.last), decimalsOf(way.secondLast))
  const half = Math.max(halfUnit(decimals), LEAST_NATS)
  return Math.log(way.lowest / half) >= Math.max(Math.log(2 * LEAST_UNITS), STEEPER * way.steepest)
}
