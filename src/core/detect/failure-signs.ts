import { RULES } from './index.ts'
import type { FailureSign, Need } from './rule.ts'

/** A rule whose findings are signs of a failing loss. */
interface SignRule extends FailureSign {
  readonly name: string
  readonly needs: readonly Need[]
}

/** The rules that one failing loss sets off, the one that says most of it first. */
export const FAILURE_SIGNS: readonly SignRule[] = RULES.flatMap(({ name, needs, failureSign }) =>
  failureSign === undefined ? [] : [{ name, needs, ...failureSign }],
).sort((a, b) => b.weight - a.weight)
