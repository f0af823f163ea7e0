import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const LEAST_MACRO_F1 = 0.97
const TIMEOUT_MS = 120_000

test(
  'the class of a crash is named rightly in labelled logs, and no log of a job that lived is called failed',
  () => {
    const { stdout, status } = spawnSync(process.execPath, ['bench/crashes/main.mjs', '--verbose'], {
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    const macro = [...stdout.matchAll(/macro-F1 ([\d.]+)/g)].map(([, f1]) => Number(f1))
    expect(macro).toHaveLength(3)
    for (const f1 of macro) expect(f1, stdout).toBeGreaterThanOrEqual(LEAST_MACRO_F1)
    expect(stdout).toMatch(/ {2}\d\d logs of jobs that did not die, 0 called failed/)
  },
  TIMEOUT_MS,
)
