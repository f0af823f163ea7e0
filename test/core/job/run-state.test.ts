import { expect, test } from 'vitest'
import { type RunFacts, runState } from '../../../src/core/job/run-state.ts'

const IDLE_AFTER_MS = 600_000
const BUSY: RunFacts = { critical: false, ending: null, quietMs: 0 }

const cases: readonly { readonly name: string; readonly facts: Partial<RunFacts>; readonly state: string }[] = [
  { name: 'bytes arrive', facts: {}, state: 'running' },
  { name: 'quiet for less than the limit', facts: { quietMs: IDLE_AFTER_MS - 1 }, state: 'running' },
  { name: 'quiet for as long as the limit', facts: { quietMs: IDLE_AFTER_MS }, state: 'idle' },
  { name: 'the log says that it finished', facts: { ending: 'finished' }, state: 'finished' },
  { name: 'finished long ago', facts: { ending: 'finished', quietMs: 1e9 }, state: 'finished' },
  { name: 'a critical alert is firing', facts: { critical: true }, state: 'failed' },
  {
    name: 'a critical alert is firing, and the job writes no more',
    facts: { critical: true, quietMs: 1e9 },
    state: 'failed',
  },
  { name: 'finished with a critical alert', facts: { critical: true, ending: 'finished' }, state: 'failed' },
  { name: 'the log ends in a traceback', facts: { ending: 'crashed' }, state: 'crashed' },
  { name: 'crashed long ago', facts: { ending: 'crashed', quietMs: 1e9 }, state: 'crashed' },
  { name: 'crashed with a critical alert', facts: { critical: true, ending: 'crashed' }, state: 'crashed' },
]

for (const { name, facts, state } of cases) {
  test(`${name}: ${state}`, () => expect(runState({ ...BUSY, ...facts }, IDLE_AFTER_MS)).toBe(state))
}
