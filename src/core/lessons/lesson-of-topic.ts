import type { Lesson, LessonTopic } from '../../protocol/lesson.ts'
import { TOPICS } from './index.ts'
import type { Subject, Topic } from './topic.ts'

/** The topics as a list to choose from. */
export function topicList(): readonly LessonTopic[] {
  return TOPICS.map(named)
}

/** The lesson of this topic with the numbers of this batch; null where there is no such topic. */
export function lesson(name: string, subject: Subject): Lesson | null {
  const topic = TOPICS.find((each) => each.name === name)
  if (topic === undefined) return null
  const source = { ...subject.source, step: subject.batch.step }
  return { ...named(topic), source, blocks: topic.teach(subject) }
}

function named({ name, title, claim }: Topic): LessonTopic {
  return { topic: name, title, claim }
}
