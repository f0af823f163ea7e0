import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { withEndSigns } from '../../../src/core/pipeline/end-signs.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { isSame } from '../../../src/core/templates/state-leaves.ts'
import { LineTemplates } from '../../../src/core/templates/templated-log.ts'
import { uniformDraws } from '../detect/noise.ts'
import { utf8 } from '../reading/bytes.ts'
import { LAYOUTS } from '../templates/fuzzed-lines.ts'
import { textsIn } from '../templates/texts-in.ts'
import { RULES } from './watched-run.ts'

const EAGER = {
  recordsPerLook: 1,
  looksOfShape: 2,
  probesOfNumber: 0,
  linesPerProbe: 1,
  linesPerCheck: 50,
}

/** A log that comes to nothing: prose between its records, a spike, a NaN, and an exception at last. */
function textOf(layout: (typeof LAYOUTS)[number]): string {
  const draw = uniformDraws(8)
  const lines = Array.from({ length: 900 }, (_, step) => {
    const line = layout.line(step, draw)
    if (step === 700) return line.replace(/(loss\W{1,4})\d+\.\d+/, '$198.5')
    if (step === 800) return line.replace(/(loss\W{1,4})\d+\.\d+/, '$1nan')
    return step % 150 === 149 ? `saved checkpoint-${step}\n${line}` : line
  })
  const heading = layout.heading === undefined ? [] : [layout.heading]
  return [...heading, ...lines, 'Traceback (most recent call last):', 'ValueError: loss is NaN', ''].join('\n')
}

/** What each of several reads comes to. */
function outcomesOf(bytes: Uint8Array, templates: LineTemplates | undefined, mostBytes = 6000) {
  const draw = uniformDraws(4)
  let [file, memory] = [NEW_FILE, EMPTY_MEMORY]
  let start = 0
  const outcomes: unknown[] = []
  for (let end = 0; end < bytes.length; ) {
    end = Math.min(bytes.length, end + Math.floor(mostBytes * draw() ** 3))
    const isFinal = end === bytes.length
    const { lines, next } = splitLines(bytes.subarray(start, end), start, isFinal)
    start = next
    const read = {
      run: 'a',
      file: 'a/train.log',
      content: { ...NO_LINES, lines },
      isFinal,
      backfillUntil: 0,
      nowIso: '2026-03-05T12:00:00.000Z',
      templates,
      isOneByOne: templates === undefined,
    }
    const { heeded, ...outcome } = advance(read, file, memory, RULES)
    const shown = { ...outcome, heeded, samplesBefore: file.counts.samples }
    memory = withEndSigns(read.file, read.content, shown, 0)
    ;({ file } = outcome)
    outcomes.push({ ...outcome, memory })
  }
  return outcomes
}

describe('states, samples and alerts are the same, read by read, whether lines are read by templates or not', () => {
  for (const layout of LAYOUTS)
    test(layout.name, () => {
      const text = utf8(textOf(layout))
      const templates = new LineTemplates(EAGER)
      expect(JSON.stringify(outcomesOf(text, templates))).toBe(JSON.stringify(outcomesOf(text, undefined)))
      expect(templates.hits).toBeGreaterThan(100)
      expect(templates.differences).toBe(0)
    })

  for (const folder of ['test/fixtures', '../shared/corpus', '../shared/genuine'])
    test.skipIf(!existsSync(folder))(
      `the logs of ${folder}${existsSync(folder) ? '' : ' (not present)'}`,
      { timeout: 300_000 },
      () => {
        const differences = textsIn(folder).filter((path) => {
          const bytes = readFileSync(path).subarray(0, 1e6)
          const templates = new LineTemplates(EAGER)
          const isAsBefore = isSame(outcomesOf(bytes, templates, 3e5), outcomesOf(bytes, undefined, 3e5))
          return !isAsBefore || templates.differences > 0
        })
        expect(differences).toEqual([])
      },
    )
})
