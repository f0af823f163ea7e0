import { natsToBits } from '../measure/entropy.ts'
import { batchNumbersBlock, chartBlock, curve, formulaBlock, inWords, tableBlock, textBlock } from './lesson-blocks.ts'
import { chanceNats, placeOfSubject, type Subject, type Topic } from './topic.ts'

const PROBABILITIES = [1, 0.5, 0.1, 1e-3, 1e-10, 0]

/** Why a loss is a logarithm. */
export const surpriseLesson: Topic = {
  name: 'surprise',
  title: 'Surprise: −ln p',
  claim: 'What was certain surprises by 0, what was impossible by ∞, and the surprises of independent events add up.',
  teach: (subject) => [
    textBlock(
      'How surprised is a model by what is true? By −ln p, where p is the probability that it gave to it.',
      'Probabilities of independent events multiply, so their surprises add up: up to the unit, the logarithm is the only continuous measure that does this.',
      'The natural logarithm counts in nats; 1 nat is 1/ln 2 = 1.4427 bits.',
    ),
    formulaBlock('surprise(p) = −ln p nats = −log₂ p bits'),
    chartBlock('Surprise by probability', 'p of what is true', 'nats', [curve('−ln p', 0, 1, (p) => -Math.log(p))]),
    tableBlock(
      'What a true event costs',
      ['p', 'nats', 'bits'],
      PROBABILITIES.map((p) => [p, -Math.log(p), natsToBits(-Math.log(p))]),
    ),
    ...ownSurprise(subject),
  ],
}

function ownSurprise(subject: Subject) {
  const { measure } = subject.batch
  const loss = Number(measure.crossEntropy)
  const worst = Number(measure.worst?.loss ?? NaN)
  return [
    batchNumbersBlock(`In ${placeOfSubject(subject)}`, [
      ['rows with a label', measure.used, ''],
      ['mean surprise of the truth', { value: measure.crossEntropy }, 'nats'],
      ['the same', natsToBits(loss), 'bits'],
      ['typical p of the truth', Math.exp(-loss), 'e to minus the mean'],
      ['surprise of knowing nothing', chanceNats(measure), `nats: ln ${Math.max(measure.k, 2)}`],
      ['largest surprise', worst, measure.worst === null ? 'nats' : `nats, row ${measure.worst.row}`],
      ['p of the truth there', Math.exp(-worst), ''],
    ]),
    textBlock(
      Number.isFinite(loss)
        ? `The model was surprised as one that gives each true class the probability ${inWords(Math.exp(-loss))}: the geometric mean of its probabilities, not their average.`
        : `One row with p = 0 is enough: the mean of anything and ∞ is ∞. ${measure.zeroOnTruth.count} of ${measure.n} rows have it here.`,
    ),
  ]
}
