import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ReadCounts } from '../../src/cli/read-counts.ts'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { Replay } from '../../src/cli/replay/replay.ts'
import { DETECTORS } from '../../src/core/detect/index.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { UNSEEN } from '../../src/core/formats/unseen.ts'
import type { Rules } from '../../src/core/pipeline/read.ts'
import { isLossRole } from '../../src/core/records/fields.ts'
import type { HidingReason } from '../../src/core/records/format.ts'

/** Runs of real frameworks; they are other people's data, and stay outside the project. */
const GENUINE = resolve(import.meta.dirname, '../../../shared/genuine')
const SKIPPED = existsSync(GENUINE) ? '' : ': skipped, for ../shared/genuine is not here'

/** Runs with a hidden NaN: how each of their files shows it, or under what the docs say that none does. */
const MASKED: Readonly<Record<string, { readonly shownAs: HidingReason } | { readonly unseen: string }>> = {
  hf_allignored_masked: { shownAs: 'zero-loss' },
  hf_pty: { unseen: 'Hugging Face Trainer with several steps to a line' },
  keras_tensorflow_nandata: { unseen: 'Keras on TensorFlow: console, CSVLogger, history and event files' },
  keras_tf_pty: { unseen: 'Keras on TensorFlow: console, CSVLogger, history and event files' },
  sft_lr1e6: { shownAs: 'zero-loss' },
  sft_pty: { shownAs: 'zero-loss' },
}
/** Files that have no loss though their run has a name for one, and why. */
const WITHOUT_LOSS: Readonly<Record<string, string>> = {
  'keras_tensorflow_labelrange/stdout.log': 'it died of a label out of range before its first epoch had ended',
  'keras_torch_f16bce_terminate/stdout.log': 'it died in its first epoch, in the middle of the line of a bar',
}

const WITHOUT_DETECTORS: Rules = {
  epsilon: 1e-10,
  detectors: Object.fromEntries(DETECTORS.map(({ name }) => [name, false])),
  formats: BUILT_IN,
}

interface Reading {
  readonly path: string
  readonly verdict: string
  readonly firstBadStep: string
  readonly losses: number
  /** The step of the first loss that is not finite or is hidden; undefined where none is. */
  readonly firstBad: number | null | undefined
  readonly hidingReasons: readonly string[]
}

describe.skipIf(SKIPPED !== '')(`files of real frameworks, read from end to end${SKIPPED}`, () => {
  let readings: readonly Reading[] = []
  beforeAll(async () => {
    readings = await readAll()
  }, 240_000)

  test('each file that has a loss gives one', () => {
    const without = readings.filter(({ losses }) => losses === 0).map(({ path }) => path)
    expect(without).toEqual(Object.keys(WITHOUT_LOSS))
    expect(readings.length).toBeGreaterThan(200)
  })

  test('the first bad step of each failed run is found', () => {
    const wrong = readings.filter(
      ({ verdict, firstBadStep, firstBad }) =>
        verdict === 'FAIL' && /^\d+$/.test(firstBadStep) && firstBad !== Number(firstBadStep),
    )
    expect(wrong.map(({ path, firstBadStep, firstBad }) => [path, firstBadStep, firstBad])).toEqual([])
  })

  test('a hidden NaN is marked with the way in which the framework hides it, or the docs say that the file shows none', () => {
    const masked = readings.filter(({ verdict }) => verdict === 'MASKED_NAN')
    const listed = (heading: string) => UNSEEN.some(({ where }) => where.startsWith(heading))
    const unexplained = masked.filter(({ path, hidingReasons }) => {
      const known = MASKED[path.slice(0, path.indexOf('/'))]
      if (known === undefined) return true
      return 'shownAs' in known
        ? hidingReasons.join() !== known.shownAs
        : hidingReasons.length > 0 || !listed(known.unseen)
    })
    expect(unexplained.map(({ path, hidingReasons }) => [path, hidingReasons])).toEqual([])
    expect(masked.length).toBe(22)
  })

  test('a run without harm has no bad loss, shown or hidden', () => {
    const harmless = readings.filter(({ verdict }) => verdict === 'HEALTHY')
    expect(harmless.length).toBeGreaterThan(40)
    expect(harmless.filter(({ firstBad }) => firstBad !== undefined)).toEqual([])
  })
})

async function readAll(): Promise<readonly Reading[]> {
  const [head = '', ...rows] = readFileSync(`${GENUINE}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  const readings: Reading[] = []
  for (const row of rows) {
    const cells = row.split('\t')
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const path = cell('path')
    const verdict = cell('verdict')
    if (/^(?:AUX|PREDICTIONS)$/.test(verdict) || cell('loss_field') === '' || !existsSync(`${GENUINE}/${path}`))
      continue
    readings.push({ path, verdict, firstBadStep: cell('first_bad_step'), ...(await read(`${GENUINE}/${path}`)) })
  }
  return readings
}

async function read(path: string): Promise<Pick<Reading, 'losses' | 'firstBad' | 'hidingReasons'>> {
  let losses = 0
  let firstBad: number | null | undefined
  const reasons = new Set<string>()
  const counts = new ReadCounts()
  for await (const { samples } of new Replay(WITHOUT_DETECTORS).read({ path, run: path }, fileReads, counts)) {
    const bad = [...samples].filter(({ role, value }) => isLossRole(role) && typeof value === 'string')
    losses += [...samples].filter(({ role }) => isLossRole(role)).length
    const hidden = counts.takeHidden()
    for (const { reason } of hidden) reasons.add(reason)
    const [first] = [...bad, ...hidden].sort((one, other) => Number(one.offset) - Number(other.offset))
    if (firstBad === undefined && first !== undefined) firstBad = first.step
  }
  return { losses, firstBad, hidingReasons: [...reasons].sort() }
}
