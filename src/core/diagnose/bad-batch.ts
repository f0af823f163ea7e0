import { isFinite } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { SpikeCourse } from '../detect/spike.ts'
import { atTimes } from '../detect/wording.ts'
import type { Context, Explanation, Trend } from './diagnosis.ts'

/** The name of the evidence that the learning rate was raised just before. That makes spikes in other runs, too. */
export const RATE_CHANGE = 'learningRateChange'

/** The name of the evidence at which step a spike began that has got worse since. */
export const SINCE = 'since'

/** What is said of a spike for what it has come to. */
const COURSES: Readonly<Record<SpikeCourse, string>> = {
  single:
    ' One value so far, and less than a warning: it becomes one if the next value is as high or such jumps come again and again.',
  large: '',
  stays: ' It was not over with the value after it.',
  again: ' Such jumps come again and again.',
  mean: ' The log leaves out steps and its values differ little, as means over many batches do.',
}

/** From one record to the next the rate of a schedule that warms up or decays changes by a smaller factor. */
const LEAST_CHANGE = 1.5

/** Explains a spike. In the loss of one run alone a bad batch (R25) and too high a learning rate (R24) look alike. */
export function explainBadBatch(finding: BuiltInRaise, { trend }: Context): Explanation | null {
  if (finding.rule !== 'spike') return null
  const { level, z, course, since, batchRatio } = finding.facts
  const times = atTimes(finding.at.value, level)
  const change = rateChange(trend)
  return {
    why:
      `Its recent level was ${short(level)}; it stands ${times === '' ? '' : `${times}, `}${short(Math.abs(z))} spreads ${z < 0 ? 'below' : 'above'} it: ` +
      `a bad batch if it recovers within a few steps, too high a learning rate if it does not.${COURSES[course]}` +
      (batchRatio === undefined
        ? ''
        : ` If they are, and one batch alone was bad, it was at ${short(batchRatio)} times the level.`),
    cause: {
      code: null,
      candidates: [CAUSE.badBatch, CAUSE.explodingWeights],
      evidence: [
        { name: 'level', value: level },
        { name: 'z', value: z },
        ...(since === null || since === finding.at.step ? [] : [{ name: SINCE, value: since }]),
        ...(change < LEAST_CHANGE ? [] : [{ name: RATE_CHANGE, value: change }]),
      ],
    },
  }
}

/** The largest factor by which the learning rate rose from one of the newest records to the next; 1 where it did not. */
function rateChange({ learningRate }: Trend): number {
  let largest = 1
  let before = 0
  for (const { value } of learningRate) {
    if (!isFinite(value) || value <= 0) continue
    if (before > 0) largest = Math.max(largest, value / before)
    before = value
  }
  return largest
}
