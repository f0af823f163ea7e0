import { clip } from './clip-lesson.ts'
import { crash } from './crash-lesson.ts'
import { crossEntropy } from './cross-entropy-lesson.ts'
import { divergence } from './divergence-lesson.ts'
import { entropy } from './entropy-lesson.ts'
import { gradient } from './gradient-lesson.ts'
import { likelihood } from './likelihood-lesson.ts'
import { surprise } from './surprise-lesson.ts'
import type { Topic } from './topic.ts'

/** Every topic, each building on those before it. To add one, write its file and add its line here. */
export const TOPICS: readonly Topic[] = [surprise, entropy, crossEntropy, gradient, crash, clip, likelihood, divergence]
