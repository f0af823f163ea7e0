import { describe, expect, test } from 'vitest'
import { NO_END_SIGNS } from '../../../src/core/job/end-sign.ts'
import { LAST_LINES, LinesOfRead } from '../../../src/core/job/lines-of-read.ts'
import { Lines } from '../../../src/core/reading/lines.ts'
import { seededRandom } from '../../../src/demo/random.ts'

const KINDS: readonly ((n: number) => string)[] = [
  (n) => `epochs: ${n}`,
  (n) => `Epoch ${n}`,
  (n) => `Epoch ${n}/40`,
  (n) => `max_steps=${n}00`,
  (n) => `iteration ${n}/50 took 0.5`,
  (n) => `step ${n}, value 0.${n}`,
  () => 'RuntimeError: the shapes differ',
  () => '',
]

function linesOf(texts: readonly string[]): Lines {
  return Lines.of(texts.map((text, offset) => ({ offset, text, bytes: text.length })))
}

describe('what the lines of a read have counted', () => {
  test('is the same whether it is asked once or at many lines before', () => {
    const random = seededRandom(13)
    for (let round = 0; round < 200; round++) {
      const length = 1 + Math.floor(random() * 150)
      const texts = Array.from({ length }, (_, at) => KINDS[Math.floor(random() * KINDS.length)]!(1 + (at >> 2)))
      const lines = linesOf(texts)
      const heading = Math.floor(random() * length)
      const asked = new LinesOfRead(NO_END_SIGNS, lines)
      for (let count = 0; count <= length; count += 1 + Math.floor(random() * 20)) {
        // Until a loss is read all lines may be those of a heading.
        const headingLines = random() < 0.1 ? count : Math.min(count, heading)
        const anew = new LinesOfRead(NO_END_SIGNS, linesOf(texts.slice(0, count)))
        expect(asked.counted(count, headingLines)).toEqual(anew.counted(count, headingLines))
        expect(asked.repeated(count)).toEqual(anew.repeated(count))
        expect(asked.repeated(count).last).toHaveLength(Math.min(count, LAST_LINES))
      }
    }
  })
})
