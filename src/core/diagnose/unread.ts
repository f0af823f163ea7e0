import type { BuiltInRaise } from '../detect/finding.ts'
import type { Explanation } from './diagnosis.ts'

/** Says of a NaN in lines that are not read what to do, so that they are. What it is a value of, nobody knows. */
export function explainUnread({ rule }: BuiltInRaise): Explanation | null {
  if (rule !== 'unread-nan') return null
  return {
    why: 'No format reads a value there, so what it is of is not known, and nothing else of these lines is judged. `nanwatch formats --propose FILE` proposes a description of them for the configuration.',
    cause: { code: null, candidates: [], evidence: [] },
  }
}
