import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PublishedAlert } from '../../src/protocol/alert.ts'
import { nanwatchJson, temporaryFolder } from '../e2e/nanwatch.ts'

const steps = (last: number) =>
  Array.from(
    { length: last },
    (_, at) => `2026-03-04 10:00:${String(at + 10)} INFO step ${at + 1} loss ${(3 - at / 50).toFixed(3)}`,
  )
const died = (error: string) => ['Traceback (most recent call last):', '  File "t.py", line 9, in main', error]
const MEMORY = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'
const CLOSED = 'RuntimeError: [../gloo/transport/tcp/pair.cc:534] Connection closed by peer [10.0.0.7]:38211'
const timedOut = (rank: number) =>
  `[rank${rank}]:[E304 10:03:00.812 ProcessGroupNCCL.cpp:632] [Rank ${rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=90, OpType=ALLREDUCE, Timeout(ms)=120000) ran for 120055 milliseconds before timing out.`

/** Writes the files, and returns the paths of all in the order given. */
function written(files: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const root = temporaryFolder()
  return Object.entries(files).map(([name, lines]) => {
    const path = join(root, 'job', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  })
}

async function wholesOf(paths: readonly string[]): Promise<readonly PublishedAlert[]> {
  const lines = await nanwatchJson(['check', ...paths])
  return lines.filter(({ type, partOf }) => type === 'alert' && partOf === null) as unknown as PublishedAlert[]
}

const folderOf = (paths: readonly string[]) => paths[0]!.slice(0, paths[0]!.indexOf('/job/') + '/job'.length)

describe('the logs of the ranks of one job, as launchers call them', () => {
  const names: readonly (readonly [name: (rank: number) => string, first: string])[] = [
    [(rank) => `job.9912.${rank}.err`, 'rank 2'],
    [(rank) => `slurm-9912-${rank}.out`, 'rank 2'],
    [(rank) => `log.txt.rank${rank}`, 'rank 2'],
    [(rank) => `stdout.${rank}`, 'rank 2'],
    [(rank) => `proc_${rank}.log`, 'rank 2'],
    [(rank) => `worker_${rank}/train.log`, 'rank 2'],
    [(rank) => `host-${rank}.log`, 'host-2.log'],
    [(rank) => `node${rank}/train.log`, 'node2/train.log'],
    [(rank) => `gpu${rank}.log`, 'gpu2.log'],
  ]
  for (const [nameOf, first] of names) {
    const paths = () =>
      [1, 2, 0].map((rank) => [nameOf(rank), [...steps(30), ...died(rank === 2 ? MEMORY : CLOSED)]] as const)

    test(`are one run that names the first: ${nameOf(2)}`, async () => {
      const given = written(Object.fromEntries(paths()))
      for (const all of [[folderOf(given)], given, [...given].reverse()]) {
        const wholes = await wholesOf(all)
        expect(wholes).toHaveLength(1)
        expect(wholes[0]).toMatchObject({ run: 'job', cause: { code: 'C1-gpu-out-of-memory' } })
        expect(wholes[0]!.headline).toContain(`step 30: ${first} fell first: ${MEMORY}; 2 others waited for it.`)
      }
    })

    test(`name the one that stopped while others timed out: ${nameOf(2)}`, async () => {
      const files = [0, 1, 2].map(
        (rank) => [nameOf(rank), rank === 2 ? steps(29) : [...steps(30), timedOut(rank)]] as const,
      )
      const wholes = await wholesOf([folderOf(written(Object.fromEntries(files)))])
      expect(wholes).toHaveLength(1)
      expect(wholes[0]!.headline).toContain(`${first} fell first: nothing more came from it`)
      expect(wholes[0]!.headline).toMatch(/; 2 others waited for it\.$/)
      expect(wholes[0]!.file).toMatch(new RegExp(`${nameOf(2)}$`))
    })
  }

  test('have the ids that they have below their folder where they are given one by one', async () => {
    const given = written({
      'rank_1.log': [...steps(30), ...died(CLOSED)],
      'rank_0.log': [...steps(30), ...died(MEMORY)],
    })
    const ids = async (paths: readonly string[]) => (await wholesOf(paths)).map(({ id }) => id)
    expect(await ids(given)).toEqual(await ids([folderOf(given)]))
  })

  test('are no process from which nothing came, where the log of another kind stands beside one', async () => {
    const files = { 'train.log': [...steps(30), timedOut(0)], 'eval.log': steps(10) }
    const wholes = await wholesOf([folderOf(written(files))])
    expect(wholes.map(({ headline }) => headline).join()).not.toContain('fell first')
  })
})

test('what the terminal of mpirun repeats of a rank is the same death', async () => {
  const error = "KeyError: 'x'"
  const files = {
    '1/rank.0/stdout': steps(33),
    '1/rank.1/stdout': steps(30),
    '1/rank.1/stderr': died(error),
    'terminal.log': [...steps(30), ...died(error).map((line) => `[1,1]<stderr>:${line}`), ...steps(33).slice(30)],
  }
  const wholes = await wholesOf([folderOf(written(files))])
  expect(wholes).toHaveLength(1)
  expect(wholes[0]!.headline).toMatch(/rank 1 fell first: KeyError: 'x'\.$/)
})
