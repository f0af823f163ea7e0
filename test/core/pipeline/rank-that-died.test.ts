import { expect, test } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { IntervalsByRun } from '../../../src/core/job/intervals-by-run.ts'
import type { FollowedFile } from '../../../src/core/pipeline/commit.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { Round } from '../../../src/core/pipeline/round.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { NOT_JUDGED, type SavedRun } from '../../../src/core/state/saved-run.ts'
import type { Severity } from '../../../src/protocol/alert.ts'
import { utf8 } from '../reading/bytes.ts'

const RUN = 'job'
const SETTINGS = { rules: { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }, sinks: ['sink'], idleAfterMs: 600_000 }
const BEGAN_MS = Date.parse('2026-03-04T10:00:00Z')
const STEPS = Array.from({ length: 20 }, (_, at) => `step ${at + 1} loss 0.${900 - at}\n`).join('')
const DIED = 'Traceback (most recent call last):\n  File "t.py", line 3, in <module>\nKeyError: \'y\'\n'

/** A run of several files that nobody is seen to hold, read second by second. */
class Job {
  readonly told: Severity[] = []
  run: SavedRun | null = null
  readonly #files = new Map<string, FollowedFile>()
  readonly #intervals = new IntervalsByRun()
  readonly #left = new Set<string>()

  /** Reads what was written to files by a second, and then judges the run. */
  at(second: number, written: Readonly<Record<string, string>> = {}): this {
    const nowMs = BEGAN_MS + 1000 * second
    const known = {
      file: (path: string) => this.#fileOf(path),
      runs: () => (this.run === null ? [] : [this.run]),
      hasRun: () => this.run !== null,
      run: (run: string, atIso: string) =>
        this.run ?? { run, memory: EMPTY_MEMORY, backfill: false, lastReadAt: atIso, ...NOT_JUDGED },
      filesOf: () => [...this.#files.values()],
    }
    const writers = {
      place: 'here',
      of: () => ({ kind: 'unseen' }) as const,
      newestMs: () => null,
      longestMs: () => null,
      holdsSince: () => false,
      isOfHolder: () => 'unseen' as const,
      isPending: () => false,
      mayLive: () => true,
    }
    const observed = { intervals: this.#intervals, steadyMs: 1000 * second, left: this.#left, writers }
    for (const judges of [false, true]) {
      const round = new Round(known, SETTINGS, nowMs, observed)
      if (judges && this.run !== null) round.revisit(this.run)
      for (const [path, text] of judges ? [] : Object.entries(written)) {
        const from = this.#fileOf(path).cursor?.offset ?? 0
        const bytes = utf8(text)
        const content = { ...NO_LINES, lines: splitLines(bytes, from).lines }
        const cursor = { inode: path, offset: from + bytes.length } as never
        const grown = { isNewGeneration: false, isFinal: false, gap: null, hasMore: false, pendingBytes: 0 }
        round.add(this.#fileOf(path), { content, cursor, ...grown, writtenMs: nowMs })
      }
      this.told.push(...round.commit().owed.map(({ transition: { alert } }) => alert.severity))
      const { files, runs } = round.after()
      for (const file of files) this.#files.set(file.path, file)
      this.run = runs[0] ?? this.run
    }
    return this
  }

  #fileOf(path: string): FollowedFile {
    const unread = { path, run: RUN, name: path, cursor: null, state: NEW_FILE, backfillUntil: 0 }
    return this.#files.get(path) ?? unread
  }
}

/** A job whose last file gets a traceback at second 20, while the first says each second that it waits. */
function diedIn(...[first, last]: readonly [string, string]): Job {
  const job = new Job()
  for (let second = 0; second < 20; second++) {
    const step = `${STEPS.split('\n')[second]}\n`
    job.at(second, first === last ? { [first]: step } : { [first]: step, [last]: step })
  }
  job.at(20, { [last]: DIED })
  return job
}

test('an exception of a rank is told after a minute, though the others say that they wait for it', () => {
  const job = diedIn('rank0.log', 'rank3.log')
  for (let second = 21; second < 75; second++) job.at(second, { 'rank0.log': 'waiting for all-reduce\n' })
  expect(job.told).toEqual([])
  expect(job.run?.state).toBe('running')
  for (let second = 75; second < 85; second++) job.at(second, { 'rank0.log': 'waiting for all-reduce\n' })
  expect(job.told).toEqual(['critical'])
  expect(job.run?.state).toBe('crashed')
})

test('an exception that is the last word of a job is told to sinks once, after a minute, and before that only noted', () => {
  const job = diedIn('train.log', 'train.log').at(30)
  expect(job.run?.memory.incidents.open.map(({ alert }) => alert.severity)).toEqual(['info'])
  expect(job.told).toEqual([])
  expect(job.at(85).told).toEqual(['critical'])
})

test('an exception in a file of its own was caught where the run makes steps in another one', () => {
  const job = diedIn('metrics.log', 'metrics.log')
  job.at(21, { 'metrics.log': 'step 21 loss 0.880\n', 'errors.log': DIED })
  for (let second = 22; second < 40; second++)
    job.at(second, { 'metrics.log': `step ${second} loss 0.${880 - second}\n` })
  expect(job.told).toEqual([])
  expect(job.run?.memory.incidents.open).toEqual([])
})
