import type { Severity } from '../../protocol/alert.ts'
import type { Condition } from './expression.ts'
import type { Remembered } from './remembered.ts'

declare const own: unique symbol

/** The name of a rule that the user wrote: lower-case words joined by hyphens, and not the name of a rule of nanwatch. */
export type UserRuleName = string & { readonly [own]: true }

/** A rule that the user wrote: an alert while its condition holds. */
export interface UserRule {
  readonly name: UserRuleName
  /** The condition as it was written. */
  readonly when: string
  readonly condition: Condition
  readonly severity: Severity
  /** So many records in a row must show it, and as many end it. */
  readonly forRecords: number
  /** Of which runs, as a pattern. */
  readonly run?: string | undefined
}

/** What the rules of the user need of one file's past; plain JSON. */
export type UserRulesState = {
  readonly series: Readonly<Record<string, Remembered>>
  readonly rules: Readonly<Record<string, Standing>>
}

/** Where a rule stands in one file. */
export type Standing = {
  /** The condition that all of this is about: of another one nothing is known. */
  readonly when: string
  /** How many records in a row have shown it, or while it fires have not. */
  readonly inARow: number
  readonly firing: boolean
}

export const NO_USER_RULES: UserRulesState = { series: {}, rules: {} }
