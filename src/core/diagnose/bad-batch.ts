import type { Context, Explanation, Raise } from './diagnosis.ts'
import { atTimes, short } from './wording.ts'

/** A spike: from the loss alone, a bad batch (R25) and too high a learning rate (R24) look alike. */
export function badBatch(finding: Raise, _context: Context): Explanation | null {
  if (finding.facts.kind !== 'spike') return null
  const { level, z } = finding.facts
  const times = atTimes(finding.at.value, level)
  return {
    why:
      `Its recent level was ${short(level)}; it stands ${times === '' ? '' : `${times}, `}${short(z)} spreads above it: ` +
      'a bad batch if it recovers within a few steps, too high a learning rate if it does not.',
    cause: {
      code: null,
      candidates: ['R25-bad-batch', 'R24-exploding-weights'],
      evidence: [
        { name: 'level', value: level },
        { name: 'z', value: z },
      ],
    },
  }
}
