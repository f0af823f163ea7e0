import { expect, test } from 'vitest'
import { type EndedRun, sharedDeaths } from '../../../src/core/alerts/shared-deaths.ts'
import { WatchedRun } from '../pipeline/watched-run.ts'

const DISK = 'OSError: [Errno 28] No space left on device'
const RESET = 'RuntimeError: [../gloo/transport/tcp/pair.cc:589] Read error [127.0.0.1]:1: Connection reset by peer'
const steps = Array.from({ length: 20 }, (_, at) => `step ${at} loss ${(2 / (at + 1)).toFixed(4)}`)
const died = (error: string) => ['Traceback (most recent call last):', '  File "t.py", line 3, in main', error]
const table = (code: number) => [
  'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
  'Root Cause (first observed failure):',
  '  rank      : 1 (local_rank: 1)',
  `  exitcode  : ${code} (pid: 1701)`,
]

/** A run that was written to from `beganMs` to `lastMs`. */
function ended(run: string, lines: readonly string[], beganMs: number | null, lastMs: number): EndedRun {
  const { incidents } = new WatchedRun().read(`/w/${run}/train.log`, `${lines.join('\n')}\n`, true).memory
  const open = incidents.open.map((incident) => ({ ...incident, alert: { ...incident.alert, run, id: run } }))
  return { incidents: { ...incidents, open }, beganMs, lastMs }
}

const joined = (...runs: readonly EndedRun[]) => sharedDeaths(runs).map(({ run }) => run)

test('a run that began after the end of another did not die with it, by the clock of this machine', () => {
  const one = ended('a', [...steps, ...died(DISK)], 0, 20_000)
  expect(joined(one, ended('b', [...steps, ...died(DISK)], 21_000, 50_000))).toEqual([])
  expect(joined(one, ended('b', [...steps, ...died(DISK)], 19_000, 50_000)).sort()).toEqual(['a', 'b'])
  expect(joined(one, ended('b', [...steps, ...died(DISK)], null, 50_000)).sort()).toEqual(['a', 'b'])
})

test('what only a launcher tells is no reason that two runs have in common, and what it kills died of no other', () => {
  const lost = (code: number) => [...steps, ...died(RESET), ...table(code)]
  const [killed, other] = [ended('a', lost(-9), 0, 20_000), ended('b', lost(-11), 0, 22_000)]
  expect(joined(killed, other)).toEqual([])
  expect(joined(killed, ended('b', [...steps, ...died("KeyError: 'x'")], 0, 22_000))).toEqual([])
  const told = [...steps, 'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ', ...table(1).slice(1)]
  expect(joined(ended('a', told, 0, 20_000), ended('b', told, 0, 22_000))).toEqual([])
})
