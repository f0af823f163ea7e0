import { clipLesson } from './clip-lesson.ts'
import { crashLesson } from './crash-lesson.ts'
import { crossEntropyLesson } from './cross-entropy-lesson.ts'
import { divergenceLesson } from './divergence-lesson.ts'
import { entropyLesson } from './entropy-lesson.ts'
import { gradientLesson } from './gradient-lesson.ts'
import { likelihoodLesson } from './likelihood-lesson.ts'
import { surpriseLesson } from './surprise-lesson.ts'
import type { Topic } from './topic.ts'

/** Every topic, each building on those before it. To add one, write its file, and add its line here and its name to the list. */
export const TOPICS: readonly Topic[] = [
  surpriseLesson,
  entropyLesson,
  crossEntropyLesson,
  gradientLesson,
  crashLesson,
  clipLesson,
  likelihoodLesson,
  divergenceLesson,
]
