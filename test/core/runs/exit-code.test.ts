import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replayFile } from '../../../src/cli/replay.ts'
import { EMPTY_MEMORY, type RunMemory } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/wandb')

/** What a run of W&B has come to after files of it were read, one after another: its ending, and its alerts of a crash. */
async function read(...names: readonly string[]) {
  let memory: RunMemory = EMPTY_MEMORY
  const alerts = new Map<string, Alert>()
  for (const name of names) {
    const path = join(FIXTURES, name)
    for await (const { outcome } of replayFile({ path, run: 'run' }, memory, { epsilon: 1e-10, detectors: {} })) {
      memory = outcome.memory
      for (const { alert } of outcome.transitions) if (alert.rule === 'crashed') alerts.set(alert.id, alert)
    }
  }
  return { ending: memory.ending?.kind ?? null, crashes: [...alerts.values()] }
}

test('a run of W&B that ended with exit code 0 is finished', async () => {
  expect(await read('run-healthy.wandb')).toEqual({ ending: 'finished', crashes: [] })
})

test('one that an exception ended has crashed, and one that was interrupted has stopped', async () => {
  expect(await read('run-crash.wandb')).toMatchObject({
    ending: 'crashed',
    crashes: [{ severity: 'critical', cause: { code: null } }],
  })
  expect(await read('run-interrupt.wandb')).toMatchObject({
    ending: 'crashed',
    crashes: [{ severity: 'warning', cause: { code: 'C8-stopped' } }],
  })
})

test('what other files of the run say of its death joins the same alert', async () => {
  const { crashes } = await read('run-interrupt.wandb', 'run-crash.wandb')
  expect(crashes).toMatchObject([{ severity: 'critical', related: [{ file: join(FIXTURES, 'run-interrupt.wandb') }] }])
})

test('one that was ended with an error has crashed, at its last step', async () => {
  const { ending, crashes } = await read('run-nan.wandb')
  expect(ending).toBe('crashed')
  expect(crashes).toMatchObject([{ severity: 'critical', state: 'firing', step: 190, cause: { code: null } }])
  expect(messageOf(crashes[0]!)).toBe(
    'step 190: the job ended: exit code 1. What it said before that is on its console.',
  )
})
