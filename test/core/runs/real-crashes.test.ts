import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../../src/core/detect/index.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { crashIn } from '../../../src/core/job/crash-patterns.ts'
import { TRACEBACK } from '../../../src/core/job/traceback.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { hasSharedLogs, manifest, SHARED } from '../formats/shared-logs.ts'

const IS_TEXT = /\.(?:log|out|txt)$/
/** What nobody but a dying job writes. */
const SHOWS_CRASH = /Traceback \(most recent|slurmstepd: error|ChildFailedError|core dumped|^Killed$/m
const ONLY_CRASHED = {
  epsilon: 1e-10,
  detectors: Object.fromEntries(DETECTORS.map(({ name }) => [name, false] as const)),
  formats: BUILT_IN,
}

interface Seen {
  readonly path: string
  readonly verdict: string
  readonly severity: Alert['severity'] | null
}

describe.skipIf(!hasSharedLogs)('the ends of real logs (in ../shared, where it is present)', () => {
  const seen = hasSharedLogs ? (['corpus', 'genuine'] as const).flatMap(endsIn) : []

  test('every one whose text shows a crash is at least a warning, unless training went on', () => {
    const silent = seen.filter(({ severity }) => severity === null || severity === 'info')
    expect(silent.map(({ path, severity }) => `${severity} ${path.split('/').at(-1)}`)).toEqual([
      // A package was missing that it could do without.
      'info mlcommons+submissions_algorithms__study_0_fastmri_pytorch_fastmri_pytorch_03-15-2025-13-58-06.log',
    ])
    expect(seen.length).toBeGreaterThan(10)
  })

  test('none is critical of which its manifest says that the run was well', () => {
    const wrong = seen.filter(({ verdict, severity }) => severity === 'critical' && !/FAIL|MASKED|DIVERG/.test(verdict))
    expect(wrong).toEqual([])
  })
})

function endsIn(folder: 'corpus' | 'genuine'): Seen[] {
  return manifest(folder).flatMap((row) => {
    const path = row['path'] ?? row['local_path'] ?? ''
    if (!IS_TEXT.test(path)) return []
    const bytes = readFileSync(`${SHARED}/${folder}/${path}`)
    const found = severityOf(bytes)
    return found !== null || SHOWS_CRASH.test(bytes.toString())
      ? [{ path, verdict: row['verdict'] ?? '', severity: found }]
      : []
  })
}

function severityOf(bytes: Uint8Array): Alert['severity'] | null {
  const place = { run: 'run', file: 'train.log', backfillUntil: 0, nowIso: 'now', isFinal: true }
  const { lines } = splitLines(bytes, 0, true)
  // Most logs hold no such word, and reading all of them takes long.
  const mayCrash = lines.map(({ text }) => text.includes(TRACEBACK) || crashIn(text.toLowerCase()) !== null)
  if (!mayCrash.includes(true)) return null
  const { transitions } = advance({ ...place, content: { ...NO_LINES, lines } }, NEW_FILE, EMPTY_MEMORY, ONLY_CRASHED)
  return transitions.findLast(({ alert }) => alert.rule === 'crashed')?.alert.severity ?? null
}
