import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.ts'
import { Reading } from './reading.ts'
import { Writer } from './writer.ts'

/** A writer, a reader of the same file, and what must hold between them. */
class Schedule {
  readonly #writer: Writer
  readonly #reading: Reading
  #settled = 0
  #gapsSettled = 0
  truncations = 0
  restarts = 0

  constructor(path: string) {
    this.#writer = new Writer(path)
    this.#reading = new Reading(path)
  }

  readonly steps = {
    append: (lines: number) => this.#writer.append(lines),
    half: () => this.#writer.half(),
    rotate: () => this.#writer.rotate(),
    delete: () => this.#writer.delete(),
    replace: () => this.#writer.replace(),
    truncate: (refill: number) => {
      this.truncations++
      return this.#writer.truncate(refill)
    },
    restart: async () => {
      this.restarts++
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

  async check(): Promise<void> {
    await this.steps.append(1)
    await this.steps.look()
    const { lines, gaps } = this.#reading
    const { written, unreadable } = this.#writer
    const read = new Set(lines)
    expect(read.size, 'no line is doubled').toBe(lines.length)
    expect(lines, 'lines come whole, and in the order of writing').toEqual(written.filter((line) => read.has(line)))
    expect(
      written.filter((line) => !read.has(line) && !unreadable.has(line)),
      'no line is lost',
    ).toEqual([])
    expect(gaps.length, 'no gap without a reason').toBeLessThanOrEqual(this.truncations + this.restarts)
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
    if (cutOff.length > 0) expect(gaps, 'what is gone is told of as a gap').toBeGreaterThan(this.#gapsSettled)
    this.#settled = this.#writer.past.length
    this.#gapsSettled = gaps
  }
}

type Step = readonly [name: keyof Schedule['steps'], count: number]

const step: fc.Arbitrary<Step> = fc.tuple(
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

test('no order of appending, rotating, truncating and restarting loses or doubles a line that could be read', async () => {
  const folder = await tempFolder()
  let files = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const schedule = new Schedule(join(folder, `${files++}.log`))
      try {
        for (const [name, count] of steps) await schedule.steps[name](name === 'append' ? count + 1 : count)
        await schedule.check()
      } finally {
        await schedule.close()
      }
    }),
    { seed: 20260301, numRuns: 200 },
  )
})
