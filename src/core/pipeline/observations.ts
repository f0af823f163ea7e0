import type { RunState, RunStatus } from '../../protocol/run.ts'
import { failuresOf, gravest, isStanding } from '../alerts/failure.ts'
import { crashed } from '../detect/crashed.ts'
import { thresholdsOf } from '../detect/rule-setup.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { stall } from '../detect/stall.ts'
import type { Ending } from '../job/ending.ts'
import type { IntervalsByRun } from '../job/intervals-by-run.ts'
import { runState } from '../job/run-state.ts'
import {
  begunAnew,
  hasLasted,
  type Silence,
  type StallParams,
  silenceOf,
  type WriteIntervals,
} from '../job/write-intervals.ts'
import { UNSEEN, type Writer } from '../job/writer.ts'
import { endSignOf, hasAnyRecord } from '../state/run-memory.ts'
import type { SavedRun } from '../state/saved-run.ts'

/** The states in which a run may be because nothing more came. */
const OF_SILENCE: readonly RunState[] = ['finished', 'stalled', 'lost']
/** A start that takes no longer is not looked for. */
const LEAST_START_MS = 1000

/**
 * What is seen of the runs beside their logs: how often each is written to, who is seen to write to it, and the time of
 * a clock that never jumps.
 */
export interface Observations {
  readonly intervals: IntervalsByRun
  /** The runs whose logs were found to be left for good: what they end with was not caught. */
  readonly left: Set<string>
  readonly writers: Writers
  readonly steadyMs: number
}

/** Who is seen to write to the runs. */
export interface Writers {
  /** The machine and the namespace in which processes are seen. */
  readonly place: string
  of(run: string): Writer
  /**
   * Whether the program may live that wrote to a file of a run by `writtenMs`, or, with null, lately. Of a file that nobody
   * was seen to hold it may, unless the processes of its run are gone.
   */
  mayLive(run: string, path: string, writtenMs: number | null): boolean
  /**
   * Whether one program alone is seen to hold a file of a run that began by `sinceMs`, and has started none since then
   * that holds it as well, as what starts a job again does.
   */
  holdsSince(run: string, path: string, sinceMs: number): boolean
  /** When the youngest program began that is seen to hold a log of a run open; null where none is seen. */
  newestMs(run: string): number | null
  /** How long the oldest program has been running that is seen to hold a log of a run open; null where none is seen. */
  longestMs(run: string): number | null
  /**
   * Whether one program may have written to two files of a run: it alone holds them, and lives. `unseen` where nobody is
   * seen to hold either, as where they are opened for each line.
   */
  isOfHolder(run: string, path: string, other: string): boolean | 'unseen'
  /** Whether this may have changed, and is still to be looked at: until then nothing follows from a silence. */
  isPending(run: string): boolean
}

/**
 * Whether a run was written to while it was watched. A log that came as a whole, as a copy of a finished one does, was
 * not, unless a process is seen to hold it open.
 */
export function hasGoneOn({ run, memory }: SavedRun, { intervals }: Observations): boolean {
  const known = intervals.of(run)?.intervals
  if (known === undefined) return false
  return hasLasted(known) || memory.writer !== undefined
}

/** The silence of a run, if it is longer than its pace explains; null otherwise, and where it did not grow while it was watched. */
export function silenceOfRun(run: SavedRun, observed: Observations | null, settings: DetectorSettings): Silence | null {
  if (observed === null || !hasGoneOn(run, observed)) return null
  const intervals = intervalsOfRun(run.run, observed, settings)
  return intervals && silenceOf(intervals, observed.steadyMs, stallParams(settings))
}

/** How often a run was written to. Whoever began after its last lines was not silent before, and has written no first line. */
export function intervalsOfRun(
  run: string,
  { intervals, writers, steadyMs }: Observations,
  settings: DetectorSettings,
): WriteIntervals | null {
  const known = intervals.of(run)?.intervals
  if (known === undefined || silenceOf(known, steadyMs, stallParams(settings)) === null) return known ?? null
  const beganMs = startedAgainMs(run, { intervals, writers, steadyMs })
  return beganMs === null ? known : begunAnew(known, beganMs)
}

/** When the job was started again that has written no line since, by the clock of this process; null where it was not. */
function startedAgainMs(
  run: string,
  { intervals, writers, steadyMs }: Pick<Observations, 'intervals' | 'writers' | 'steadyMs'>,
): number | null {
  const lastMs = intervals.of(run)?.intervals.lastMs
  const ageMs = lastMs === undefined ? null : writers.longestMs(run)
  return lastMs !== undefined && ageMs !== null && steadyMs - ageMs > lastMs ? steadyMs - ageMs : null
}

/** Whether the lines that come now are the first of a job that was started again: how long it took is no pace of its training. */
export function isFirstOfRestart(run: string, observed: Observations): boolean {
  const known = observed.intervals.of(run)?.intervals
  if (known === undefined) return false
  const usualMs = Math.max(known.longestMs, known.longestPauseMs, LEAST_START_MS)
  return observed.steadyMs - known.lastMs > usualMs && startedAgainMs(run, observed) !== null
}

/** Whether a run that was silent was started again since, by a program that may still take its time. */
export function isAwaited(run: SavedRun, observed: Observations, settings: DetectorSettings): boolean {
  return startedAgainMs(run.run, observed) !== null && silenceOfRun(run, observed, settings) === null
}

function stallParams(settings: DetectorSettings): StallParams {
  return thresholdsOf(stall, settings) as StallParams
}

/** The status of a run at `nowMs`. Without observations, as where finished logs are read, nothing is silent. */
export function statusOf(
  run: SavedRun,
  observed: Observations | null,
  settings: () => DetectorSettings,
  idleAfterMs: number,
  nowMs: number,
): RunStatus {
  const { memory, lastReadAt } = run
  const hasGrown = observed === null || hasGoneOn(run, observed)
  const isPending = observed?.writers.isPending(run.run) ?? false
  const writer = observed?.writers.of(run.run) ?? UNSEEN
  const ending = endingOf(run, writer)
  const silence = ending === null && !isPending ? silenceOfRun(run, observed, settings()) : null
  const quietMs = hasGrown ? (silence?.quietMs ?? 0) : nowMs - Date.parse(lastReadAt)
  const { state, knownBy, reason } = runState({
    isFailing: isFailing(run),
    ending,
    endSign: endSignOf(memory),
    hasRecords: hasAnyRecord(memory),
    lastStep: memory.lastStep,
    writer,
    hasGrown,
    isIdle: quietMs >= idleAfterMs,
    isSilent: silence !== null,
    wasSilent: wasSilent(run) && (observed === null || !isAwaited(run, observed, settings())),
  })
  const stateSince = state === run.state && run.stateSince !== null ? run.stateSince : lastReadAt
  return { state, stateSince, stateKnownBy: knownBy, stateReason: reason }
}

/** Whether a run was found silent, be it by an earlier daemon, and nothing was written since. */
function wasSilent({ state, stateSince, lastReadAt, memory }: SavedRun): boolean {
  const isTold = memory.incidents.open.some(({ alert }) => alert.rule === stall.name)
  return isTold || (OF_SILENCE.includes(state) && stateSince === lastReadAt)
}

export function isSameStatus(one: RunStatus, other: RunStatus): boolean {
  return one.state === other.state && one.stateReason === other.stateReason
}

/** How a run ended, by its logs. An error that may have been caught is no end while a process holds a log open, or waits for it. */
export function endingOf({ memory }: SavedRun, writer: Writer): Ending | null {
  const { ending, incidents, heldBack } = memory
  if (ending?.kind !== 'crashed') return ending?.kind ?? null
  const isSure = incidents.open.some(({ alert }) => alert.rule === crashed.name && alert.severity === 'critical')
  const isOpen = incidents.open.some(({ alert }) => alert.rule === crashed.name)
  return isOpen && !isSure && (writer.kind === 'alive' || heldBack !== undefined) ? null : 'crashed'
}

/** Whether a critical alert fires. That a job hangs is no failure of its training. */
function isFailing({ memory }: SavedRun): boolean {
  return failuresOf(memory.incidents).some((failure) => {
    const { alert } = gravest(failure)
    return alert.severity === 'critical' && alert.rule !== stall.name && isStanding(failure)
  })
}
