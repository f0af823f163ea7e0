import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { lineCapBytes } from '../../../src/core/formats/reader.ts'
import { IntervalsByRun } from '../../../src/core/job/intervals-by-run.ts'
import type { FollowedFile } from '../../../src/core/pipeline/commit.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { type KnownBefore, Round } from '../../../src/core/pipeline/round.ts'
import { cutLines } from '../../../src/core/reading/cut.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { NOT_JUDGED, type SavedRun } from '../../../src/core/state/saved-run.ts'
import type { RunState } from '../../../src/protocol/run.ts'
import { utf8 } from '../reading/bytes.ts'

/** What became of a run, and the gravest severity of its alerts that fire. */
export interface EndedRun {
  readonly state: RunState
  readonly severity: 'critical' | 'warning' | 'info' | null
  readonly reason: string | null
}

const SETTINGS = { rules: { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }, sinks: [], idleAfterMs: 600_000 }
const NOW_MS = Date.parse('2026-11-29T10:00:00Z')
const INODE = '1'

/** Reads a log as a daemon does, in pieces of so many bytes, and sees then that its process is gone. */
export function endedRun(text: string, pieceBytes = Number.POSITIVE_INFINITY): EndedRun {
  const bytes = utf8(text)
  const path = 'train.log'
  let file: FollowedFile = { path, run: path, name: path, cursor: null, state: NEW_FILE, backfillUntil: 0 }
  let run: SavedRun | null = null
  const known: KnownBefore = {
    file: () => file,
    runs: () => (run === null ? [] : [run]),
    hasRun: () => run !== null,
    run: (name, atIso) => run ?? { run: name, memory: EMPTY_MEMORY, backfill: true, lastReadAt: atIso, ...NOT_JUDGED },
    filesOf: () => [file],
  }
  const intervals = new IntervalsByRun()
  const writer = { process: { pid: 4711, name: 'python3' } }
  const observed = (kind: 'alive' | 'gone') => ({
    intervals,
    steadyMs: 1000,
    left: new Set<string>(),
    writers: {
      place: 'here',
      of: () => ({ kind, ...writer }),
      newestMs: () => null,
      longestMs: () => null,
      holdsSince: () => false,
      isOfHolder: () => false,
      isPending: () => false,
      mayLive: () => kind === 'alive',
    },
  })
  const take = (round: Round) => {
    round.commit()
    const { files, runs } = round.after()
    file = files[0] ?? file
    run = runs[0] ?? run
  }
  let next = 0
  let inLongLine = false
  for (let end = 0; end < bytes.length; ) {
    end = Math.min(end + pieceBytes, bytes.length)
    const capBytes = lineCapBytes(file.state.reader, BUILT_IN)
    const cut = cutLines({
      bytes: bytes.subarray(next, end),
      encoding: 'utf-8',
      base: next,
      inLongLine,
      capBytes,
      isFinal: false,
    })
    ;({ next, inLongLine } = cut)
    const round = new Round(known, SETTINGS, NOW_MS, observed('alive'))
    const cursor = { inode: INODE, offset: next } as never
    const content = { ...NO_LINES, lines: cut.lines, longLines: cut.longLines }
    round.add(file, {
      content,
      cursor,
      isNewGeneration: false,
      isFinal: false,
      gap: null,
      hasMore: false,
      pendingBytes: 0,
      writtenMs: NOW_MS,
    })
    take(round)
  }
  const round = new Round(known, SETTINGS, NOW_MS + 5000, observed('gone'))
  if (run !== null) round.revisit(run)
  take(round)
  const { state, stateReason, memory } = run as unknown as SavedRun
  const severities = memory.incidents.open.map(({ alert }) => alert.severity)
  const severity = (['critical', 'warning', 'info'] as const).find((each) => severities.includes(each)) ?? null
  return { state, severity, reason: stateReason }
}
