import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isLossRole } from '../../../src/core/records/fields.ts'
import { hasSharedLogs, manifest, recordsOf, SHARED } from './shared-logs.ts'

/** Files in which nothing shows the NaN that the run had, so that nothing can be read there. */
const SILENT: Readonly<Record<string, string>> = {
  'hf_pty/pty.log': 'the mean of a window of five steps just leaves the NaN out',
  'keras_tensorflow_nandata/stdout.log': 'a fused ReLU turns NaN into 0, and the loss stays near ln K',
  'keras_tensorflow_nandata/training.csv': 'the same',
  'keras_tf_pty/pty.log': 'the same',
  'keras_tf_pty/training.csv': 'the same',
}
/** Logs without a step: of which of their losses the manifest's step speaks. */
const ORDINALS: Readonly<Record<string, number>> = {
  'hf_allignored_masked/stdout.log': 1,
  'sft_lr1e6/stdout.log': 2,
  'sft_pty/pty.log': 2,
}
/** It died in the first epoch, in the middle of the line of a bar. */
const WITHOUT_LOSS = ['keras_torch_f16bce_terminate/stdout.log']
const IS_TEXT = /\.(?:log|csv|jsonl)$/

describe.skipIf(!hasSharedLogs)('logs of real frameworks (in ../shared, where it is present)', () => {
  test('in each text log of a run that failed its first bad loss is found where it is', () => {
    const wrong: string[] = []
    let files = 0
    for (const { path = '', verdict = '', first_bad_step: expected = '' } of manifest('genuine')) {
      if (!IS_TEXT.test(path) || !/^(?:FAIL|MASKED_NAN)$/.test(verdict) || expected === '') continue
      files++
      const found = firstBad(`${SHARED}/genuine/${path}`)
      if (!isAsExpected(found, path, expected)) wrong.push(`${path}: ${expected}, found ${JSON.stringify(found)}`)
    }
    expect(wrong).toEqual([])
    expect(files).toBeGreaterThan(80)
  })

  test('each text log that has a loss gives one', () => {
    const without: string[] = []
    for (const { path = '', verdict = '', loss_field: field = '', final_loss: last = '' } of manifest('genuine')) {
      const file = `${SHARED}/genuine/${path}`
      if (!IS_TEXT.test(path) || /^(?:AUX|PREDICTIONS)$/.test(verdict) || field === '' || last === '') continue
      if (!existsSync(file)) continue
      const records = recordsOf(file)
      const hasLoss = records.some(
        (record) => record.kind === 'scalars' && record.scalars.some((s) => isLossRole(s.role)),
      )
      if (!hasLoss) without.push(path)
    }
    expect(without).toEqual(WITHOUT_LOSS)
  })
})

interface Bad {
  readonly step: number | null
  /** Counted from 1, as an editor does that takes a carriage return for an end of line. */
  readonly line: number
  /** Which of the training losses it is, from 1. */
  readonly ordinal: number
}

/** The first loss that is not finite or is hidden. */
function firstBad(path: string): Bad | null {
  let ordinal = 0
  for (const record of recordsOf(path)) {
    if (record.kind === 'batch') continue
    if (record.kind === 'scalars') {
      if (record.scalars.some(({ role }) => role === 'train_loss')) ordinal++
      if (!record.scalars.some(({ role, value }) => isLossRole(role) && typeof value === 'string')) continue
    }
    const before = readFileSync(path).subarray(0, record.offset).toString('latin1')
    return { step: record.step, line: before.split(/\r\n|\r|\n/).length, ordinal }
  }
  return null
}

function isAsExpected(found: Bad | null, path: string, expected: string): boolean {
  if (path in SILENT || found === null) return path in SILENT && found === null
  if (path in ORDINALS) return found.ordinal === ORDINALS[path]
  // An infinity, or a bar, may show a line or more before the first NaN, of which the manifest speaks.
  if (expected.startsWith('line:')) return found.line <= Number(expected.slice('line:'.length))
  return found.step === Number(expected)
}
