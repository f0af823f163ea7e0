import { CAUSE } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { inWords } from '../detect/threshold-wording.ts'
import { CLIP_CONSTANTS } from '../measure/clip-constants.ts'
import { type Explanation, known } from './diagnosis.ts'

/** Explains a loss that stands at the constant of a clip. */
export function explainClipped({ rule, facts, at }: BuiltInRaise): Explanation | null {
  if (rule !== 'clipped-loss') return null
  const { nats, rows, distinct, samples } = facts
  const origin = CLIP_CONSTANTS.find((constant) => constant.nats === nats)?.origin ?? 'a clip'
  const count = Math.round((Number(at.value) * rows) / nats)
  const constant = `${short(nats)} (${origin})`
  const stands = `It stands there for ${inWords(samples)} values in a row`
  const why =
    rows === 1
      ? `${stands}, and is ${constant}. All rows lie`
      : distinct === 1
        ? `${stands}, and is ${count}/${rows} of ${constant}. That share of the rows lies`
        : `Its newest ${inWords(samples)} values are all multiples of 1/${rows} of ${constant}; this one has ${count} of them. That share of the rows lies`
  return {
    why: `${why} beyond the clip, where the loss is flat and its gradient 0: they never get better.`,
    cause: known(CAUSE.clippedGradient, distinct === 1 ? 'likely' : 'strong', [
      { name: 'constant', value: nats },
      { name: 'rows', value: rows },
      { name: 'rowsBeyond', value: count },
      { name: 'inARow', value: samples },
    ]),
  }
}
