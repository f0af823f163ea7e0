import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CurvesByRun } from '../../src/cli/baseline/curves-by-run.ts'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { replayRuns } from '../../src/cli/replay/read-runs.ts'
import { baselineAlert } from '../../src/core/compare/baseline-alert.ts'
import { compareRuns } from '../../src/core/compare/compare-runs.ts'
import type { RunCurves } from '../../src/core/compare/metric-curve.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { runOf, stepped } from '../core/compare/runs.ts'

/** Real runs; they are other people's data, and stay outside the project. */
const SHARED = resolve(import.meta.dirname, '../../../shared')
const GALLERY = join(SHARED, 'field/gallery')
const CURVES = join(SHARED, 'curves/index.json')
const skipped = (path: string) => (existsSync(path) ? '' : ': skipped, for ../shared is not here')

function isWorse(candidate: RunCurves, baseline: RunCurves): boolean {
  return baselineAlert('run', compareRuns(candidate, [baseline]).compared, { detectors: {} }, 'now') !== null
}

async function curvesOf(name: string): Promise<RunCurves> {
  const curves = new CurvesByRun()
  const rules = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
  const file = { path: join(GALLERY, name, 'trainer_state.json'), run: name }
  await replayRuns(
    [file],
    rules,
    () => fileReads,
    () => undefined,
    [],
    (update) => curves.note(update),
  )
  return curves.of(name)
}

describe(`short fine-tunes beside a healthy one${skipped(GALLERY)}`, () => {
  const cases = { bad_labels: true, fp16_nan: true, lr_hot: true, lr_zero: true, overfit: false } as const
  for (const [defect, worse] of Object.entries(cases)) {
    test.skipIf(!existsSync(GALLERY))(
      `${defect} ${worse ? 'is worse' : 'is better by its training loss'}`,
      async () => {
        expect(isWorse(await curvesOf(`${defect}-seed43`), await curvesOf('healthy-seed43'))).toBe(worse)
      },
    )
  }
})

interface Indexed {
  readonly name: string
  readonly offset: number
  readonly points: number
}

describe(`real curves of one setting and several seeds${skipped(CURVES)}`, () => {
  test.skipIf(!existsSync(CURVES))('at most one pair in a hundred is told, of 60 and of 300 points', async () => {
    const { gunzipSync } = await import('node:zlib')
    const { buffer, byteOffset, byteLength } = gunzipSync(readFileSync(join(SHARED, 'curves/losses.f32.gz')))
    const losses = new Float32Array(buffer, byteOffset, byteLength / 4)
    const groups = new Map<string, Indexed[]>()
    for (const curve of JSON.parse(readFileSync(CURVES, 'utf8')) as Indexed[]) {
      const [setting, seed] = curve.name.split(/\/(?=random_seed__)/)
      if (seed !== undefined) groups.set(setting!, [...(groups.get(setting!) ?? []), curve])
    }
    for (const count of [60, 300]) {
      for (const isThinned of [true, false]) {
        const runs = [...groups.values()].map((group) =>
          group.map(({ name, offset, points }) => {
            const stride = isThinned ? Math.max(1, Math.floor(points / count)) : 1
            const whole = losses.subarray(offset, offset + (isThinned ? points : count))
            return runOf(name, { loss: stepped([...whole.filter((_, i) => i % stride === 0)], stride) })
          }),
        )
        const pairs = runs.flatMap((group) =>
          group.flatMap((one) => group.filter((two) => two !== one).map((two) => [one, two])),
        )
        expect(pairs.length).toBeGreaterThan(100)
        const told = pairs.filter(([one, two]) => isWorse(one!, two!))
        expect(told.length).toBeLessThanOrEqual(pairs.length / 100)
      }
    }
  })
})
