import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileReads } from '../../../src/cli/replay/file-reads.ts'
import { Replay } from '../../../src/cli/replay/replay.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { messageOf } from '../../../src/protocol/alert.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/wandb')

/** What a run of W&B has come to after files of it were read, one after another: its ending, and its alerts of a crash. */
async function read(...names: readonly string[]) {
  const replay = new Replay({ epsilon: 1e-10, detectors: {}, formats: BUILT_IN })
  for (const name of names) {
    for await (const _ of replay.read({ path: join(FIXTURES, name), run: 'run' }, fileReads));
  }
  const [run] = [...replay.runs()]
  return { ending: run?.memory.ending?.kind ?? null, crashes: replay.alerts.filter(({ rule }) => rule === 'crashed') }
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

test('what other files of the run say of its death is part of the same alert', async () => {
  const { crashes } = await read('run-interrupt.wandb', 'run-crash.wandb')
  const [whole, ...others] = crashes.filter(({ partOf }) => partOf === null)
  expect(others).toEqual([])
  expect(whole).toMatchObject({ severity: 'critical', file: join(FIXTURES, 'run-crash.wandb') })
  expect(whole!.signs.map(({ file }) => file)).toContain(join(FIXTURES, 'run-interrupt.wandb'))
})

test('one that was ended with an error has crashed, at its last step', async () => {
  const { ending, crashes } = await read('run-nan.wandb')
  expect(ending).toBe('crashed')
  expect(crashes).toMatchObject([{ severity: 'critical', state: 'firing', step: 190, cause: { code: null } }])
  expect(messageOf(crashes[0]!)).toBe(
    'step 190: the job ended: exit code 1. What it said before that is on its console.',
  )
})
