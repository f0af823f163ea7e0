import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const CURVES = resolve(ROOT, '../shared/curves')
const SKIPPED = existsSync(CURVES) ? '' : ': skipped, for ../shared/curves is not here'

interface Figures {
  readonly source: string
  readonly kind: string
  readonly runs: number
  readonly critical: number
}

interface Goal {
  readonly name: string
  readonly figure: number | null
  readonly bound: number
  readonly isMet: boolean | null
}

/** The figures of `npm run bench:alarms` in its short form: a few generated runs of each family, and the curves in this folder. */
async function figures(
  curves: string,
): Promise<{ readonly rows: readonly Figures[]; readonly goals: readonly Goal[] }> {
  const folders = [curves, 'no corpus', 'no genuine', 'no field']
  const told = await promisify(execFile)(
    process.execPath,
    ['bench/alarms/main.mjs', ...folders, '--odd', '--runs', '6', '--json'],
    { cwd: ROOT },
  )
  return JSON.parse(told.stdout)
}

test('healthy runs that are made up wake nobody, and short noisy language models are not warned of', async () => {
  const { rows, goals } = await figures('no curves')
  const made = rows.filter(({ source }) => source === 'generated')
  expect(made.map(({ kind }) => kind)).toEqual(['GAN', 'diffusion', 'language model', 'reinforcement learning'])
  expect(made.filter(({ critical }) => critical > 0)).toEqual([])
  expect(goals.filter(({ isMet }) => isMet === false)).toEqual([])
  expect(goals.filter(({ isMet }) => isMet === true)).toHaveLength(3)
}, 120_000)

test.skipIf(SKIPPED !== '')(
  `the odd half of the real curves keeps the budget of false alarms${SKIPPED}`,
  async () => {
    const { goals } = await figures(CURVES)
    const ofCurves = goals.filter(({ name }) => /odd half|its language models/.test(name))
    expect(ofCurves).toHaveLength(3)
    for (const { name, figure, bound } of ofCurves) expect(figure, name).toBeLessThanOrEqual(bound)
  },
  300_000,
)
