import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, groupByRun, readRun } from '../../../src/cli/read-runs.ts'
import type { Terminal } from '../../../src/cli/terminal.ts'
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

function markedJobs(): { readonly job: string; readonly cause: string }[] {
  if (!existsSync(MANIFEST)) return []
  const lines = readFileSync(MANIFEST, 'utf8').split('\n').slice(1)
  return lines
    .map((line) => line.split('\t'))
    .filter(([path]) => path?.startsWith('pred_') && path.endsWith('/predictions.jsonl'))
    .map(([path, , , , , , , cause]) => ({ job: dirname(path!), cause: cause! }))
}

async function codesIn(job: string): Promise<string[]> {
  const codes: string[] = []
  for (const [, files] of groupByRun(await filesOf([join(GENUINE, job)], SILENT))) {
    const rules = { epsilon: DEFAULT_EPSILON, detectors: {} }
    const { alerts } = await readRun(files, rules, SILENT, () => undefined)
    for (const { cause } of alerts) if (cause !== null && cause.code !== null) codes.push(cause.code.split('-', 1)[0]!)
  }
  return codes
}

describe.skipIf(!existsSync(MANIFEST))('batches of real frameworks (skipped without ../shared/genuine)', () => {
  for (const { job, cause } of markedJobs()) {
    test(`${job} is ${cause}`, async () => {
      const named = new Set(await codesIn(job))
      const right = NO_CAUSE.includes(cause) ? [] : [cause, ...(SAME[cause] ?? [])]
      expect([...named].filter((code) => !right.includes(code))).toEqual([])
      if (right.length > 0) expect(named.size).toBe(1)
    })
  }
})
