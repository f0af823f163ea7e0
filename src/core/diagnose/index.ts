import { badBatch } from './bad-batch.ts'
import { course } from './course.ts'
import type { Hypothesis } from './diagnosis.ts'
import { gradient } from './gradient.ts'
import { growth } from './growth.ts'
import { masked } from './masked.ts'
import { recomputed } from './recomputed.ts'

/**
 * Every family of causes, the surest first: what the predictions show, before what
 * the losses and gradients suggest. To add one, write its file and
 * add its line here.
 */
export const HYPOTHESES: readonly Hypothesis[] = [recomputed, gradient, masked, growth, badBatch, course]
