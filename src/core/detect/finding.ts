import type { Severity } from '../../protocol/alert.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { UserRuleName } from '../expression/user-rule.ts'
import { type BuiltInRule, RULES } from './index.ts'
import type { RuleFinding, Sighting } from './rule.ts'
import { atStep } from './wording.ts'

type BuiltInName = BuiltInRule['name']

/** The numbers behind a finding of a rule, from which the diagnosis makes its sentences. */
export type FactsOf<Name extends BuiltInName> = Parameters<Extract<BuiltInRule, { readonly name: Name }>['headline']>[1]

/** The facts of a rule that the user wrote: the condition that held, for how many records, and the values in it. */
interface UserRuleFacts {
  readonly when: string
  readonly inARow: number
  readonly values: readonly { readonly name: string; readonly value: MetricValue }[]
}

interface RaiseOf<Name, Facts> {
  readonly kind: 'raise'
  readonly rule: Name
  readonly severity: Severity
  readonly at: Sighting
  readonly facts: Facts
  readonly lowers?: true
}

/** An incident of a built-in rule begins or gets worse. The name of the rule determines the type of its facts. */
export type BuiltInRaise = { [Name in BuiltInName]: RaiseOf<Name, FactsOf<Name>> }[BuiltInName]

/** An incident of a rule that the user wrote begins. */
export type UserRaise = RaiseOf<UserRuleName, UserRuleFacts>

/** An incident begins or gets worse. `isOfUser` distinguishes the two kinds. */
export type Raise = BuiltInRaise | UserRaise

/** The incident that an earlier finding of this rule and metric reported is over. */
export interface Clear {
  readonly kind: 'clear'
  readonly rule: string
  readonly at: Sighting
  /** A sentence that says why it turned out to be harmless, where it did. Its alert then becomes one of severity `info`. */
  readonly calledOff?: string
  /** A sentence that says how it ended, for an alert that was only noted. */
  readonly ended?: string
}

/** What a rule found, and where. */
export type Finding = Raise | Clear

/** The finding of a rule, with its name and its place. */
export function stamped(name: string, finding: RuleFinding<unknown>, at: Sighting): Finding {
  // The cast is sound: the facts come from the rule with this name.
  return { ...finding, rule: name, at } as Finding
}

/** Whether a finding comes from a rule that the user wrote. */
export function isOfUser(finding: Raise): finding is UserRaise {
  return RULES.every(({ name }) => name !== finding.rule)
}

/** Whether a finding is that a job died. */
export function isCrashFinding(finding: Raise): finding is Extract<BuiltInRaise, { readonly rule: 'crashed' }> {
  return finding.rule === 'crashed'
}

/** The finding as it is told once it turned out to be harmless. A crash is none then. */
export function asHarmless(finding: Raise): Raise {
  if (!isCrashFinding(finding)) return finding
  return { ...finding, facts: { crash: { ...finding.facts.crash, isOutlived: true } } }
}

/** What happened, in one sentence that begins with the step. */
export function headlineOf(finding: Raise): string {
  const { rule, at, facts } = finding
  if (isOfUser(finding)) return `${atStep(at.step)}${finding.facts.when} (${rule}).`
  return `${atStep(at.step)}${RULES.find(({ name }) => name === rule)!.headline(at, facts)}`
}
