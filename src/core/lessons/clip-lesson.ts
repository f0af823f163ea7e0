import { natsToBits } from '../measure/entropy.ts'
import { FLOAT_TYPES, storedClip } from './float-types.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { placeOfSubject, type Subject, type Topic } from './topic.ts'

const EPSILONS = [1e-16, 1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-4, 1e-3]

/** What the usual cure costs, and where it does not work. */
export const clipLesson: Topic = {
  name: 'clip',
  title: 'The clip and its limits',
  claim: 'A clip keeps the loss finite if ε suits the type; it takes the gradient of every value that it touches.',
  teach: (subject) => {
    const { epsilon } = subject.batch.measure
    return [
      textBlock(
        'The usual cure is to hold p within [ε, 1 − ε] before the logarithm is taken. It has three limits.',
        'First, no loss of a row is then above −ln ε, so that a loss that stands still at this ceiling is no loss that is fine.',
        'Second, the clip is flat outside its bounds: the gradient of every value that it touches is exactly 0, and among these are the rows that are most wrong.',
        'Third, ε must be a number that the type can tell from 0, and 1 − ε one that it can tell from 1.',
      ),
      formulaBlock('clip(p) = min(max(p, ε), 1 − ε)', 'd clip / dp = 0 outside [ε, 1 − ε]', '−ln clip(p) ≤ −ln ε'),
      chartBlock(`The loss with a clip at ε = ${inWords(epsilon)}`, 'ln p of the truth', 'nats', [
        curve('−ln p', Math.log(epsilon) * 1.6, 0, (logP) => Math.abs(logP)),
        curve('−ln clip(p)', Math.log(epsilon) * 1.6, 0, (logP) => Math.min(Math.abs(logP), -Math.log(epsilon))),
      ]),
      tableBlock(
        'What of a clip is left in each type',
        ['ε', ...FLOAT_TYPES.map(({ dtype }) => dtype)],
        EPSILONS.map((each) => [each, ...FLOAT_TYPES.map(({ dtype }) => storedClip(dtype, each).holds)]),
      ),
      tableBlock(
        `ε = ${inWords(epsilon)} as each type stores it`,
        ['type', 'ε', '1 − (1 − ε)', 'loss at p = 0', 'loss at p = 1', 'ε must exceed'],
        FLOAT_TYPES.map(({ dtype, losesOneBelow }) => {
          const { low, high } = storedClip(dtype, epsilon)
          return [dtype, low, 1 - high, -Math.log(low), -Math.log(1 - high), losesOneBelow]
        }),
      ),
      textBlock(
        'The textbook’s ε = 10⁻¹⁰ has no upper end in float32, where 1 − 10⁻¹⁰ = 1: the NaN then comes when the model becomes right, p = 1 and y = 1, from 0 · ln 0.',
        'In float32 take 10⁻⁷. In float16 and bfloat16 take none: compute the loss in float32, and better from the logits.',
      ),
      ...ownClip(subject),
    ]
  },
}

function ownClip(subject: Subject) {
  const { measure } = subject.batch
  const ceiling = -Math.log(measure.epsilon)
  const [raw, clipped] = [Number(measure.crossEntropy), Number(measure.crossEntropyClipped)]
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}, with ε = ${inWords(measure.epsilon)}`, [
      ['rows whose loss the clip changes', measure.clipped.count, `of ${measure.n}`],
      ['cross-entropy without the clip', { value: measure.crossEntropy }, 'nats'],
      ['cross-entropy with it', { value: measure.crossEntropyClipped }, 'nats'],
      ['what the clip takes off', raw - clipped, 'nats'],
      ['ceiling of a row', ceiling, `nats: ${inWords(natsToBits(ceiling))} bits`],
      ['largest loss of a row', measure.worst === null ? 'none' : { value: measure.worst.loss }, 'nats'],
    ]),
    textBlock(
      measure.clipped.count === 0
        ? 'No row of this batch touches the clip, so it costs nothing here.'
        : `A job that computes with this clip learns nothing from ${measure.clipped.count} of ${measure.n} rows: from those that are right that is no loss, from those that are wrong it is.`,
    ),
  ]
}
