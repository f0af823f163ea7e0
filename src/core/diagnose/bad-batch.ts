import type { Context, Explanation, Raise } from './diagnosis.ts'
import { short } from './wording.ts'

/** A spike: from the loss alone, a bad batch (R25) and too high a learning rate (R24) look alike. */
export function badBatch(finding: Raise, _context: Context): Explanation | null {
  if (finding.facts.kind !== 'spike') return null
  const { level, ratio, z } = finding.facts
  return {
    why:
      `It is ${short(ratio)} times its recent level of ${short(level)}, ${short(z)} spreads above it: ` +
      'a bad batch if it recovers within a few steps, too high a learning rate if it does not.',
    cause: {
      code: null,
      candidates: ['R25-bad-batch', 'R24-exploding-weights'],
      evidence: [
        { name: 'level', value: level },
        { name: 'ratio', value: ratio },
        { name: 'z', value: z },
      ],
    },
  }
}
