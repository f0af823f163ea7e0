import fc from 'fast-check'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { Reading } from './reading.ts'
import { Writer } from './writer.ts'

/** What went wrong in a schedule; all 0 when every line that could be read was read once and whole. */
export type ScheduleCounts = {
  readonly lost: number
  readonly doubled: number
  /** Lines that nobody wrote so, or not in this order. */
  readonly torn: number
  /** Lives of the file that were cut off without a gap, and gaps without a reason. */
  readonly wrongGaps: number
}

/** A writer, a reader of the same file, and what must hold between them. */
class Schedule {
  readonly #writer: Writer
  readonly #reading: Reading
  #settled = 0
  #gapsSettled = 0
  #truncations = 0
  #restarts = 0
  #silentCuts = 0

  constructor(path: string, remember: (cursor: Cursor) => Cursor) {
    this.#writer = new Writer(path)
    this.#reading = new Reading(path, { remember })
  }

  readonly steps = {
    append: (lines: number) => this.#writer.append(lines + 1),
    half: () => this.#writer.half(),
    rotate: () => this.#writer.rotate(),
    delete: () => this.#writer.delete(),
    replace: () => this.#writer.replace(),
    truncate: (refill: number) => {
      this.#truncations++
      return this.#writer.truncate(refill)
    },
    restart: async () => {
      this.#restarts++
      await this.#reading.restart()
      this.#writer.readerDied()
    },
    lookInVain: async () => {
      await this.#reading.lookInVain()
      this.#writer.wasOpened()
    },
    look: async () => {
      await this.#reading.catchUp()
      this.#writer.wasRead()
      if (this.#writer.isThere) this.#checkGaps()
    },
  }

  async end(): Promise<ScheduleCounts> {
    await this.steps.append(0)
    await this.steps.look()
    const { lines, gaps } = this.#reading
    const { written, unreadable } = this.#writer
    const read = new Set(lines)
    const inOrder = written.filter((line) => read.has(line))
    const once = [...read]
    return {
      lost: written.filter((line) => !read.has(line) && !unreadable.has(line)).length,
      doubled: lines.length - read.size,
      torn: once.filter((line, i) => line !== inOrder[i]).length,
      wrongGaps: this.#silentCuts + Math.max(0, gaps.length - this.#truncations - this.#restarts),
    }
  }

  close(): Promise<void> {
    return this.#reading.close()
  }

  /** A life of which some lines were read and the others are gone for ever must have been told of as a gap. */
  #checkGaps(): void {
    const read = new Set(this.#reading.lines)
    const cutOff = this.#writer.past
      .slice(this.#settled)
      .filter(({ isUnseenCopy }) => !isUnseenCopy)
      .filter(({ lines }) => lines.some((line) => read.has(line)) && lines.some((line) => !read.has(line)))
    const { length: gaps } = this.#reading.gaps
    if (cutOff.length > 0 && gaps === this.#gapsSettled) this.#silentCuts++
    this.#settled = this.#writer.past.length
    this.#gapsSettled = gaps
  }
}

export type ScheduleStep = readonly [name: keyof Schedule['steps'], count: number]

const step: fc.Arbitrary<ScheduleStep> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('append' as const) },
    { weight: 4, arbitrary: fc.constant('look' as const) },
    {
      weight: 9,
      arbitrary: fc.constantFrom('half', 'rotate', 'delete', 'replace', 'truncate', 'restart', 'lookInVain'),
    },
  ),
  fc.integer({ min: 0, max: 12 }),
)

/** Random orders of appending, rotating, truncating, deleting, replacing, reading and restarting. */
export const schedules: fc.Arbitrary<ScheduleStep[]> = fc.array(step, { minLength: 5, maxLength: 60 })

/**
 * Plays a schedule on a real file, and reads it with the production follower.
 *
 * `remember` stands between what the follower says of its place and what is
 * given back to it: a test that forgets some of it must see lines go missing.
 */
export async function play(
  path: string,
  steps: readonly ScheduleStep[],
  remember: (cursor: Cursor) => Cursor = (cursor) => cursor,
): Promise<ScheduleCounts> {
  const schedule = new Schedule(path, remember)
  try {
    for (const [name, count] of steps) await schedule.steps[name](count)
    return await schedule.end()
  } finally {
    await schedule.close()
  }
}
