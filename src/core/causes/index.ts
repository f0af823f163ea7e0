import type { CauseEntry } from './entry.ts'
import { comparedLosses, type ExplainedLoss } from './explained-loss.ts'
import { logZero } from './r1-log-zero.ts'
import { zeroTimesLogZero } from './r2-zero-times-log-zero.ts'
import { clipLostInFloat32 } from './r3-clip-lost-in-float32.ts'
import { epsilonLostInFloat16 } from './r4-epsilon-lost-in-float16.ts'
import { softmaxOverflow } from './r5-softmax-overflow.ts'
import { logOfSoftmax } from './r6-log-of-softmax.ts'
import { float16Overflow } from './r7-float16-overflow.ts'
import { lossScaleCollapse } from './r8-loss-scale-collapse.ts'
import { nanInModel } from './r9-nan-in-model.ts'
import { nothingToAverage } from './r10-nothing-to-average.ts'
import { labelOutOfRange } from './r11-label-out-of-range.ts'
import { targetOutside01 } from './r12-target-outside-0-1.ts'
import { logitsAsProbabilities } from './r13-logits-as-probabilities.ts'
import { doubleSoftmax } from './r14-double-softmax.ts'
import { notNormalised } from './r15-not-normalised.ts'
import { clippedGradient } from './r16-clipped-gradient.ts'
import { wrongReduction } from './r17-wrong-reduction.ts'
import { unitOfTheLogarithm } from './r18-unit-of-the-logarithm.ts'
import { labelSmoothing } from './r19-label-smoothing.ts'
import { addedTerm } from './r20-added-term.ts'
import { weightsOrMask } from './r21-weights-or-mask.ts'
import { staleLoss } from './r22-stale-loss.ts'
import { zeroOverZero } from './r23-zero-over-zero.ts'
import { explodingWeights } from './r24-exploding-weights.ts'
import { badBatch } from './r25-bad-batch.ts'
import { nanInInput } from './r26-nan-in-input.ts'
import { hardware } from './r27-hardware.ts'
import { nanGradient } from './r28-nan-gradient.ts'
import { badWeights } from './r29-bad-weights.ts'
import { nanInLabels } from './r30-nan-in-labels.ts'
import { targetTooLong } from './r31-target-too-long.ts'
import { missingLog } from './r32-missing-log.ts'
import { otherTerm } from './r33-other-term.ts'
import { expOverflow } from './r34-exp-overflow.ts'
import { broadcast } from './r35-broadcast.ts'
import { oneUnitSoftmax } from './r36-one-unit-softmax.ts'
import { validationDiffers } from './r37-validation-differs.ts'
import { otherPredictions } from './r38-other-predictions.ts'

/** Every cause by its name in the code, in the order of its number. To add one, write its file and add its line here. */
const LIST = {
  logZero,
  zeroTimesLogZero,
  clipLostInFloat32,
  epsilonLostInFloat16,
  softmaxOverflow,
  logOfSoftmax,
  float16Overflow,
  lossScaleCollapse,
  nanInModel,
  nothingToAverage,
  labelOutOfRange,
  targetOutside01,
  logitsAsProbabilities,
  doubleSoftmax,
  notNormalised,
  clippedGradient,
  wrongReduction,
  unitOfTheLogarithm,
  labelSmoothing,
  addedTerm,
  weightsOrMask,
  staleLoss,
  zeroOverZero,
  explodingWeights,
  badBatch,
  nanInInput,
  hardware,
  nanGradient,
  badWeights,
  nanInLabels,
  targetTooLong,
  missingLog,
  otherTerm,
  expOverflow,
  broadcast,
  oneUnitSoftmax,
  validationDiffers,
  otherPredictions,
}

type CodeOf<Of> = Of extends { readonly number: infer Of extends number; readonly name: infer Name extends string }
  ? `R${Of}-${Name}`
  : never

/** The code of each cause, by its name in the code: `CAUSE.logZero` is 'R1-log-zero'. */
export const CAUSE = Object.fromEntries(Object.entries(LIST).map(([name, entry]) => [name, codeOf(entry)])) as {
  readonly [Name in keyof typeof LIST]: CodeOf<(typeof LIST)[Name]>
}

/** The causes of a wrong loss. What a job died of stands in `core/crashes`. */
export const CAUSES: readonly CauseEntry[] = Object.values(LIST)

const BY_CODE = new Map(CAUSES.map((entry) => [codeOf(entry), entry]))

/** The name of a cause in alerts, such as `R1-log-zero`. */
export function codeOf(entry: CauseEntry): string {
  return `R${entry.number}-${entry.name}`
}

/** The entry of a cause of a wrong loss, by its code. Null for the code of a crash, and for one that this version does not know. */
export function causeOf(code: string): CauseEntry | null {
  return BY_CODE.get(code) ?? null
}

/** The code of the cause with this number, by which saved states name it. Throws a RangeError where there is none. */
export function codeOfNumber(number: number): string {
  const entry = CAUSES.find((cause) => cause.number === number)
  if (entry === undefined) throw new RangeError(`no cause has the number ${number}`)
  return codeOf(entry)
}

/** Explains the loss of a batch by the cause with this code. */
export function whyOf(code: string, loss: ExplainedLoss): string {
  const entry = causeOf(code)
  return entry?.why?.(loss) ?? `${entry?.what ?? ''} ${comparedLosses(loss)}`.trim()
}
