import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { chanceNats, placeOfSubject, type Subject, type Topic } from './topic.ts'

const PROBABILITIES = [0.99, 0.9, 0.5, 0.1, 1e-2, 1e-4, 1e-8]

/** What each loss says of the same answer. */
export const crossEntropyLesson: Topic = {
  name: 'cross-entropy',
  title: 'Cross-entropy against squared error',
  claim: 'Squared error has a ceiling, so one sure mistake costs little more than a doubt; cross-entropy has none.',
  teach: (subject) => [
    textBlock(
      'Cross-entropy is the average surprise when the truth comes from t and the probabilities from the model q.',
      'With a hard label it is −ln q of the true class.',
    ),
    formulaBlock('CE(t, q) = −Σ tᵢ ln qᵢ', 'squared error of one probability: (1 − q)²'),
    chartBlock('What an answer costs', 'probability of the true class', 'loss', [
      curve('cross-entropy −ln q', 0.005, 1, (q) => -Math.log(q)),
      curve('squared error (1 − q)²', 0.005, 1, (q) => (1 - q) ** 2),
    ]),
    tableBlock(
      'A binary answer, the less right the further down',
      ['q of the truth', 'cross-entropy', 'squared error'],
      PROBABILITIES.map((q) => [q, -Math.log(q), (1 - q) ** 2]),
    ),
    textBlock(
      'From q = 0.1 to q = 10⁻⁸ the squared error rises from 0.81 to 1, and cross-entropy from 2.3 to 18.4.',
      'Both are smallest when q is the true probability (both are proper scores): they differ in how they punish, not in what they want.',
      'Summed over classes, as the Brier score is, squared error reaches 2.',
    ),
    ...ownLosses(subject),
  ],
}

function ownLosses(subject: Subject) {
  const { measure, reportedLoss } = subject.batch
  const loss = Number(measure.crossEntropy)
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      ['cross-entropy', { value: measure.crossEntropy }, 'nats, mean over rows'],
      ['loss that the job logged', reportedLoss === null ? 'none' : { value: reportedLoss }, ''],
      ['perplexity', { value: measure.perplexity }, 'e to the cross-entropy'],
      ['squared error', { value: measure.squaredError }, 'of at most 2'],
      ['accuracy', { value: measure.accuracy }, 'share of rows'],
      ['cross-entropy of knowing nothing', chanceNats(measure), `nats: ln ${Math.max(measure.k, 2)}`],
    ]),
    textBlock(
      Number.isFinite(loss)
        ? `This is the surprise of a guess among ${inWords(measure.perplexity)} equally likely classes${loss > chanceNats(measure) ? ', more than there are: to know nothing would be better' : ''}.`
        : 'Cross-entropy tells of a mistake that is sure of itself; the squared error of the same rows shows nothing unusual.',
    ),
  ]
}
