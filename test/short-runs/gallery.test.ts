import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, readRuns } from '../../src/cli/replay/read-runs.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import type { Alert } from '../../src/protocol/alert.ts'

/** Fine-tunes of other people, the defect in the folder's name; they stay outside the project. */
const GALLERY = resolve(import.meta.dirname, '../../../shared/field/gallery')
const SKIPPED = existsSync(GALLERY) ? '' : ': skipped, for ../shared/field/gallery is not here'
const RULES = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
const SILENT = { stderr: () => undefined } as unknown as Terminal

/** What must be told by the defect: a rule that names it, or that the run came undone. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  overfit: ['overfit'],
  lr_hot: ['worse-than-start'],
  lr_zero: ['learning-rate-zero'],
  fp16_nan: ['worse-than-start', 'bad-gradient'],
}

async function alertsIn(folder: string): Promise<readonly Alert[]> {
  const files = await filesOf([join(GALLERY, folder)], SILENT, () => undefined)
  return (await readRuns(files, RULES, SILENT, () => undefined)).alerts
}

describe.skipIf(SKIPPED !== '')(`the gallery of fine-tunes${SKIPPED}`, () => {
  for (const folder of SKIPPED === '' ? readdirSync(GALLERY) : []) {
    const defect = folder.slice(0, folder.indexOf('-'))
    const rules = TOLD[defect]
    if (rules === undefined) {
      // Wrong labels look like a harder task: only another run shows that the loss should be lower.
      test(`${folder} is silent`, async () => expect(await alertsIn(folder)).toEqual([]))
      continue
    }
    test(`${folder} is warned of to its end, by ${rules.join(' and ')}`, async () => {
      const standing = (await alertsIn(folder)).filter(
        ({ state, severity }) => state === 'firing' && severity !== 'info',
      )
      const signs = standing.flatMap(({ rule, signs }) => [rule, ...signs.map((sign) => sign.rule)])
      for (const rule of rules) expect(signs).toContain(rule)
      if (defect !== 'fp16_nan') return
      expect(standing.flatMap(({ signs }) => signs.map(({ metric }) => metric))).toContain('loss')
    })
  }
})
