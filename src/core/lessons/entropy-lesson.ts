import { entr, entropyNats, natsToBits } from '../measure/entropy.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { chanceNats, placeOfSubject, type Subject, type Topic } from './topic.ts'

const COINS = [0.5, 0.7, 0.9, 0.99, 1]

/** The surprise that one must expect. */
export const entropyLesson: Topic = {
  name: 'entropy',
  title: 'Entropy: the surprise to expect',
  claim: 'Entropy is the average surprise of what follows its own probabilities; a fair coin has one bit of it.',
  teach: (subject) => [
    textBlock(
      'An outcome of probability p comes up with probability p and then surprises by −ln p.',
      'The average of that is the entropy H: 0 when all is certain, and at most ln K for K classes, when all are equally likely.',
    ),
    formulaBlock('H(p) = −Σ pᵢ ln pᵢ', 'of a coin: −p ln p − (1 − p) ln (1 − p)'),
    chartBlock('Entropy of a coin', 'p of heads', 'bits', [
      curve('H(p)', 0, 1, (p) => natsToBits(entropyNats([p, 1 - p]))),
    ]),
    tableBlock(
      'Coins',
      ['p of heads', 'nats', 'bits'],
      COINS.map((p) => [p, entropyNats([p, 1 - p]), natsToBits(entropyNats([p, 1 - p]))]),
    ),
    textBlock(
      `A class of probability 0 adds nothing, for p ln p tends to 0. Floating-point arithmetic knows no limits: 0 · ln 0 = 0 · (−∞) = ${0 * Math.log(0)}.`,
      `A program must say so itself, as \`xlogy\` and \`entr\` do: here entr(0) = ${entr(0)}.`,
    ),
    ...ownEntropy(subject),
  ],
}

function ownEntropy(subject: Subject) {
  const { measure } = subject.batch
  const expected = Number(measure.entropy)
  const met = Number(measure.crossEntropy)
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      ['mean entropy of the predictions', { value: measure.entropy }, 'nats'],
      ['the same', { value: measure.entropyBits }, 'bits'],
      ['the most there can be', chanceNats(measure), `nats: ln ${Math.max(measure.k, 2)}`],
      ['share of that', { value: measure.entropyShare }, ''],
      ['mean surprise that came', { value: measure.crossEntropy }, 'nats'],
    ]),
    textBlock(verdict(expected, met)),
  ]
}

/** If the predictions were the true probabilities, the two would agree on average. */
function verdict(expected: number, met: number): string {
  const both = `The model expected a surprise of ${inWords(expected)} nats and met ${inWords(met)}.`
  if (!(Number.isFinite(expected) && Number.isFinite(met))) return both
  if (met > expected)
    return `${both} Were its probabilities the true ones, both would agree on average: it is surer than it should be on this batch.`
  return `${both} Were its probabilities the true ones, both would agree on average: on this batch it is less sure than it might be.`
}
