/**
 * In which order the low and the high values of a loss came.
 *
 * A loss that has lost its level was low, and is high from then on. Two kinds of batches that come by chance, easy and
 * hard ones, are low and high in any order, however many of them are easy.
 */
export type LowOrder = {
  readonly lows: number
  /** How many stretches of low values there were. */
  readonly stretches: number
  /** The high values before the last low one, and those since. */
  readonly highs: number
  readonly since: number
}

export const NO_ORDER: LowOrder = { lows: 0, stretches: 0, highs: 0, since: 0 }

/** Of more stretches any number is taken as possible, which asks for more. */
const MOST_STRETCHES = 30
const ROUNDING = 1e-9

export function foldOrder({ lows, stretches, highs, since }: LowOrder, isLow: boolean): LowOrder {
  if (!isLow) return { lows, stretches, highs, since: since + 1 }
  const isNew = lows === 0 || since > 0
  return { lows: lows + 1, stretches: stretches + (isNew ? 1 : 0), highs: highs + since, since: 0 }
}

/**
 * Whether the low values stand together, and so long before now, that chance does not order them like that.
 *
 * Of all orders of these values those count that have no more stretches of low ones and as many high ones at the end.
 * Their share may be as large as that of two low values, of as many as were looked at, which are the first two. So a dip
 * of two values amid high ones never shows a level, one of three does after three times as many high ones as came before,
 * and of low values that come again and again as many high ones in a row are asked as chance hardly gives.
 */
export function isLevelLost(order: LowOrder, looks: number): boolean {
  const { lows, stretches, highs, since } = order
  const count = lows + highs + since
  const orders =
    stretches > MOST_STRETCHES
      ? lnChoose(highs + lows, lows)
      : lnSum(
          Array.from(
            { length: Math.min(stretches, highs + 1) },
            (_, at) => lnChoose(lows - 1, at) + lnChoose(highs + 1, at + 1),
          ),
        )
  return orders - lnChoose(count, lows) <= ROUNDING - lnChoose(Math.max(looks, count), 2)
}

function lnSum(logarithms: readonly number[]): number {
  const largest = Math.max(...logarithms)
  return largest + Math.log(logarithms.reduce((sum, ln) => sum + Math.exp(ln - largest), 0))
}

/** The logarithm of how many ways there are to choose so many of all. */
function lnChoose(all: number, chosen: number): number {
  return lnFactorial(all) - lnFactorial(chosen) - lnFactorial(all - chosen)
}

/** By the series of Stirling, and exactly while that is not good enough. */
function lnFactorial(n: number): number {
  if (n >= 20) return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3)
  let product = 1
  for (let factor = 2; factor <= n; factor++) product *= factor
  return Math.log(product)
}
