import { BUILT_IN, type FormatSet } from '../../src/core/formats/format-set.ts'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { type Clock, SYSTEM_CLOCK } from '../../src/daemon/clocks.ts'
import { Intake } from '../../src/daemon/poll/intake.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreCare } from '../../src/store/store-care.ts'
import type { FileEvents } from '../../src/tail/file-events.ts'

export interface Following {
  readonly root: string
  readonly store: Store & Pick<StoreCare, 'restMs'>
  readonly fileEvents: FileEvents
  readonly sweepMs: number
  readonly onCommit?: (commit: Commit) => void
  readonly onUnsaved?: () => void
  readonly onReadAhead?: (commit: Commit) => void
  readonly clock?: Clock
  readonly formats?: FormatSet
}

/** Follows a folder as the daemon does, in this process. Answers with what ends it. */
export async function follow(following: Following): Promise<() => Promise<void>> {
  const { root, store, fileEvents, sweepMs, clock = SYSTEM_CLOCK, formats = BUILT_IN } = following
  const { onCommit = () => undefined, onUnsaved = () => undefined, onReadAhead = () => undefined } = following
  const intake = await Intake.open({
    roots: [root],
    exclude: [],
    sweepMs,
    idleAfterMs: 600_000,
    rules: { epsilon: 1e-10, detectors: {}, formats },
    sinks: [],
    store,
    care: store,
    fileEvents,
    onCommit,
    onUnsaved,
    onReadAhead,
    onProblem: () => undefined,
    onRecovered: () => undefined,
    clock,
  })
  const stop = new AbortController()
  const ended = intake.run(stop.signal)
  return async () => {
    stop.abort()
    await ended
    await fileEvents.close()
  }
}

/** A file system that tells of nothing: only the sweep finds what was written. */
export function noFileEvents(): FileEvents {
  return {
    takeDirty: () => new Set(),
    takeFlood: () => false,
    takeFoldersChanged: () => false,
    isPolled: () => false,
    follow: () => undefined,
    wait(ms, signal) {
      if (signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done)
      })
    },
    close: () => Promise.resolve(),
  }
}
