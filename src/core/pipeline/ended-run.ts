import type { EndedRun } from '../alerts/shared-deaths.ts'
import { lastedMs } from '../job/write-intervals.ts'
import type { SavedRun } from '../state/saved-run.ts'

/** A log that did not grow while it was watched may be a copy, and tells nothing by when it was written. */
export function endedRunOf({ memory, lastReadAt }: SavedRun): EndedRun {
  const { incidents, pace, ending } = memory
  if (pace === undefined) return { incidents, lastMs: null, beganMs: null }
  const readMs = Date.parse(lastReadAt)
  const spanMs = lastedMs(pace)
  // What stands beside a job that died may write on.
  return { incidents, lastMs: ending?.writtenMs ?? readMs, beganMs: spanMs === null ? null : readMs - spanMs }
}
