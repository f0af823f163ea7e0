import { afterAll, beforeAll, describe, test } from 'vitest'
import { binaryKind } from './binary-kind.ts'
import { cause } from './cause.ts'
import { detector } from './detector.ts'
import { logRule } from './log-rule.ts'
import { type ProjectCopy, projectCopy } from './project-copy.ts'
import { sink } from './sink.ts'
import { textFormat } from './text-format.ts'

const EXTENSIONS = [textFormat, binaryKind, detector, logRule, cause, sink]

describe('one file and one line', () => {
  let copy: ProjectCopy

  beforeAll(async () => {
    copy = await projectCopy()
    for (const extension of EXTENSIONS) await extension.add(copy)
    await copy.compile()
  })

  afterAll(() => copy.remove())

  for (const { name, shows } of EXTENSIONS) test(`add ${name}`, () => shows(copy))
})
