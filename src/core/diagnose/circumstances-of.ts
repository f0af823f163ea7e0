import type { Circumstances } from '../causes/circumstances.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { Context } from './diagnosis.ts'

/** What is known around a finding, as the causes are shown it. */
export function circumstancesOf({ rule, at, facts }: BuiltInRaise, { trend, batch }: Context): Circumstances {
  const inUse = batch === null ? null : { symptoms: batch.measure, reportedLoss: batch.reportedLoss }
  const terms = rule === 'non-finite' ? facts.beside?.terms : undefined
  return { rule, at, trend, batch: inUse, ...(terms !== undefined && { terms }) }
}
