import { expect, test } from 'vitest'
import { type RunFacts, runState } from '../../../src/core/job/run-state.ts'

const PROCESS = { pid: 4711, name: 'python3' }
const ALIVE = { kind: 'alive', process: PROCESS } as const
const GONE = { kind: 'gone', process: PROCESS } as const
const SILENT: Partial<RunFacts> = { isSilent: true }
const LONG_SILENT: Partial<RunFacts> = { isSilent: true, isIdle: true }
/** There before it was watched, and never written to since. */
const OLD: Partial<RunFacts> = { hasGrown: false, isIdle: true }

const BUSY: RunFacts = {
  isFailing: false,
  ending: null,
  endSign: null,
  hasRecords: true,
  lastStep: 40,
  writer: { kind: 'unseen' },
  hasGrown: true,
  isIdle: false,
  isSilent: false,
  wasSilent: false,
}

const cases: readonly (readonly [name: string, facts: Partial<RunFacts>, state: string])[] = [
  ['bytes arrive', {}, 'running by writes'],
  ['bytes arrive, and a process holds the log', { writer: ALIVE }, 'running by process'],
  ['nothing but a heading', { hasRecords: false, lastStep: null }, 'starting by writes'],
  ['nothing but a heading, and its process is gone', { hasRecords: false, writer: GONE }, 'ended by process'],
  ['quiet for less than its pace allows', { isIdle: true }, 'running by writes'],
  ['silent, and a process holds the log', { ...SILENT, writer: ALIVE }, 'stalled by process'],
  ['silent for long, and a process holds the log', { ...LONG_SILENT, writer: ALIVE }, 'stalled by process'],
  ['silent, and no process is seen', SILENT, 'running by writes'],
  ['silent for long, and no process is seen', LONG_SILENT, 'lost by silence'],
  ['its process is gone', { writer: GONE }, 'ended by process'],
  ['its process is gone, after a saved model', { writer: GONE, endSign: 'model saved' }, 'finished by log'],
  ['a saved model, and bytes arrive', { endSign: 'model saved' }, 'running by writes'],
  [
    'silent after a saved model, and a process holds the log',
    { ...SILENT, writer: ALIVE, endSign: 'x' },
    'finished by log',
  ],
  ['silent after a saved model, and no process is seen', { ...SILENT, endSign: 'x' }, 'finished by log'],
  ['old', OLD, 'ended by silence'],
  ['old, and a process holds it', { ...OLD, writer: ALIVE }, 'ended by silence'],
  ['silent since before this daemon', { ...OLD, wasSilent: true }, 'lost by silence'],
  [
    'silent since before this daemon, and a process holds it',
    { ...OLD, wasSilent: true, writer: ALIVE },
    'stalled by process',
  ],
  ['old, after a saved model', { ...OLD, endSign: 'model saved' }, 'finished by log'],
  ['old, and written a moment ago', { ...OLD, isIdle: false }, 'running by writes'],
  ['the log says that it finished', { ending: 'finished' }, 'finished by log'],
  ['finished long ago', { ending: 'finished', ...LONG_SILENT, writer: ALIVE }, 'finished by log'],
  ['a critical alert is firing', { isFailing: true }, 'failed by alert'],
  ['a critical alert is firing, and the job writes no more', { isFailing: true, ...LONG_SILENT }, 'failed by alert'],
  ['a critical alert is firing, and its process is gone', { isFailing: true, writer: GONE }, 'failed by alert'],
  ['finished with a critical alert', { isFailing: true, ending: 'finished' }, 'failed by alert'],
  ['the log ends in a traceback', { ending: 'crashed' }, 'crashed by log'],
  ['crashed long ago', { ending: 'crashed', ...LONG_SILENT }, 'crashed by log'],
  ['crashed with a critical alert', { isFailing: true, ending: 'crashed' }, 'crashed by log'],
]

for (const [name, facts, expected] of cases) {
  test(`${name}: ${expected}`, () => {
    const { state, knownBy } = runState({ ...BUSY, ...facts })
    expect(`${state} by ${knownBy}`).toBe(expected)
  })
}

test('the reason names the process, and where the run ended', () => {
  const reasonOf = (facts: Partial<RunFacts>) => runState({ ...BUSY, ...facts }).reason
  expect(reasonOf({ writer: GONE })).toBe(
    'no process holds its log open any more, as process 4711 (python3) did; it says nothing of an end after step 40',
  )
  expect(reasonOf({ writer: GONE, hasRecords: false })).toMatch(/has logged nothing$/)
  expect(reasonOf({ ...OLD, writer: ALIVE })).toMatch(/process 4711 \(python3\) still holds it open/)
  expect(reasonOf({ endSign: 'Done.', writer: GONE })).toBe('its log ends with: Done.')
})
