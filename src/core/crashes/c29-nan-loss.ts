import type { CrashClass } from './crash-class.ts'

/** C29: a loss that is no number. */
export const nanLoss = {
  code: 'C29-nan-loss',
  kind: 'nan-loss',
  why: 'The job stopped itself because its loss, a gradient or a weight is no finite number.',
  fix: 'Resume from a checkpoint of before the first NaN with a smaller step or clipped gradients, and look for what made it.',
  next: 'The first batch that is not finite, and what came before it: torch.autograd.set_detect_anomaly(True) names the operation.',
  says: [
    /^tensor\(\[+nan|loss=nan/,
    /(?:\b|_)(?:loss(?:es)?|cost|gradients?|grads?|grad(?:ient)?[_ ]?norm|weights?|parameters?|logits|activations?)\b.{0,60}\b(?:nans?|infs?|infinite|infinity|non-?finite|not finite|not a number|diverged)\b/,
    /\b(?:nans?|infs?|infinite|non-?finite)\b.{0,60}\b(?:loss(?:es)?|gradients?|grads?|weights?|parameters?|logits|activations?)\b|invalid loss/,
    /(?:returned|produced|had|contains?|detected|found|encountered) (?:an? )?(?:nans?|infs?|non-?finite)\b|invalid value \((?:nan|inf)\)/,
    /minimum loss scale|loss scale (?:is )?(?:already )?at (?:the |its )?(?:minimum|floor)|loss is probably exploding/,
    /nanloss\w*|(?:model|training|loss) (?:has )?diverged/,
  ],
} as const satisfies CrashClass
