import { describe, expect, test } from 'vitest'
import { NO_INCIDENTS } from '../../../src/core/alerts/incident.ts'
import { LOG_RULES } from '../../../src/core/detect/index.ts'
import type { LogEvent } from '../../../src/core/detect/log-rule.ts'
import type { DetectorSettings } from '../../../src/core/detect/settings.ts'
import { type WriteIntervals, withLines } from '../../../src/core/job/write-intervals.ts'
import { LogRules, observeRun } from '../../../src/core/pipeline/log-rules.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY, type RunMemory } from '../../../src/core/state/run-memory.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

const PLACE = { run: 'exp7', file: 'train.log', nowIso: 'now', backfill: false }
const CRASH = [
  'Traceback (most recent call last):',
  '  File "train.py", line 41, in main',
  'ValueError: a bad batch',
  '',
].join('\n')
const RECORDS = jsonLines({ step: 1, loss: 0.5 }, { step: 2, loss: 0.5 })
const CAUGHT = jsonLines({ step: 3, loss: 0.5 })

/** Settings without the rules that remember something. */
const FORGETFUL: DetectorSettings = Object.fromEntries(
  LOG_RULES.filter(({ start }) => start() !== null).map(({ name }) => [name, false]),
)

const intervals: WriteIntervals = Array.from({ length: 20 }, (_, i) => i * 10_000).reduce<WriteIntervals | undefined>(
  (before, ms) => withLines(before, ms, { isPause: false }),
  undefined,
)!

function silence(quietMs: number): LogEvent {
  const holder = { pid: 4711, name: 'python3' }
  return { kind: 'silence', intervals, nowMs: intervals.lastMs + quietMs, holder, lostAfterMs: 600_000 }
}

/** A run whose file grew last, as the store gives its memory back after each event. */
function storyOf(events: readonly LogEvent[], settings: DetectorSettings = {}, memory: RunMemory = EMPTY_MEMORY) {
  const story: string[] = []
  for (const event of events) {
    const change = observeRun(memory, event, settings, PLACE, () => NEW_FILE)
    story.push(...change.transitions.map(({ kind, alert }) => `${kind} ${alert.severity} ${alert.rule}`))
    memory = decodeJson(encodeJson(change.memory))
  }
  return { story, memory }
}

describe('a rule about a whole run', () => {
  test('opens its alert, makes it worse and ends it, and begins anew', () => {
    const events = [silence(50_000), silence(150_000), silence(160_000), silence(250_000), { kind: 'growth' } as const]
    const story = ['firing warning stall', 'updated critical stall', 'resolved critical stall']
    expect(storyOf([...events, ...events]).story).toEqual([...story, ...story])
  })

  test('keeps its alert where it opened, and ends it at the step where the run stands, whichever file grows', () => {
    const { memory } = storyOf([silence(150_000), silence(250_000)])
    const elsewhere = { ...PLACE, file: 'other.log' }
    const grown = observeRun({ ...memory, lastStep: 7 }, { kind: 'growth' }, {}, elsewhere, () => NEW_FILE)
    expect(grown.transitions).toMatchObject([
      { kind: 'resolved', alert: { file: 'train.log', step: null, resolvedStep: 7 } },
    ])
    expect(grown.memory.incidents.open).toEqual([])
  })

  test('changes nothing of a run in which it finds nothing, unless it remembers something', () => {
    for (const event of [silence(50_000), { kind: 'growth' } as const]) {
      expect(observeRun(EMPTY_MEMORY, event, FORGETFUL, PLACE, () => NEW_FILE).memory).toBe(EMPTY_MEMORY)
    }
  })

  test('that is switched off opens nothing, and what it opened before still ends', () => {
    const off = { stall: false } as const
    expect(storyOf([silence(150_000)], off).story).toEqual([])
    const { memory } = storyOf([silence(150_000)])
    expect(storyOf([silence(250_000), { kind: 'growth' }], off, memory).story).toEqual(['resolved warning stall'])
  })

  test('has the thresholds of its settings', () => {
    expect(storyOf([silence(150_000)], { stall: { leastMs: 200_000 } }).story).toEqual([])
  })

  test('opens nothing in a file of which nothing is known', () => {
    const { memory, transitions } = observeRun(EMPTY_MEMORY, silence(150_000), {}, PLACE, () => undefined)
    expect({ memory, transitions }).toEqual({ memory: EMPTY_MEMORY, transitions: [] })
  })
})

describe('the end of a job', () => {
  test('is known whether or not `crashed` is switched on', () => {
    for (const detectors of [{}, { crashed: false }] as const) {
      const run = new WatchedRun({ detectors }).read('train.log', RECORDS + CRASH)
      expect(run.memory.ending).toMatchObject({ kind: 'crashed', file: 'train.log' })
      expect(run.alerts.map(({ rule }) => rule)).toEqual('crashed' in detectors ? [] : ['crashed'])
    }
  })

  test('that was reported before `crashed` was switched off is taken back when the job goes on', () => {
    const run = new WatchedRun().read('train.log', RECORDS + CRASH)
    expect(run.alerts).toMatchObject([{ rule: 'crashed', state: 'firing', severity: 'critical' }])
    run.under({ detectors: { crashed: false } }).read('train.log', RECORDS + CRASH + CAUGHT)
    expect(run.alerts).toMatchObject([{ rule: 'crashed', state: 'resolved', severity: 'info' }])
  })
})

test('a rule that remembers nothing saves nothing', () => {
  const rules = new LogRules(undefined, FORGETFUL)
  rules.observe({ kind: 'growth' }, NO_INCIDENTS.open)
  expect(rules.states).toBeUndefined()
})
