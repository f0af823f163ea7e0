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
import { utf8 } from '../reading/bytes.ts'

const SETTINGS = { rules: { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }, sinks: [], idleAfterMs: 600_000 }
const steps = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `2026-03-04 10:00:0${at % 10} step ${from + at} loss 0.5`)
const DIED = ['Traceback (most recent call last):', '  File "t.py", line 3, in <module>', "KeyError: 'y'"]

/** Two runs, each in a file of its name, that a daemon reads on. */
class TwoRuns {
  readonly #runs = new Map<string, SavedRun>()
  readonly #files = new Map<string, FollowedFile>()
  readonly #ends = new Map<string, number>()

  read(lines: Readonly<Record<string, readonly string[]>>): this {
    const known = {
      file: (path: string) => this.#fileOf(path),
      runs: () => this.#runs.values(),
      hasRun: (run: string) => this.#runs.has(run),
      run: (run: string, atIso: string) =>
        this.#runs.get(run) ?? { run, memory: EMPTY_MEMORY, backfill: true, lastReadAt: atIso, ...NOT_JUDGED },
      filesOf: (run: string) => [this.#fileOf(run)],
    }
    const writers = {
      place: 'here',
      of: () => ({ kind: 'gone', process: { pid: 7, name: 'python3' } }),
      isPending: () => false,
    }
    const observed = { intervals: new IntervalsByRun(), steadyMs: 1000, left: new Set<string>(), writers }
    const round = new Round(known as never, SETTINGS, Date.parse('2026-03-04T10:01:00Z'), observed as never)
    for (const [run, added] of Object.entries(lines)) {
      const from = this.#ends.get(run) ?? 0
      const bytes = utf8(added.map((line) => `${line}\n`).join(''))
      this.#ends.set(run, from + bytes.length)
      const content = { ...NO_LINES, lines: splitLines(bytes, from).lines }
      const cursor = { inode: run, offset: from + bytes.length } as never
      const grown = { isNewGeneration: false, isFinal: false, gap: null, hasMore: false, pendingBytes: 0, writtenMs: 1 }
      round.add(this.#fileOf(run), { content, cursor, ...grown })
    }
    round.explainByOthers('new')
    round.commit()
    const { files, runs } = round.after()
    for (const file of files) this.#files.set(file.path, file)
    for (const run of runs) this.#runs.set(run.run, run)
    return this
  }

  #fileOf(path: string): FollowedFile {
    const unread = { path, run: path, name: path, cursor: null, state: NEW_FILE, backfillUntil: 0 }
    return this.#files.get(path) ?? unread
  }

  firstSignOf(run: string): string | null {
    return this.#runs.get(run)!.memory.incidents.open[0]?.alert.firstSign ?? null
  }
}

test('a run is not said to have died with one that went on since', () => {
  const runs = new TwoRuns().read({ a: [...steps(0, 9), ...DIED], b: [...steps(0, 9), ...DIED] })
  const [first, other] = runs.firstSignOf('a') === null ? ['a', 'b'] : ['b', 'a']
  expect(runs.firstSignOf(other)).toMatch(/^Run . died at the same time/)
  runs.read({ [first]: steps(9, 20) })
  expect(runs.firstSignOf(other)).toBeNull()
})
