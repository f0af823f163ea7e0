import { badBatch } from './bad-batch.ts'
import { course } from './course.ts'
import { crash } from './crash-words.ts'
import type { Explainer } from './diagnosis.ts'
import { growth } from './growth.ts'
import { lossScale } from './halving-scale.ts'
import { masked } from './hidden-nan.ts'
import { recognised } from './recognised.ts'
import { recomputed } from './recomputed.ts'
import { saturated } from './saturated.ts'
import { stall } from './silence.ts'
import { slow } from './slow-steps.ts'

/**
 * Every kind of evidence, the surest first: what the predictions show stands before what
 * the losses and gradients suggest. To add one, write its file and add its line here.
 */
export const EXPLAINERS: readonly Explainer[] = [
  crash,
  stall,
  slow,
  saturated,
  recomputed,
  recognised,
  lossScale,
  masked,
  growth,
  badBatch,
  course,
]
