import { type Falls, fallsAlong } from './falls.ts'
import {
  CLIP_SPREADS,
  GAIN,
  LARGEST_VALUE,
  type Level,
  MAD_TO_SIGMA,
  REFERENCE_SAMPLES,
  SHIFT,
  SMALLEST_SPREAD,
  SPREAD_GAIN,
} from './level.ts'

/**
 * A steady level while the values of a column enter it one after another: the numbers of `deviation` and `foldLevel`, and no
 * object for any of them. They are right for values above 0.
 *
 * Several rules fold the same values into the same level, one after the other: for those they are computed once.
 */
export class LevelColumn {
  /** Of each value the position, and how far that is from the level before it, in nats and in spreads. */
  positions: Float64Array = NO_NUMBERS
  distances: Float64Array = NO_NUMBERS
  zs: Float64Array = NO_NUMBERS
  /** The level behind each value. */
  means: Float64Array = NO_NUMBERS
  spreads: Float64Array = NO_NUMBERS
  #values: Float64Array = NO_NUMBERS
  #before: Level | null = null
  #after: Level | null = null
  #falls: { readonly before: Falls; readonly after: Falls } | null = null

  /** Whether a level is no longer at its beginning, and of a loss that never went below zero. */
  static isSteady({ count, isSigned }: Level): boolean {
    return count >= REFERENCE_SAMPLES && !isSigned
  }

  /** The level along a column. It holds until two others were asked for. */
  static of(level: Level, values: Float64Array): LevelColumn {
    const [newest, older] = columns as [LevelColumn, LevelColumn]
    if (newest.#isOf(level, values)) return newest
    columns.reverse()
    if (!older.#isOf(level, values)) older.#fill(level, values)
    return older
  }

  /** The level behind the last value. */
  get after(): Level {
    return this.#after!
  }

  /** Steady falls behind the last value. */
  fallsAfter(before: Falls): Falls {
    const known = this.#falls
    if (known === null || !areEqual(known.before, before))
      this.#falls = { before, after: fallsAlong(before, this.positions, this.#values.length) }
    return this.#falls!.after
  }

  #isOf(level: Level, values: Float64Array): boolean {
    const before = this.#before
    return (
      this.#values === values &&
      before !== null &&
      before.count === level.count &&
      before.mean === level.mean &&
      before.spread === level.spread &&
      before.reference === level.reference
    )
  }

  #fill(before: Level, values: Float64Array): void {
    this.#before = before
    this.#values = values
    this.#falls = null
    if (this.positions.length < values.length) this.#grow(values.length)
    const { positions, distances, zs, means, spreads } = this
    const { reference } = before
    const shift = SHIFT * reference
    let { count, mean, spread } = before
    for (let index = 0; index < values.length; index++) {
      const position = Math.log(Math.min(values[index]!, LARGEST_VALUE) + shift || Number.MIN_VALUE)
      const distance = position - mean
      const unit = Math.max(spread, SMALLEST_SPREAD)
      positions[index] = position
      distances[index] = distance
      zs[index] = distance / unit
      const bound = CLIP_SPREADS * unit
      const clipped = Math.min(bound, Math.max(-bound, distance))
      const share = 1 / (count + 1)
      count++
      mean += Math.max(GAIN, share) * clipped
      spread += Math.max(SPREAD_GAIN, share) * (MAD_TO_SIGMA * Math.abs(clipped) - spread)
      means[index] = mean
      spreads[index] = spread
    }
    this.#after = { count, reference, isSigned: false, mean, spread }
  }

  #grow(length: number): void {
    this.positions = new Float64Array(length)
    this.distances = new Float64Array(length)
    this.zs = new Float64Array(length)
    this.means = new Float64Array(length)
    this.spreads = new Float64Array(length)
  }
}

const NO_NUMBERS = new Float64Array(0)
const columns = [new LevelColumn(), new LevelColumn()]

function areEqual(one: Falls, other: Falls): boolean {
  return (
    one.values === other.values &&
    one.last === other.last &&
    one.lowest === other.lowest &&
    one.count === other.count &&
    one.mean === other.mean
  )
}
