import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nanwatch, nanwatchJson, temporaryFolder } from './nanwatch.ts'

test('without a topic the topics are listed', async () => {
  const { code, stdout } = await nanwatch(['learn'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^surprise: /)
  expect(await nanwatchJson(['learn'])).toHaveLength(8)
})

test('the whole lesson is told with the numbers of the demo, as JSON a line for each topic', async () => {
  const lessons = await nanwatchJson(['learn', 'all', '--demo'])
  expect(lessons.map(({ topic }) => topic)).toEqual([
    'surprise',
    'entropy',
    'cross-entropy',
    'gradient',
    'crash',
    'clip',
    'likelihood',
    'divergence',
  ])
  for (const { source } of lessons) expect(source).toEqual({ kind: 'demo', run: 'iris-naive', step: 104 })
})

test('a topic that is not there, a step without a batch and a run that is not there are misuse', async () => {
  expect((await nanwatch(['learn', 'astrology'])).code).toBe(2)
  const { code, stderr } = await nanwatch(['learn', 'crash', '--demo', '--step', '9999'])
  expect(code).toBe(2)
  expect(stderr).toContain('--step 9999: no batch of predictions was read at this step')
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'runs'))
  expect((await nanwatch(['learn', 'crash', '--db', join(folder, 'none.db')])).code).toBe(1)
})
