import { expect, test } from 'vitest'
import type { Lesson, TopicsAnswer } from '../../src/protocol/lesson.ts'
import { commit, run } from '../store/commits.ts'
import { predictions } from './lessons/predictions.ts'
import { type Serving, serving } from './serving.ts'

async function servingRuns(): Promise<Serving> {
  const at = await serving()
  await at.commit(predictions('sick', [[0.5], [0.25], [0]]))
  await at.commit(commit({ runs: [run('scalars')] }))
  return at
}

async function get<T>(at: Serving, path: string): Promise<T> {
  const response = await fetch(`http://${at.address}/api/learn${path}`)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

test('the topics are listed with the runs that can be learned from', async () => {
  const { topics, runs } = await get<TopicsAnswer>(await servingRuns(), '')
  expect(topics.map(({ topic }) => topic)).toContain('crash')
  expect(runs).toEqual(['sick'])
})

const sources = [
  { query: '', source: { kind: 'run', run: 'sick', step: 10 } },
  { query: '?run=sick&step=0', source: { kind: 'run', run: 'sick', step: 0 } },
  { query: '?run=scalars', source: { kind: 'demo', run: 'iris-naive', step: 104 } },
  { query: '?run=sick&demo', source: { kind: 'demo', run: 'iris-naive', step: 104 } },
]
for (const { query, source } of sources) {
  test(`a lesson${query} has the numbers of ${source.run} at step ${source.step}`, async () => {
    const lesson = await get<Lesson>(await servingRuns(), `/surprise${query}`)
    expect(lesson).toMatchObject({ topic: 'surprise', source })
  })
}

test('an infinite loss is sent as what it is', async () => {
  const { blocks } = await get<Lesson>(await servingRuns(), '/surprise?run=sick&step=20')
  expect(JSON.stringify(blocks)).toContain('[{"text":"mean surprise of the truth"},{"value":"Infinity"}')
})

for (const path of ['/astrology', '/crash?run=none', '/crash?run=sick&step=5', '/toString']) {
  test(`there is nothing at ${path}`, async () => {
    const at = await servingRuns()
    expect((await fetch(`http://${at.address}/api/learn${path}`)).status).toBe(404)
  })
}
