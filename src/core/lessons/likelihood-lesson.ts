import { metricValue } from '../../protocol/value.ts'
import { xlogy } from '../measure/cross-entropy.ts'
import { entropyNats } from '../measure/entropy.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { chanceNats, placeOfSubject, type Subject, type Topic } from './topic.ts'

/** What is maximised when a loss is minimised. */
export const likelihoodLesson: Topic = {
  name: 'likelihood',
  title: 'Maximum likelihood',
  claim: 'The mean cross-entropy is minus the mean log-likelihood: who minimises the one maximises the other.',
  teach: (subject) => {
    const { measure } = subject.batch
    const rows = measure.used
    const right = Math.round(Number(measure.accuracy) * rows)
    const share = right / rows
    const cost = (q: number) => -(xlogy(share, q) + xlogy(1 - share, 1 - q))
    return [
      textBlock(
        'The likelihood of a model is the probability that it gave to all that came true: the product over the rows.',
        'A product of so many numbers below 1 is soon too small for any type, so its logarithm is taken, and the product becomes a sum: minus N times the cross-entropy.',
      ),
      formulaBlock('L = Π qᵢ', 'ln L = Σ ln qᵢ = −N · CE'),
      ...(Number.isFinite(share)
        ? [
            textBlock(
              `Take the rows of ${placeOfSubject(subject)} as ${rows} throws of a coin: ${right} were answered right. Which coin q makes that likeliest?`,
            ),
            chartBlock('One minimum, one maximum, at the same q', 'q', 'value', [
              curve('cross-entropy CE(q) in nats', 0.005, 0.995, cost),
              curve('likelihood of q as a share of the largest', 0.005, 0.995, (q) =>
                Math.exp(-rows * (cost(q) - cost(share))),
              ),
            ]),
            tableBlock(
              'Coins to choose from',
              ['q', 'CE(q)', 'ln L(q)'],
              [...new Set([0.1, 0.5, share, 0.9])].sort((a, b) => a - b).map((q) => [q, cost(q), -rows * cost(q)]),
            ),
            textBlock(
              `The best is q = ${right}/${rows} = ${inWords(share)}, the frequency itself; its cross-entropy is ${inWords(cost(share))} nats, the entropy of that coin (${inWords(entropyNats([share, 1 - share]))}).`,
            ),
          ]
        : []),
      ...ownLikelihood(subject),
    ]
  },
}

function ownLikelihood(subject: Subject) {
  const { measure } = subject.batch
  const logLikelihood = -measure.used * Number(measure.crossEntropy)
  const points = subject.history.filter(({ step }) => step !== null)
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      ['rows N', measure.used, ''],
      ['cross-entropy CE', { value: measure.crossEntropy }, 'nats'],
      ['log-likelihood −N · CE', logLikelihood, 'nats'],
      ['likelihood, as a power of ten', logLikelihood / Math.LN10, 'its exponent'],
      ['the same in float64', Math.exp(logLikelihood), logLikelihood < -745.14 ? 'too small: rounded to 0' : ''],
      ['ln L above that of knowing nothing', logLikelihood + measure.used * chanceNats(measure), 'nats'],
    ]),
    ...(points.length < 2
      ? []
      : [
          chartBlock(`Cross-entropy of ${subject.source.run}: the lower, the likelier`, 'step', 'nats', [
            {
              name: 'CE = −(ln L) / N',
              x: points.map(({ step }) => step!),
              y: points.map(({ measure: { crossEntropy } }) => metricValue(Number(crossEntropy))),
            },
          ]),
        ]),
  ]
}
