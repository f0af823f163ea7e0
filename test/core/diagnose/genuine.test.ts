import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, readRuns } from '../../../src/cli/replay/read-runs.ts'
import type { Terminal } from '../../../src/cli/terminal.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { DEFAULT_EPSILON } from '../../../src/core/measure/clip.ts'

const GENUINE = join(process.cwd(), '../shared/genuine')
const MANIFEST = join(GENUINE, 'MANIFEST.tsv')

/** What fails in the way of another cause is rightly called by its name: an ε that rounds to 0 is no clip, and sure and right is 0·log(0). */
const SAME: Readonly<Record<string, readonly string[]>> = { R3: ['R2'], R4: ['R1', 'R2', 'R3'] }

/** Verdicts that are no cause of a wrong loss. */
const NO_CAUSE = ['healthy', 'spike', 'shuffled', 'chance', 'overconf', 'MSEstuck']

const SILENT: Terminal = {
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) },
  hasColor: false,
  isInteractive: false,
  columns: 80,
  signal: new AbortController().signal,
}

/** Jobs whose cause their files do not tell apart from others, and why. */
const ABSTAINED: Readonly<Record<string, string>> = {
  pred_R7_17: 'only the NaN is logged: the weights may have been broken before',
  pred_R7_84: 'only the NaN is logged: the weights may have been broken before',
  pred_R10_23: 'a batch of no rows is nothing that could be measured',
}

/** Each job of predictions once, whatever it writes them to: JSON lines, CSV, NumPy, safetensors or Parquet. */
function markedJobs(): { readonly job: string; readonly cause: string }[] {
  if (!existsSync(MANIFEST)) return []
  const lines = readFileSync(MANIFEST, 'utf8').split('\n').slice(1)
  return lines
    .map((line) => line.split('\t'))
    .filter(([, job, , format, verdict]) => job?.startsWith('pred_') && verdict === 'PREDICTIONS' && format !== 'pt')
    .map(([, job, , , , , , cause]) => ({ job: job!, cause: /^R\d+/.exec(cause!)?.[0] ?? cause! }))
}

type Order = 'forwards' | 'backwards'

/** The codes that the alerts of a job name, its files read in this order. */
async function codesIn(job: string, order: Order): Promise<string[]> {
  const codes: string[] = []
  const files = await filesOf([join(GENUINE, job)], SILENT, () => undefined)
  const rules = { epsilon: DEFAULT_EPSILON, detectors: {}, formats: BUILT_IN }
  const ordered = order === 'forwards' ? files : files.toReversed()
  const { alerts } = await readRuns(ordered, rules, SILENT, () => undefined)
  for (const { cause } of alerts) if (cause?.code?.startsWith('R') === true) codes.push(cause.code.split('-', 1)[0]!)
  return codes
}

describe.skipIf(!existsSync(MANIFEST))('batches of real frameworks (skipped without ../shared/genuine)', () => {
  const jobs = markedJobs()

  test('are of every format that is read', () => {
    expect(jobs.length).toBeGreaterThan(45)
  })

  for (const { job, cause } of jobs) {
    test(`${job} is ${cause}, whichever of its files is read first`, async () => {
      const isNamed = !NO_CAUSE.includes(cause) && ABSTAINED[job] === undefined
      for (const order of ['forwards', 'backwards'] as const) {
        const named = new Set(await codesIn(job, order))
        const right = NO_CAUSE.includes(cause) ? [] : [cause, ...(SAME[cause] ?? [])]
        expect([...named].filter((code) => !right.includes(code))).toEqual([])
        expect(named.size).toBe(isNamed ? 1 : 0)
      }
    })
  }
})
