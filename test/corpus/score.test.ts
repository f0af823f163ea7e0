import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { Replay } from '../../src/cli/replay/replay.ts'
import { DETECTORS } from '../../src/core/detect/index.ts'
import { fileKindOf } from '../../src/core/formats/file-kind.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import type { PlacedSample } from '../../src/core/pipeline/commit.ts'
import type { Rules } from '../../src/core/pipeline/read.ts'
import { isLossRole } from '../../src/core/records/fields.ts'

/** Logs of other people's projects, and their loss series; both stay outside the project. */
const CORPUS = resolve(import.meta.dirname, '../../../shared/corpus')
const SKIPPED = existsSync(CORPUS) ? '' : ': skipped, for ../shared/corpus is not here'

/** Files of which points are missed, with how many, and why. */
const EXPLAINED: Readonly<Record<string, readonly [missed: number, why: string]>> = {
  'coqui_trainer_log/jofrems+TTS_VITS_Finetuned__trainer_0_log.txt': [
    246,
    'all values are read, at the GLOBAL_STEP that the log gives; the stored series only numbers them',
  ],
  'keras_stdout/derekchen14+snippet_rnn__results_0509_results.rb': [
    648,
    'all values are read, without a step, for no line counts: that each model has six epochs is known to its author',
  ],
  'llm_stdout_interleaved/TianjinYellow+SPAM-Optimizer__logs_130m_test.out': [
    2,
    'two processes write over each other, here in the middle of a number: the stored series takes the step for the loss',
  ],
  'pgolf_stdout/openai+parameter-golf__runs_002-swa-plus-ema_sweep.out': [
    6,
    'all values are read, without a step, for no line counts: the stored series only numbers them',
  ],
}

const NEVER_BAD = /^(?:HEALTHY|NOISY|PREDICTIONS|NO_LOSS)$/
const WITHOUT_DETECTORS: Rules = {
  epsilon: 1e-10,
  detectors: Object.fromEntries(DETECTORS.map(({ name }) => [name, false])),
  formats: BUILT_IN,
}

interface Scored {
  readonly path: string
  /** The kind of file by the manifest, and by nanwatch. */
  readonly format: string
  readonly kind: string | null
  readonly verdict: string
  readonly points: number
  readonly hits: number
  /** Non-finite losses, placeholders apart, and those of the stored series. */
  readonly badLosses: number
  readonly storedBad: number
  readonly placeholders: number
  readonly losses: number
}

type Value = number | string

describe.skipIf(SKIPPED !== '')(`the corpus of real logs${SKIPPED}`, () => {
  let files: readonly Scored[] = []
  beforeAll(async () => {
    files = await scoreAll()
  }, 240_000)

  test('at least 99 % of the points of the loss series are read, each at its step and with its value', () => {
    const points = sum(files, ({ points }) => points)
    const hits = sum(files, ({ hits }) => hits)
    for (const format of new Set(files.map(({ format }) => format))) {
      const own = files.filter((file) => file.format === format)
      const kinds = [...new Set(own.map(({ kind }) => kind ?? 'none'))].join(', ')
      console.info(`${format}: ${sum(own, ({ hits }) => hits)}/${sum(own, ({ points }) => points)} (${kinds})`)
    }
    console.info(`${hits}/${points}, ${((100 * hits) / points).toFixed(2)} %`)
    expect(points).toBeGreaterThan(100_000)
    expect(hits / points).toBeGreaterThanOrEqual(0.99)
  })

  test('each miss is explained', () => {
    const missed = files.filter(({ points, hits }) => hits < points)
    expect(Object.fromEntries(missed.map(({ path, points, hits }) => [path, points - hits]))).toEqual(
      Object.fromEntries(Object.entries(EXPLAINED).map(([path, [missed]]) => [path, missed])),
    )
  })

  test('no file of a run without harm gives a non-finite loss that its series lacks', () => {
    const harmless = files.filter(({ verdict }) => NEVER_BAD.test(verdict))
    expect(harmless.length).toBeGreaterThan(50)
    expect(harmless.filter(({ badLosses, storedBad }) => badLosses > storedBad)).toEqual([])
  })

  test('a NaN that stands for nothing recorded is marked as a placeholder', () => {
    const withHoles = files.filter(({ verdict, kind }) => verdict === 'PLACEHOLDER_NAN' && kind !== null)
    // One has its holes in an evaluation in bits per byte, which is told beside others and is no loss of the training.
    const marked = withHoles.filter(({ losses }) => losses > 0)
    expect(marked.map(({ badLosses, placeholders }) => [badLosses, placeholders > 0])).toEqual(
      marked.map(() => [0, true]),
    )
    expect([withHoles.length, marked.length]).toEqual([4, 3])
  })

  test('every file that holds a series is recognised', () => {
    expect(files.filter(({ kind, points }) => kind === null && points > 0)).toEqual([])
  })

  test('a file without a loss, or of predictions without the truth, claims none', () => {
    const without = files.filter(({ verdict }) => verdict === 'NO_LOSS' || verdict === 'PREDICTIONS')
    expect(without.length).toBeGreaterThan(10)
    expect(without.filter(({ losses }) => losses > 0)).toEqual([])
  })
})

async function scoreAll(): Promise<readonly Scored[]> {
  const stored = new Map<string, { step: readonly (number | null)[]; loss: readonly Value[] }>()
  for (const line of gunzipSync(readFileSync(`${CORPUS}/series.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')) {
    const series = JSON.parse(line)
    stored.set(series.file, series)
  }
  const [, ...rows] = readFileSync(`${CORPUS}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = readFileSync(`${CORPUS}/MANIFEST.tsv`, 'utf8').split('\n', 1)[0]!.split('\t')
  const scored: Scored[] = []
  for (const row of rows) {
    const cells = row.split('\t')
    const [path = '', format = ''] = cells
    const verdict = cells[names.indexOf('verdict')] ?? ''
    const { step = [], loss = [] } = stored.get(path) ?? {}
    const { samples, kind } = await read(`${CORPUS}/${path}`)
    const losses = samples.filter(({ role }) => isLossRole(role))
    scored.push({
      path,
      format,
      kind,
      verdict,
      points: loss.length,
      hits: hitsOf(samples, losses, step, loss.map(storedValue)),
      badLosses: losses.filter(({ value, isPlaceholder }) => typeof value === 'string' && !isPlaceholder).length,
      storedBad: loss.map(storedValue).filter((value) => typeof value === 'string').length,
      placeholders: losses.filter(({ isPlaceholder }) => isPlaceholder).length,
      losses: losses.length,
    })
  }
  return scored
}

async function read(
  path: string,
): Promise<{ readonly samples: readonly PlacedSample[]; readonly kind: string | null }> {
  const samples: PlacedSample[] = []
  let kind: string | null = null
  for await (const step of new Replay(WITHOUT_DETECTORS).read({ path, run: path }, fileReads)) {
    for (const sample of step.samples) samples.push(sample)
    kind = fileKindOf(step.file.state.reader)
  }
  return { samples, kind }
}

/** How many points the best metric has; all losses together, where a stored series is put together from several. */
function hitsOf(
  samples: readonly PlacedSample[],
  losses: readonly PlacedSample[],
  steps: readonly (number | null)[],
  values: readonly Value[],
): number {
  let best = 0
  if (values.length === 0) return best
  for (const series of [...byMetric(samples), losses]) {
    if (best < values.length && series.length > best) best = Math.max(best, hitsIn(series, steps, values))
  }
  return best
}

function byMetric(samples: readonly PlacedSample[]): Iterable<readonly PlacedSample[]> {
  const series = new Map<string, PlacedSample[]>()
  for (const sample of samples) {
    const known = series.get(sample.metric)
    if (known === undefined) series.set(sample.metric, [sample])
    else known.push(sample)
  }
  return series.values()
}

/** Each sample stands for one point at most. */
function hitsIn(series: readonly PlacedSample[], steps: readonly (number | null)[], values: readonly Value[]): number {
  const left = new Map<number | null, (Value | null)[]>()
  for (const { step, value } of series) {
    const known = left.get(step)
    if (known === undefined) left.set(step, [value])
    else known.push(value)
  }
  let hits = 0
  for (const [index, value] of values.entries()) {
    const found = left.get(steps[index] ?? null)
    const at = found?.findIndex((other) => other !== null && isSame(other, value)) ?? -1
    if (found === undefined || at < 0) continue
    found[at] = null
    hits++
  }
  return hits
}

/** The stored series are rounded to eight digits. */
function isSame(value: Value, expected: Value): boolean {
  if (typeof value === 'string' || typeof expected === 'string') return value === expected
  return Math.abs(value - expected) <= 1e-6 * Math.max(1, Math.abs(expected))
}

/** What is not finite, as nanwatch spells it and not as Python does. */
function storedValue(value: Value): Value {
  if (typeof value === 'number') return value
  return { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[value.toLowerCase()] ?? value
}

function sum<T>(all: readonly T[], numberOf: (one: T) => number): number {
  return all.reduce((total, one) => total + numberOf(one), 0)
}
