import { expect, test } from 'vitest'
import { TOPICS } from '../../../src/core/lessons/index.ts'
import { TOPIC_NAMES } from '../../../src/core/lessons/topic-names.ts'

test('the names of the topics are those of the topics, in their order', () => {
  expect(TOPIC_NAMES).toEqual(TOPICS.map(({ name }) => name))
})
