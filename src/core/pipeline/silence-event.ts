import type { LogEvent } from '../detect/log-rule.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { stall } from '../detect/stall.ts'
import { lastKnown } from '../job/write-intervals.ts'
import type { Writer } from '../job/writer.ts'
import { endSignOf } from '../state/run-memory.ts'
import type { SavedRun } from '../state/saved-run.ts'
import { endingOf, hasGoneOn, intervalsOfRun, isAwaited, type Observations, silenceOfRun } from './observations.ts'

/** What the rules about a whole log have to see of a run in which nothing was read, and the file that grew last in it. */
interface SilenceSeen {
  readonly event: LogEvent
  readonly path: string
}

/** The silence of a run, or its end where an alert of a silence fires; null where nothing follows from either. */
export function silenceEvent(
  run: SavedRun,
  observed: Observations,
  settings: DetectorSettings,
  lostAfterMs: number,
  wallMs: number,
): SilenceSeen | null {
  const { intervals, writers, steadyMs } = observed
  if (writers.isPending(run.run)) return null
  const known = intervals.of(run.run)
  const writer = writers.of(run.run)
  const holder = writer.kind === 'alive' ? writer.process : null
  const standing = run.memory.incidents.open.find(({ alert }) => alert.rule === stall.name)
  const path = known?.path ?? standing?.alert.file ?? ''
  const isSilent = standing !== undefined || silenceOfRun(run, observed, settings) !== null
  if (isEnded(run, writer) || (isSilent && endSignOf(run.memory) !== null)) {
    return standing === undefined ? null : { event: { kind: 'end' }, path }
  }
  // Who was silent is gone.
  if (standing !== undefined && holder !== null && isAwaited(run, observed, settings))
    return { event: { kind: 'end' }, path }
  const silence = { kind: 'silence', nowMs: steadyMs, holder, lostAfterMs } as const
  if (standing !== undefined && holder === null) {
    // A silence that was told has lasted since the last bytes, whoever watched.
    const quietMs = wallMs - Date.parse(run.lastReadAt)
    const lastMs = Math.min(steadyMs - quietMs, known?.intervals.lastMs ?? steadyMs)
    return { event: { ...silence, intervals: lastKnown(run.memory.pace, lastMs) }, path }
  }
  const pace = intervalsOfRun(run.run, observed, settings)
  if (pace === null || !hasGoneOn(run, observed)) return null
  return { event: { ...silence, intervals: pace }, path }
}

/** Whether nobody waits for the next line of a run: it says how it ended, or its processes are gone. */
function isEnded(run: SavedRun, writer: Writer): boolean {
  return endingOf(run, writer) !== null || writer.kind === 'gone'
}
