import type { BuiltInRaise } from '../detect/finding.ts'
import type { Explanation } from './diagnosis.ts'

/** Explains a run that is worse than its baselines by the numbers of the comparison. Why it is, the log does not say. */
export function explainBesideBaseline({ rule, facts }: BuiltInRaise): Explanation | null {
  if (rule !== 'worse-than-baseline') return null
  const { baselines, level, baseline, difference, spread, pairs, sinceStep } = facts
  return {
    why: `${pairs} pairs of values were compared. What changed between the two runs is the place to look: the data and its labels, the learning rate, the code, a checkpoint that was not loaded.`,
    cause: {
      code: null,
      candidates: [],
      evidence: [
        { name: 'baselines', value: baselines.join(', ') },
        { name: 'level', value: level },
        { name: 'baseline', value: baseline },
        { name: 'spreads', value: difference / spread },
        { name: 'pairs', value: pairs },
        ...(sinceStep === null ? [] : [{ name: 'sinceStep', value: sinceStep }]),
      ],
    },
  }
}
