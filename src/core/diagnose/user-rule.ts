import type { Explanation, Raise } from './diagnosis.ts'
import { short } from './wording.ts'

/** A rule of the user's says what it found, and nothing of why. */
export function own({ facts }: Raise): Explanation | null {
  if (facts.kind !== 'own') return null
  const { values, inARow } = facts
  const times = inARow === 1 ? '' : ` It has held for ${inARow} records in a row.`
  return {
    why: `${values.map(({ name, value }) => `${name} is ${short(value)}`).join(', ')}.${times}`,
    cause: { code: null, candidates: [], evidence: values },
  }
}
