import { xlogy } from '../measure/cross-entropy.ts'
import { klNats } from '../measure/divergence.ts'
import { entropyNats } from '../measure/entropy.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { placeOfSubject, type Subject, type Topic } from './topic.ts'

const FAIR = [0.5, 0.5]
const COINS = [0.5, 0.6, 0.9, 0.99, 1]

/** What of a loss can be learned away. */
export const divergenceLesson: Topic = {
  name: 'divergence',
  title: 'KL divergence: cross-entropy less entropy',
  claim:
    'Cross-entropy is the entropy of the truth, which nobody can lower, plus the divergence, which is the model’s.',
  teach: (subject) => [
    textBlock(
      'The surprise that a model meets is never less, on average, than that of one which knows the true probabilities.',
      'What it has too much is the Kullback–Leibler divergence: never below 0, and 0 only where both distributions are the same.',
    ),
    formulaBlock('KL(t ‖ q) = Σ tᵢ ln (tᵢ / qᵢ) = CE(t, q) − H(t) ≥ 0'),
    chartBlock('A fair coin and one with q', 'q of heads', 'nats', [
      curve('KL(fair ‖ q)', 0.005, 0.995, (q) => klNats(FAIR, [q, 1 - q])),
      curve('KL(q ‖ fair)', 0.005, 0.995, (q) => klNats([q, 1 - q], FAIR)),
    ]),
    tableBlock(
      'The truth is a fair coin',
      ['q', 'CE(fair, q)', 'H(fair)', 'KL(fair ‖ q)', 'KL(q ‖ fair)'],
      COINS.map((q) => [
        q,
        -(xlogy(0.5, q) + xlogy(0.5, 1 - q)),
        entropyNats(FAIR),
        klNats(FAIR, [q, 1 - q]),
        klNats([q, 1 - q], FAIR),
      ]),
    ),
    textBlock(
      'It is no distance: the two directions differ. Whoever calls something impossible that then happens is infinitely wrong; the other way round it costs ln 2 at most here.',
    ),
    ...ownDivergence(subject),
  ],
}

function ownDivergence(subject: Subject) {
  const { measure } = subject.batch
  const [loss, kl] = [Number(measure.crossEntropy), Number(measure.klDivergence)]
  const truth = loss - kl
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      ['cross-entropy', { value: measure.crossEntropy }, 'nats'],
      ['KL(truth ‖ prediction)', { value: measure.klDivergence }, 'nats'],
      ['entropy of the truth: the difference', truth, 'nats'],
    ]),
    textBlock(
      Number.isNaN(truth)
        ? 'Both are infinite, or not a number, and ∞ − ∞ is NaN: from a broken loss this difference cannot be had.'
        : Math.abs(truth) < 1e-12
          ? 'Each label here is certain of one class, so its entropy is 0, and cross-entropy and divergence are one number: in principle the loss can fall to 0.'
          : `The labels are not certain themselves: no model gets below ${inWords(truth)} nats, and what can be learned is the divergence.`,
    ),
  ]
}
