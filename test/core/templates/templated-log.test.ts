import { describe, expect, test } from 'vitest'
import { formatSet } from '../../../src/core/formats/described-formats.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { type LineResult, startReader } from '../../../src/core/formats/reader-state.ts'
import { type LogReaderState, readLogLine } from '../../../src/core/formats/source-readers.ts'
import { type Lines, splitLines } from '../../../src/core/reading/lines.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'
import { isSame } from '../../../src/core/templates/state-leaves.ts'
import { LineTemplates, TemplatedLog } from '../../../src/core/templates/templated-log.ts'
import { uniformDraws } from '../detect/noise.ts'
import { LAYOUTS, type Layout, mutated } from './fuzzed-lines.ts'

const PATH = 'runs/a/train.log'
/** Learns as soon as it can, and never looks whether it was right: the test does. */
const EAGER = {
  recordsPerLook: 1,
  looksOfShape: 2,
  probesOfNumber: 0,
  linesPerProbe: 1,
  linesPerCheck: Number.POSITIVE_INFINITY,
}

/** Each line that is read otherwise than by its format, or after which the reader stands elsewhere; and how many were read fast. */
function differencesIn(lines: Lines, path: string): { differences: string[]; hits: number } {
  const templates = new LineTemplates(EAGER)
  let state: LogReaderState = { reader: startReader() }
  const log = TemplatedLog.ofText(state, path, BUILT_IN, templates)
  const differences: string[] = []
  for (let at = 0; at < lines.length; ) {
    const run = log.readRun(lines, at)
    for (let row = 0; row < (run?.length ?? 1); row++) {
      const line = lines.at(at)
      const step = readLogLine(state, line, path, BUILT_IN)
      state = step.state
      if (run === null) {
        if (!isSame(log.read(lines, at), step.results)) differences.push(line.text)
      } else if (!isSame(recordsIn(step.results), [run.recordOf(row)])) differences.push(line.text)
      at++
    }
    if (run !== null && !isSame(log.state, state)) differences.push(`the state behind ${lines.at(at - 1).text}`)
    if (at % 64 === 0 && !isSame(log.state, state)) differences.push(`the state behind ${lines.at(at - 1).text}`)
  }
  return { differences, hits: templates.hits }
}

function readAll(log: TemplatedLog, lines: Lines): void {
  for (let index = 0; index < lines.length; index++) log.read(lines, index)
}

function recordsIn(results: readonly LineResult[]): LogRecord[] {
  return results.flatMap(({ result }) => (result.kind === 'records' ? result.records : []))
}

function linesOf(texts: readonly string[]): Lines {
  return splitLines(new TextEncoder().encode(`${texts.join('\n')}\n`), 0).lines
}

/** Lines of a layout, of which half have changes in or beside a number once they are known. */
function fuzzed({ heading, line }: Layout, count: number, seed: number): Lines {
  const draw = uniformDraws(seed)
  const steps = Array.from({ length: count }, (_, step) => {
    const text = line(step, draw)
    return step > 400 && draw() < 0.5 ? mutated(text, draw) : text
  })
  return linesOf(heading === undefined ? steps : [heading, ...steps])
}

describe('lines are read by a template as by their format', () => {
  const LINES = 1_000_000
  const ofLayout = Math.ceil(LINES / LAYOUTS.length)
  for (const [index, layout] of LAYOUTS.entries())
    test(`${layout.name}, with changes at random`, { timeout: 120_000 }, () => {
      const { differences, hits } = differencesIn(fuzzed(layout, ofLayout, 11 + index), PATH)
      expect(differences.slice(0, 5)).toEqual([])
      expect(hits).toBeGreaterThan(100)
    })

  for (const layout of LAYOUTS)
    test(`${layout.name}, as it is: nearly each line is read by one`, () => {
      const draw = uniformDraws(3)
      const texts = Array.from({ length: 3000 }, (_, step) => layout.line(step, draw))
      const { differences, hits } = differencesIn(
        linesOf(layout.heading === undefined ? texts : [layout.heading, ...texts]),
        PATH,
      )
      expect(differences).toEqual([])
      expect(hits / texts.length).toBeGreaterThan(0.6)
    })
})

describe('what is read by templates', () => {
  const layout = LAYOUTS.find(({ name }) => name === 'pairs')!
  const steady = (count: number) => fuzzed({ name: '', line: layout.line }, count, 5)

  test('nothing is learned of a short log', () => {
    const templates = new LineTemplates()
    const log = TemplatedLog.ofText({ reader: startReader() }, PATH, BUILT_IN, templates)
    readAll(log, steady(200))
    expect(templates.list).toEqual([])
  })

  test('one line of many is read both ways, and where they differ that is told once and each line is read by its format', () => {
    let told = 0
    const templates = new LineTemplates({ ...EAGER, linesPerCheck: 1 }, () => told++)
    const log = TemplatedLog.ofText({ reader: startReader() }, PATH, BUILT_IN, templates)
    const lines = steady(400)
    readAll(log, lines.slice(0, 300))
    expect([templates.differences, told]).toEqual([0, 0])
    const [template] = templates.list
    // As if a wrong thing had been learned.
    Object.defineProperty(template!.reading, 'step', { value: null })
    const before = log.state
    expect(log.read(lines, 300)).toEqual(readLogLine(before, lines.at(300), PATH, BUILT_IN).results)
    expect([templates.differences, told, templates.list.length]).toEqual([1, 1, 0])
    readAll(log, lines.slice(301))
    expect(templates.list).toEqual([])
  })

  test('a log that a user has described is read by that alone', () => {
    const built = formatSet([{ name: 'mine', regex: 'step=(?<step>\\d+) loss=(?<loss>[\\d.]+)' }])
    if (!built.ok) throw new Error(built.problem)
    const templates = new LineTemplates(EAGER)
    const log = TemplatedLog.ofText({ reader: startReader() }, PATH, built.format, templates)
    readAll(log, steady(400))
    expect(templates.hits).toBe(0)
  })
})
