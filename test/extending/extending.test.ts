import { afterAll, beforeAll, describe, test } from 'vitest'
import { binaryKind } from './binary-kind.ts'
import { cause } from './cause.ts'
import { crashClass } from './crash-class.ts'
import { detector } from './detector.ts'
import { logRule } from './log-rule.ts'
import { type ProjectCopy, projectCopy } from './project-copy.ts'
import { sink } from './sink.ts'
import { textFormat } from './text-format.ts'

const EXTENSIONS = [textFormat, binaryKind, detector, logRule, cause, crashClass, sink]

/** The tests that compare what there is with a list, or hold for all of it. */
const HOLD_LISTS = [
  'test/architecture.test.ts',
  'test/cli/formats-document.test.ts',
  'test/config/config.test.ts',
  'test/core/causes/causes.test.ts',
  'test/core/detect/rules.test.ts',
  'test/core/detect/rules-document.test.ts',
  'test/core/formats/dialects.test.ts',
  'test/core/formats/file-names.test.ts',
  'test/core/formats/reader.test.ts',
  'test/core/pipeline/log-rules.test.ts',
]

describe('one file and one line', () => {
  let copy: ProjectCopy

  beforeAll(async () => {
    copy = await projectCopy()
    for (const extension of EXTENSIONS) await extension.add(copy)
    await copy.compile()
  })

  afterAll(() => copy.remove())

  for (const { name, shows } of EXTENSIONS) test(`add ${name}`, () => shows(copy))

  test('are all that has to be said: what is written of them is written anew, and no test holds a list of its own', async () => {
    for (const script of ['config-schema', 'detectors-doc', 'formats-doc', 'causes-doc']) {
      await copy.runScript(`${script}.mjs`)
    }
    await copy.test(...HOLD_LISTS)
  })
})
