import { sigmoid } from '../measure/logistic.ts'
import { binaryCrossEntropyGradient, squaredErrorGradient } from '../measure/squared-error.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { placeOfSubject, type Subject, type Topic } from './topic.ts'

const LOGITS = [-5, 0, Math.LN2, 2, 5, 10, 20, 40]

/** Why classifiers are not trained on squared error. */
export const gradientLesson: Topic = {
  name: 'gradient',
  title: 'The slap on the wrist',
  claim:
    'Sure of itself and wrong, a model is pulled back with 1 by cross-entropy and with next to nothing by squared error.',
  teach: (subject) => [
    textBlock(
      'A model learns by the derivative of its loss with respect to the logit z, where p = σ(z) = 1 / (1 + e⁻ᶻ).',
      'In that of squared error the slope of the sigmoid, p (1 − p), stays as a factor; in that of cross-entropy it cancels against the 1/p of the logarithm.',
    ),
    formulaBlock('d CE / dz = p − y', 'd (p − y)² / dz = 2 (p − y) p (1 − p)'),
    chartBlock(
      'The pull on a logit whose truth is y = 0',
      'logit z: the further right, the surer and the more wrong',
      'gradient',
      [
        curve('cross-entropy', -10, 10, (z) => binaryCrossEntropyGradient(0, z)),
        curve('squared error', -10, 10, (z) => squaredErrorGradient(0, z)),
      ],
    ),
    tableBlock(
      'y = 0',
      ['z', 'p', 'cross-entropy', 'squared error'],
      LOGITS.map((z) => [z, sigmoid(z), binaryCrossEntropyGradient(0, z), squaredErrorGradient(0, z)]),
    ),
    textBlock(
      `The pull of squared error is largest at p = 2/3, with 8/27 = ${inWords(8 / 27)}, and fades from there on: the surer the mistake, the fainter the correction.`,
      'With softmax and K classes the gradient of cross-entropy is pₖ − tₖ for each logit, and they sum to 0.',
    ),
    ...ownGradients(subject),
  ],
}

function ownGradients(subject: Subject) {
  const { measure } = subject.batch
  if (measure.worst === null) return [textBlock('No row of this batch has a loss, so none has a gradient.')]
  const typical = Number(measure.crossEntropy)
  const worst = Number(measure.worst.loss)
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      [`p of the truth, row ${measure.worst.row} (the worst)`, Math.exp(-worst), ''],
      ['pull of cross-entropy there', Math.expm1(-worst), 'p − 1, on the true logit'],
      ['pull of squared error there', squaredErrorPull(worst), 'in a choice of two'],
      ['p of the truth, typical row', Math.exp(-typical), ''],
      ['pull of cross-entropy there', Math.expm1(-typical), 'p − 1, on the true logit'],
      ['pull of squared error there', squaredErrorPull(typical), 'in a choice of two'],
    ]),
    textBlock(
      'A minus says that the true logit is raised.',
      Number.isFinite(worst)
        ? ''
        : 'At p = 0 cross-entropy still pulls with −1, if it is computed from the logits. Computed as −1/p times the slope of the softmax, it is ∞ · 0 = NaN.',
    ),
  ]
}

/** 2 (p − 1) p (1 − p) for p = e^−loss. */
function squaredErrorPull(loss: number): number {
  const missing = Math.expm1(-loss)
  return -2 * missing * missing * Math.exp(-loss)
}
