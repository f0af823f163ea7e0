import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PublishedAlert } from '../../src/protocol/alert.ts'
import { nanwatchJson, temporaryFolder } from '../e2e/nanwatch.ts'

const DISK = 'OSError: [Errno 28] No space left on device'
const WRITER = 'RuntimeError: PytorchStreamWriter failed writing file data/0: file write failed'
const HOST_MEMORY = 'MemoryError: Unable to allocate 3.2 GiB for an array'
const GPU_MEMORY = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'
const ECC = 'RuntimeError: CUDA error: uncorrectable ECC error encountered'
const RESET = 'ConnectionResetError: [Errno 104] Connection reset by peer'
const OWN = 'KeyError: "tokens"'
const TIMED_OUT =
  'RuntimeError: NCCL communicator was aborted on rank 0. Original reason for failure was: WorkNCCL(SeqNum=9, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600012 milliseconds before timing out.'
const STORE = 'torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.'
const GLOO =
  'RuntimeError: [../gloo/transport/tcp/unbound_buffer.cc:81] Timed out waiting 600000ms for recv operation to complete'

/** When and of what each run died, the clock in seconds after ten; and who must be named, and by whom. */
interface Together {
  readonly name: string
  readonly deaths: Readonly<Record<string, readonly [seconds: number, error: string, beganSeconds?: number]>>
  readonly first: string | null
  readonly others: readonly string[]
}

// biome-ignore format: a row for each
const TOGETHER: readonly Together[] = [
  { name: 'a full disk', deaths: { a: [72, WRITER], b: [62, DISK], c: [75, DISK] }, first: 'b', others: ['a', 'c'] },
  { name: 'memory of the host', deaths: { a: [60, HOST_MEMORY], b: [90, HOST_MEMORY] }, first: 'a', others: ['b'] },
  { name: 'one device', deaths: { a: [80, ECC], b: [60, ECC] }, first: 'b', others: ['a'] },
  { name: 'a server and its clients', deaths: { serve: [70, GPU_MEMORY], one: [72, RESET], two: [74, RESET] }, first: 'serve', others: ['one', 'two'] },
  { name: 'a server whose clock is behind', deaths: { serve: [74, GPU_MEMORY], one: [72, RESET] }, first: 'serve', others: ['one'] },
  { name: 'one mistake in all', deaths: { a: [60, OWN], b: [61, OWN], c: [90, OWN] }, first: 'a', others: ['b', 'c'] },
  { name: 'no more than chance', deaths: { a: [60, OWN], b: [70, GPU_MEMORY] }, first: null, others: [] },
  { name: 'memory of two GPUs', deaths: { a: [60, GPU_MEMORY], b: [63, `${GPU_MEMORY} more`] }, first: null, others: [] },
  { name: 'an operation that waited ten minutes', deaths: { a: [661, TIMED_OUT], b: [60, GPU_MEMORY] }, first: 'b', others: ['a'] },
  { name: 'a store that did so', deaths: { a: [661, STORE], b: [60, OWN] }, first: 'b', others: ['a'] },
  { name: 'gloo that did so', deaths: { a: [661, GLOO], b: [60, OWN] }, first: 'b', others: ['a'] },
  { name: 'an operation that waited less long', deaths: { a: [961, TIMED_OUT], b: [60, GPU_MEMORY] }, first: null, others: [] },
  { name: 'one that began after the end of the other', deaths: { a: [60, DISK], b: [85, DISK, 63] }, first: null, others: [] },
  { name: 'one that waited, of a job that began later', deaths: { a: [60, GPU_MEMORY], b: [85, RESET, 63] }, first: null, others: [] },
  { name: 'an hour between', deaths: { a: [60, DISK], b: [3660, DISK] }, first: null, others: [] },
]

function clock(seconds: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `2026-03-04 ${two(10 + seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}

async function crashesOf({ deaths }: Together): Promise<readonly PublishedAlert[]> {
  const root = temporaryFolder()
  for (const [run, [seconds, error, beganSeconds = 0]] of Object.entries(deaths)) {
    const steps = Array.from(
      { length: 20 },
      (_, at) => `${clock(beganSeconds + at)} step ${at} loss ${(2 / (at + 1)).toFixed(4)}`,
    )
    const trace = [
      `${clock(seconds)} ERROR Traceback (most recent call last):`,
      '  File "t.py", line 3, in main',
      error,
    ]
    mkdirSync(join(root, run))
    writeFileSync(join(root, run, 'train.log'), `${[...steps, ...trace].join('\n')}\n`)
  }
  const lines = await nanwatchJson(['check', root])
  return lines.filter(({ type, rule }) => type === 'alert' && rule === 'crashed') as unknown as PublishedAlert[]
}

describe('runs that die together', () => {
  for (const incident of TOGETHER) {
    test(incident.name, async () => {
      const { first, others, deaths } = incident
      const alerts = await crashesOf(incident)
      expect(alerts).toHaveLength(Object.keys(deaths).length)
      const namers = alerts.filter(({ firstSign }) => firstSign !== null)
      expect(namers.map(({ run }) => run).sort()).toEqual(others)
      for (const { firstSign } of namers)
        expect(firstSign).toMatch(new RegExp(`^Run ${first} (fell first|died at the same)`))
      const listed = alerts.flatMap(({ run, related }) => related.map((other) => `${run}: ${other.run}`))
      expect(listed.sort()).toEqual(others.map((other) => `${first}: ${other}`))
    })
  }
})
