// What jobs add to their cross-entropy. Each term is a strength times a mean over the rows, and adds to the gradients.
import { TYPES } from './floats.mjs'
import { probabilitiesOf } from './model.mjs'

/** The names that people give to them in their logs. */
const NAMES = { l2: 'l2_loss', entropy: 'entropy', kl: 'kl', aux: 'aux_loss' }

/** Computes the terms of a batch, adds to `gradients` in place, and gives the factor of the weights in their gradient. */
export function addTerms({ terms, dtype }, { logits, gradients, weights, roundLoss }) {
  const { round } = TYPES[dtype]
  let weightDecay = 0
  const parts = terms.map(({ kind, strength, isGuarded = true }) => {
    if (kind === 'l2') {
      weightDecay += 2 * strength
      return { name: NAMES.l2, value: roundLoss(strength * weights.flat().reduce((sum, w) => sum + w * w, 0)) }
    }
    const share = strength / logits.length
    const values = logits.map((row, i) => {
      if (kind === 'aux') {
        row.forEach((z, c) => {
          gradients[i][c] += 2 * share * z
        })
        return row.reduce((sum, z) => sum + z * z, 0)
      }
      // Both the bonus and the divergence from a flat distribution are Σ p ln p, but for a constant.
      const p = probabilitiesOf(row).map(round)
      const logs = p.map((value) => (isGuarded && value === 0 ? 0 : round(Math.log(value))))
      const negative = p.reduce((sum, value, c) => sum + value * logs[c], 0)
      p.forEach((value, c) => {
        gradients[i][c] += share * value * (logs[c] - negative)
      })
      return kind === 'kl' ? negative + Math.log(row.length) : negative
    })
    return { name: NAMES[kind], value: roundLoss(share * values.reduce((sum, value) => sum + value, 0)) }
  })
  return { parts, weightDecay }
}
