import type { BuiltInRaise } from '../detect/finding.ts'
import { duration } from '../detect/wording.ts'
import type { Explanation } from './diagnosis.ts'

/** Explains slower steps by how much longer they take. Why they do, the log does not say. */
export function explainSlowSteps({ rule, facts }: BuiltInRaise): Explanation | null {
  if (rule !== 'slow') return null
  const { newestMs, usualMs } = facts
  return {
    why: `A step now takes ${duration(newestMs)}, where ${duration(usualMs)} was usual. A data loader that falls behind, a hot or shared accelerator, and a growing sequence are common.`,
    cause: {
      code: null,
      candidates: [],
      evidence: [
        { name: 'newestMs', value: newestMs },
        { name: 'usualMs', value: usualMs },
      ],
    },
  }
}
