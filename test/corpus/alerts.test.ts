import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { Replay } from '../../src/cli/replay/replay.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { isLossRole } from '../../src/core/records/fields.ts'
import { type Alert, SEVERITIES, type Severity } from '../../src/protocol/alert.ts'

/** Logs of other people's projects and of real frameworks; they stay outside the project. */
const SHARED = resolve(import.meta.dirname, '../../../shared')
const FOLDERS = { corpus: 'local_path', genuine: 'path' } as const
const SKIPPED = existsSync(`${SHARED}/genuine`) ? '' : ': skipped, for ../shared is not here'

/** Files whose loss diverges, stays finite and gets no critical alert, and why. */
const NOT_CRITICAL: Readonly<Record<string, string>> = {
  'meg_ds_3d_gpt2_perf_n16-ds-off.out': '62 lines with a hump to 48 at their beginning: 20 is nothing new at their end',
  'rnn_word_checkpoint_notes_model_epochs_10_model_GRU_nhid_200_batch_size_20_bptt_35.md':
    '140 lines, from 5.2 to 6.5: the evaluations are warned of',
  'run-06rvu4is.wandb':
    'from 4.9 to 7.0: warned of; as a critical it would wake people for five healthy language models',
  'blhva00u_files_output.log': 'from 1.2 to 1.7: warned of, as the one before',
  '20260408_043557_orchestrator.log':
    'one value of 24.8 that two loggers write, and the log ends: nobody knows that it stays',
  'runpod_launcher_skc_distill.log': 'the same log as the one before',
  'sgd_explode/stdout.log': 'stands at 3e28 from its first line to its last, as a run without harm does at 1.5e26',
}
/** The framework hides the NaN and leaves no trace of it (see src/core/formats/unseen.ts). */
const TRACELESS = /^(?:hf_pty|keras_tensorflow_nandata|keras_tf_pty)\//
/** Runs whose learning rate is 0 from the first record to the last. */
const ZERO_RATE = /^hf_(?:bert_)?plateau\//
const UNHARMED = /^(?:HEALTHY|NOISY|SPIKY_RECOVERS|PLATEAU|PLACEHOLDER_NAN|NO_LOSS|UNDECIDED|SPIKE)$/
const BINARY = /tfevents|\.(?:wandb|npz|npy|pt|parquet|safetensors|gz|db)$/

interface Watched {
  readonly path: string
  readonly verdict: string
  /** What went wrong, in the words of the manifest. */
  readonly kind: string
  /** What people see: parts of other alerts left out. */
  readonly alerts: readonly Alert[]
  /** The first loss that is not finite: its step, or else its byte. */
  readonly firstBad: { readonly step: number | null; readonly offset: number | null } | null
}

describe.skipIf(SKIPPED !== '')(`the alerts of real logs${SKIPPED}`, () => {
  let files: readonly Watched[] = []
  beforeAll(async () => {
    files = [...(await watchAll('corpus')), ...(await watchAll('genuine'))]
  }, 480_000)

  test('a loss that becomes non-finite gets a critical alert, not later than at that step', () => {
    const failed = files.filter(({ firstBad }) => firstBad !== null)
    const late = failed.filter(({ alerts, firstBad }) => !alerts.some((alert) => isInTime(alert, firstBad!)))
    expect(late.map(({ path, verdict }) => [path, verdict])).toEqual([])
    expect(failed.length).toBeGreaterThan(100)
  })

  test('of those that diverge and stay finite most get a critical alert, and each that does not is explained', () => {
    // A loss below zero diverges from nothing; a name that says cross-entropy is warned of.
    const diverged = files.filter(
      ({ verdict, kind, firstBad }) => verdict === 'FAIL' && firstBad === null && !/^(?:crash|negative)$/.test(kind),
    )
    const missed = diverged.filter(({ alerts }) => worst(alerts) !== 'critical').map(({ path }) => path)
    console.info(`critical: ${diverged.length - missed.length} of ${diverged.length} that diverge and stay finite`)
    expect(missed.filter((path) => !Object.keys(NOT_CRITICAL).some((end) => path.endsWith(end)))).toEqual([])
    expect(missed).toHaveLength(Object.keys(NOT_CRITICAL).length)
    expect(diverged).toHaveLength(18)
  })

  test('a NaN that the framework hid is a warning at least, where it left a trace', () => {
    const masked = files.filter(({ verdict }) => verdict === 'MASKED_NAN')
    const traced = masked.filter(({ path }) => !TRACELESS.test(path))
    expect(traced.filter(({ alerts }) => !isSerious(alerts)).map(({ path }) => path)).toEqual([])
    expect([traced.length, masked.length]).toEqual([8, 22])
  })

  test('a crash is a warning at least, and only noted where training went on', () => {
    const crashed = files.filter(
      ({ path, kind, verdict }) => (kind === 'crash' && verdict === 'FAIL') || hasTraceback(path),
    )
    const quiet = crashed.filter(({ alerts }) => !isSerious(alerts))
    expect(quiet.map(({ alerts }) => alerts.map(({ rule, severity }) => `${severity} ${rule}`))).toEqual([
      ['info crashed'],
    ])
    expect(quiet[0]!.alerts[0]!.why).toMatch(/It was caught: training went on/)
    expect(crashed.length).toBeGreaterThanOrEqual(10)
  })

  test('no run that came to no harm, and no log without a loss, gets a critical alert', () => {
    const unharmed = files.filter(({ verdict }) => UNHARMED.test(verdict))
    const woken = unharmed.filter(({ alerts }) => worst(alerts) === 'critical')
    expect(woken.map(({ path, verdict }) => [path, verdict])).toEqual([])
    expect(unharmed.length).toBeGreaterThan(190)
    const placeholders = unharmed.filter(({ verdict }) => verdict === 'PLACEHOLDER_NAN')
    expect(placeholders.filter(({ alerts }) => isSerious(alerts))).toEqual([])
    const warned = unharmed.filter(({ path, alerts }) => !ZERO_RATE.test(path) && isSerious(alerts))
    console.info(`warned: ${warned.length} of ${unharmed.length} without harm`)
    expect(warned.length / unharmed.length).toBeLessThan(0.15)
  })

  test('a learning rate of 0 is warned of in each log with a dozen records, and nowhere else', () => {
    const warned = files.filter(({ alerts }) => alerts.some(({ rule }) => rule === 'learning-rate-zero'))
    expect(warned.filter(({ path }) => !ZERO_RATE.test(path))).toEqual([])
    const names = ['checkpoint-60/trainer_state.json', 'stdout.log', 'trainer_state.json']
    expect(warned.map(({ path }) => path).sort()).toEqual(
      ['hf_bert_plateau', 'hf_plateau'].flatMap((folder) => names.map((name) => `${folder}/${name}`)),
    )
  })

  test('a failure is one alert more often than not', () => {
    const failed = files.filter(({ alerts }) => worst(alerts) === 'critical')
    const critical = failed.map(({ alerts }) => alerts.filter(({ severity }) => severity === 'critical').length)
    console.info(`critical alerts of a failed file: ${critical.reduce((a, b) => a + b)} in ${failed.length} files`)
    expect(critical.filter((count) => count === 1).length / failed.length).toBeGreaterThan(0.8)
  })
})

async function watchAll(folder: keyof typeof FOLDERS): Promise<readonly Watched[]> {
  const [head = '', ...rows] = readFileSync(`${SHARED}/${folder}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  const files: Watched[] = []
  for (const row of rows) {
    const cells = row.split('\t')
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const path = cell(FOLDERS[folder])
    // A dump of a file for each step has no path of its own.
    if (!existsSync(`${SHARED}/${folder}/${path}`)) continue
    files.push({ path, verdict: cell('verdict'), kind: cell('kind'), ...(await watch(`${SHARED}/${folder}/${path}`)) })
  }
  return files
}

async function watch(path: string): Promise<Pick<Watched, 'alerts' | 'firstBad'>> {
  const replay = new Replay({ epsilon: 1e-10, detectors: {}, formats: BUILT_IN })
  let firstBad: Watched['firstBad'] = null
  for await (const { samples } of replay.read({ path, run: path }, fileReads)) {
    firstBad ??=
      [...samples].find(
        ({ role, actsAs, value, isPlaceholder }) =>
          isLossRole(actsAs ?? role) && typeof value === 'string' && !isPlaceholder,
      ) ?? null
  }
  return { alerts: replay.alerts.filter(({ partOf }) => partOf === null), firstBad }
}

function isInTime(alert: Alert, { step, offset }: NonNullable<Watched['firstBad']>): boolean {
  if (alert.severity !== 'critical') return false
  if (step !== null && alert.step !== null) return alert.step <= step
  return alert.offset !== null && offset !== null && alert.offset <= offset
}

function worst(alerts: readonly Alert[]): Severity | null {
  return SEVERITIES.find((one) => alerts.some(({ severity }) => severity === one)) ?? null
}

function isSerious(alerts: readonly Alert[]): boolean {
  return /critical|warning/.test(String(worst(alerts)))
}

function hasTraceback(path: string): boolean {
  if (BINARY.test(path)) return false
  const folder = (Object.keys(FOLDERS) as (keyof typeof FOLDERS)[]).find((one) =>
    existsSync(`${SHARED}/${one}/${path}`),
  )
  return /^(?:\S+: )?Traceback \(most recent call last\)/m.test(readFileSync(`${SHARED}/${folder}/${path}`, 'utf8'))
}
