import { isFinite } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** At this scale or below the gradients are not finite at any scale: then the range of float16 is not the reason. */
const FLOOR = 1

/**
 * Explains a falling loss scale by R8: no gradient is finite at any scale, while the loss still is.
 *
 * Where the loss is not finite either, the forward pass is broken, and the scale
 * only shows it.
 */
export function explainHalvingScale({ rule, facts, at }: BuiltInRaise, { trend }: Context): Explanation | null {
  const isHalving = rule === 'masked-nan' && facts.reason === 'scale-halving'
  if (rule !== 'loss-scale' && !isHalving) return null
  const loss = trend.loss.at(-1)
  const why =
    rule === 'loss-scale'
      ? `It fell ${facts.falls} times without a rise, from ${short(facts.largest)}: the gradients overflow at any scale.`
      : facts.detail
  const evidence = [
    ...(rule === 'loss-scale'
      ? [
          { name: 'largest', value: facts.largest },
          { name: 'falls', value: facts.falls },
        ]
      : []),
    ...(loss === undefined ? [] : [{ name: 'loss', value: loss.value }]),
  ]
  if (loss !== undefined && !isFinite(loss.value)) {
    return {
      why,
      cause: { code: null, candidates: [CAUSE.nanInModel, CAUSE.float16Overflow, CAUSE.lossScaleCollapse], evidence },
    }
  }
  if (rule === 'loss-scale' && Number(at.value) > FLOOR) {
    return { why, cause: { code: null, candidates: [CAUSE.lossScaleCollapse, CAUSE.float16Overflow], evidence } }
  }
  // Only a log that has a loss shows that it is finite.
  const confidence = rule === 'loss-scale' && loss !== undefined ? 'strong' : 'likely'
  return { why, cause: known(CAUSE.lossScaleCollapse, confidence, evidence) }
}
