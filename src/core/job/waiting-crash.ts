import type { Severity } from '../../protocol/alert.ts'
import { isOrdered } from '../crashes/index.ts'
import type { CrashKind } from './crash-patterns.ts'
import type { LinesBelow } from './passes.ts'
import type { Origin } from './traceback.ts'

/** What a job may have died of. */
type MayHaveDied = {
  readonly kind: CrashKind
  readonly severity: Severity
  readonly from?: Origin
  readonly isAfterEnd?: true
}

/** What a file says of the end of its job, and what the job has said below that. */
type LastTold = { readonly crash: MayHaveDied | null; readonly below?: LinesBelow }

/** Whether nobody knows yet whether the job has died of it. States of earlier versions call that a warning. */
function isUnsure({ severity, kind, isAfterEnd }: MayHaveDied): boolean {
  return severity !== 'critical' && !isOrdered(kind) && isAfterEnd !== true
}

/** Whether it is an exception that waits: as long as the process lives that printed it, it may have been caught. */
export function isHeldBack(crash: MayHaveDied): boolean {
  return crash.from === 'uncaught' && isUnsure(crash)
}

/** Whether it is still to show whether the job has died. */
export function isUndecided({ crash }: LastTold): boolean {
  return crash !== null && isUnsure(crash)
}

/** Whether the end of an exception waits for the process that printed it. */
export function isWaiting({ crash }: LastTold): boolean {
  return crash !== null && isHeldBack(crash)
}

/** Whether an exception that waits is the last word of its job. */
export function isLastWord(told: LastTold): boolean {
  return isWaiting(told) && told.below === undefined
}
