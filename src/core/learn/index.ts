import { clip } from './clip.ts'
import { crash } from './crash.ts'
import { crossEntropy } from './cross-entropy.ts'
import { divergence } from './divergence.ts'
import { entropy } from './entropy.ts'
import { gradient } from './gradient.ts'
import { likelihood } from './likelihood.ts'
import { surprise } from './surprise.ts'
import type { Topic } from './topic.ts'

/** Every topic, each building on those before it. To add one, write its file and add its line here. */
export const TOPICS: readonly Topic[] = [surprise, entropy, crossEntropy, gradient, crash, clip, likelihood, divergence]
