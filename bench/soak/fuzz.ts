import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { FORMATS } from '../../src/core/formats/index.ts'
import { advance } from '../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../src/core/pipeline/content.ts'
import { cutLines } from '../../src/core/reading/cut.ts'
import { type Line, Lines } from '../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../src/core/state/run-memory.ts'
import { type Outcome, seededRandom, type Tell } from './promise.ts'

const SEED = 5
const LINES_A_FILE = 50
const CAP_BYTES = 256 * 1024
/** For each 64 KiB that are to be read, and for anything shorter. */
const SLOW_MS = 5
const UNIT_BYTES = 64 * 1024
/** A line counts as slow when it was so each time: the collector and other programs take their time as well. */
const TRIES = 5

const PLACE = { run: 'a', file: '/runs/a', backfillUntil: 0, nowIso: '2026-03-01T12:00:00.000Z' }
const RULES = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
const LINE_END = Buffer.from('\n')

const MORSELS = [
  'NaN',
  '-Infinity',
  '1e999',
  '{',
  '}',
  '[',
  ']]',
  '"',
  '\\u',
  ',',
  ':',
  '=',
  '\t',
  '\0',
  '\u001b[31m',
  'é',
  '0'.repeat(40),
]

/** Reads random and damaged lines of every format, in files of some lines each, one line at a time. */
export function fuzz(lines: number, tell: Tell): Outcome {
  const random = seededRandom(SEED)
  const startedMs = performance.now()
  let [uncaught, slow, slowestMs] = [0, 0, 0]
  for (let done = 0; done < lines; done += LINES_A_FILE) {
    const texts = Array.from({ length: Math.min(LINES_A_FILE, lines - done) }, () => randomLine(random))
    const bytes = Buffer.concat(texts.flatMap((text) => [text, LINE_END]))
    const { lines: cut } = cutLines({
      bytes,
      base: 0,
      encoding: 'utf-8',
      inLongLine: false,
      capBytes: CAP_BYTES,
      isFinal: true,
    })
    const split = [...cut]
    try {
      let fastestMs = readEach(split)
      for (let attempt = 1; attempt < TRIES && fastestMs.some(isSlow); attempt++) {
        const again = readEach(split)
        fastestMs = fastestMs.map((ms, i) => Math.min(ms, again[i] ?? ms))
      }
      slow += fastestMs.filter(isSlow).length
      slowestMs = Math.max(slowestMs, ...fastestMs)
    } catch (error) {
      uncaught++
      tell(`lines from ${done}: ${error instanceof Error ? error.stack : String(error)}`)
    }
    if (done % 200_000 === 0 && done > 0) tell(`${done} of ${lines}`)
  }
  return {
    counts: { uncaught, slow },
    figures: {
      lines,
      slowestMs: Math.round(slowestMs * 100) / 100,
      seconds: Math.round((performance.now() - startedMs) / 1000),
    },
  }
}

function isSlow(msPerUnit: number): boolean {
  return msPerUnit > SLOW_MS
}

/**
 * How long each line took, in milliseconds per 64 KiB; less counts as that much. Lines that were kept until the format
 * was known are read with the line that settles it, so they count as what it has to read.
 */
function readEach(lines: readonly Line[]): number[] {
  let [file, memory] = [NEW_FILE, EMPTY_MEMORY]
  return lines.map((line, i) => {
    const read = { ...PLACE, content: { ...NO_LINES, lines: Lines.of([line]) }, isFinal: i === lines.length - 1 }
    const bytes = [line, ...file.reader.pending].reduce((sum, kept) => sum + kept.bytes, 0)
    const beganMs = performance.now()
    const outcome = advance(read, file, memory, RULES)
    const tookMs = performance.now() - beganMs
    file = outcome.file
    memory = outcome.memory
    return tookMs / Math.max(1, bytes / UNIT_BYTES)
  })
}

function randomLine(random: () => number): Buffer {
  const kind = random()
  if (kind < 0.1) return Buffer.from(Array.from({ length: below(random, 200) }, () => below(random, 256)))
  let text = FORMATS[below(random, FORMATS.length)]?.example ?? ''
  const changes = below(random, 5)
  for (let i = 0; i < changes; i++) {
    const from = below(random, text.length + 1)
    const until = from + (random() < 0.5 ? 0 : below(random, 8))
    const morsel = MORSELS[below(random, MORSELS.length)] ?? ''
    // Rarely many of one kind: what takes quadratic time shows by its length.
    const repeated = random() < 0.001 ? morsel.repeat(below(random, 8000)) : morsel
    text = text.slice(0, from) + repeated + text.slice(until)
  }
  return Buffer.from(text)
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}
