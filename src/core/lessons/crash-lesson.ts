import { xlogy } from '../measure/cross-entropy.ts'
import { isInFull } from '../measure/symptoms.ts'
import { FLOAT_TYPES } from './float-types.ts'
import { batchNumbersBlock, formulaBlock, tableBlock, textBlock } from './lesson-blocks.ts'
import type { BrokenBatch, Subject, Topic } from './topic.ts'

/** Where an infinite loss comes from, and where a NaN does. */
export const crashLesson: Topic = {
  name: 'crash',
  title: 'The crash: log(0)',
  claim: 'log(0) is −∞ and no NaN; the NaN comes from 0 · (−∞) or ∞ − ∞, and then it stays.',
  teach: (subject) => [
    textBlock(
      'In exact arithmetic no softmax of finite logits gives a probability of 0. Floating point does: a number too small for its type is rounded to 0.',
      'Then the logarithm is −∞, by IEEE 754 an exact answer and not an error. A NaN is the answer to a question without one.',
    ),
    tableBlock(
      'Computed just now, in float64',
      ['expression', 'result'],
      [
        ['ln 0', Math.log(0)],
        ['mean of 0.1, 0.2 and −ln 0', (0.1 + 0.2 - Math.log(0)) / 3],
        ['0 · ln 0', 0 * Math.log(0)],
        ['∞ − ∞', Infinity - Infinity],
        ['ln −0.1', Math.log(-0.1)],
        ['mean of nothing: 0/0', 0 / [].length],
        ['xlogy(0, 0)', xlogy(0, 0)],
        ['NaN · 0', NaN * 0],
      ],
    ),
    formulaBlock('BCE = −y ln p − (1 − y) ln (1 − p)'),
    tableBlock(
      'That formula as it is written, at the ends',
      ['p', 'y', 'result', 'the model is'],
      [
        [0, 1, binaryCrossEntropy(0, 1), 'wrong'],
        [1, 0, binaryCrossEntropy(1, 0), 'wrong'],
        [0, 0, binaryCrossEntropy(0, 0), 'right'],
        [1, 1, binaryCrossEntropy(1, 1), 'right'],
      ],
    ),
    textBlock(
      'So the loss is ∞ when the model is surely wrong, and NaN when it is surely right: the term that should not count is 0 · (−∞).',
      'In its one-hot form, −Σ tᵢ ln qᵢ, any class with a probability of exactly 0 does it, for all t but one are 0.',
      'Going back, −1/p is −∞ where the slope of the softmax, p (…), is 0: their product is NaN, the update writes it into the weights, and from the next step on everything is NaN.',
    ),
    tableBlock(
      'How far apart logits must be',
      ['type', 'e⁻ᶻ is 0 from z =', '1 / (1 + e⁻ᶻ) is 1 from z ='],
      FLOAT_TYPES.map(({ dtype, expIsZeroFrom, sigmoidIsOneFrom }) => [dtype, expIsZeroFrom, sigmoidIsOneFrom]),
    ),
    ...(subject.broken === null ? headroom(subject) : autopsy(subject, subject.broken)),
    textBlock(
      'The cure is not to take that logarithm: `F.cross_entropy` or `BCEWithLogitsLoss`, `from_logits=True`, `optax.softmax_cross_entropy` go from logits to the loss in one step, ln pᵢ = zᵢ − ln Σ eᶻ, which is finite for all finite logits.',
    ),
  ],
}

function binaryCrossEntropy(p: number, y: number): number {
  return -y * Math.log(p) - (1 - y) * Math.log(1 - p)
}

function autopsy({ source }: Subject, { batch, before }: BrokenBatch) {
  const { step, measure, reportedLoss } = batch
  return [
    batchNumbersBlock(`How ${source.run} broke${step === null ? '' : `, at step ${step}`}`, [
      ['cross-entropy a batch earlier', before === null ? 'not known' : { value: before.measure.crossEntropy }, 'nats'],
      [
        'largest loss of a row then',
        before?.measure.worst == null ? 'not known' : { value: before.measure.worst.loss },
        'nats',
      ],
      ['rows with p = 0 for the truth', measure.zeroOnTruth.count, `of ${measure.n}`],
      ['rows with p = 0 elsewhere', measure.zeroOffTruth.count, `of ${measure.n}`],
      ['rows that hold a NaN', measure.nan.count, `of ${measure.n}`],
      ['cross-entropy, recomputed', { value: measure.crossEntropy }, 'nats'],
      ['with the clip', { value: measure.crossEntropyClipped }, 'nats'],
      ['loss that the job logged', reportedLoss === null ? 'none' : { value: reportedLoss }, ''],
    ]),
    textBlock(
      measure.zeroOnTruth.count > 0
        ? `Rows ${measure.zeroOnTruth.rows.join(', ')}${measure.zeroOnTruth.count > measure.zeroOnTruth.rows.length ? ' and more' : ''} gave their true class a probability ${isInFull(measure) ? 'of exactly 0' : 'that is printed as 0'}: −ln 0 = ∞, and so is the mean.`
        : measure.nan.count > 0
          ? 'The predictions hold a NaN themselves: whatever made it came before this batch.'
          : 'No probability of the truth is 0 here: the recomputed loss tells whether the arithmetic of the job is to blame.',
    ),
  ]
}

function headroom({ source, batch, history }: Subject) {
  const worst = Number(batch.measure.worst?.loss ?? NaN)
  return [
    batchNumbersBlock(`${source.run} has not broken in the last ${history.length} batches`, [
      ['largest loss of a row', worst, 'nats'],
      ['p of the truth there', Math.exp(-worst), ''],
      ...FLOAT_TYPES.map(({ dtype, expIsZeroFrom }): [string, number, string] => [
        `from there to p = 0 in ${dtype}`,
        expIsZeroFrom - worst,
        'nats',
      ]),
    ]),
    textBlock('A distance below 0 says that a job in this type has that p as 0 already.'),
  ]
}
