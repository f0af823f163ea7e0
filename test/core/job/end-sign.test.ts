import { describe, expect, test } from 'vitest'
import type { StepCount } from '../../../src/core/job/end-counts.ts'
import { type EndSigns, NO_END_SIGNS, withEnd } from '../../../src/core/job/end-sign.ts'
import { LinesOfRead } from '../../../src/core/job/lines-of-read.ts'
import { Lines } from '../../../src/core/reading/lines.ts'

/** A log line by line: records are written as numbers of steps, with what else stands in the line. */
type Written = string | { readonly step: number; readonly text?: string }

interface Log {
  readonly file?: string
  readonly nowMs?: number
  readonly written: readonly Written[]
}

/** Reads the logs one after the other, a line at each read or all lines at once. */
function signOf(logs: readonly Log[], isLineByLine = true): string | null {
  let signs: EndSigns = NO_END_SIGNS
  let steps: StepCount = { first: null, last: null, stride: 0 }
  for (const { file = 'train.log', nowMs = 0, written } of logs) {
    const reads = isLineByLine ? written.map((line) => [line]) : [written]
    for (const read of reads) {
      for (const line of read) {
        if (typeof line === 'string') continue
        const { first, last, stride } = steps
        steps = { first: first ?? line.step, last: line.step, stride: last === null ? stride : line.step - last }
      }
      const lines = read.map((line) =>
        typeof line === 'string'
          ? { text: line, isRecord: false }
          : { text: line.text ?? `step ${line.step} loss 0.5`, isRecord: true },
      )
      const heeded = Lines.of(lines.map(({ text }, offset) => ({ offset, text, bytes: text.length })))
      signs = withEnd(signs, {
        file,
        count: lines.length,
        counted: new LinesOfRead(signs, heeded).counted(lines.length, steps.last === null ? lines.length : 0),
        lines,
        hasRecords: lines.some(({ isRecord }) => isRecord),
        hasTrained: steps.last !== null,
        steps,
        nowMs,
      })
    }
  }
  return signs.sign?.kind ?? null
}

const ofTotal = (total: number, ...steps: readonly number[]) =>
  steps.map((step) => ({ step, text: `step ${step}/${total} loss 0.5` }))
const steps = (...all: readonly number[]) => all.map((step) => ({ step }))
const epoch = (n: number, all: number): Written[] => [`Epoch ${n}/${all}`, { step: n, text: `80/80 - 1s - loss: 0.5` }]

const cases: readonly (readonly [name: string, written: readonly Written[], sign: string | null])[] = [
  ['a count that ends', ofTotal(3, 1, 2, 3), 'count'],
  ['a count that does not end', ofTotal(4, 1, 2, 3), null],
  ['a count from 0 that ends one before', ofTotal(4, 0, 1, 2, 3), 'count'],
  ['a count from 1 one before its end', ofTotal(4, 1, 2, 3), null],
  ['a count from 0 in strides', ofTotal(900, 0, 100, 200, 300, 400, 500, 600, 700, 800), 'count'],
  ['a count from 0 in strides, one too few', ofTotal(900, 0, 100, 200, 300, 400, 500, 600, 700), null],
  ['a count in strides that do not meet the end', ofTotal(905, 100, 200, 300, 400, 500, 600, 700, 800, 900), 'count'],
  [
    'a total in a record of JSON',
    [{ step: 1 }, { step: 2, text: '{"step": 2, "max_steps": 2, "loss": 0.5}' }],
    'count',
  ],
  [
    'a total that grows with the steps',
    [1, 2, 3].map((step) => ({ step, text: `train_steps: ${step}, loss: 0.5` })),
    null,
  ],
  ['100 %', [...steps(1, 2), '100%|##########| done'], 'count'],
  ['a bar of an evaluation', [...steps(1, 2), 'Evaluating: 100%|####| 20/20'], null],
  ['a fraction in a path', [...steps(1, 2), 'see runs/2026/11/29'], null],
  ['a loss of validation at the last step', [...ofTotal(2, 1, 2), { step: 2, text: 'val loss 0.6' }], 'count'],
  ['the last epoch', [...epoch(1, 2), ...epoch(2, 2)], 'count'],
  ['an epoch before the last', [...epoch(1, 3), ...epoch(2, 3)], null],
  ['the next epoch begins', [...epoch(1, 2), ...epoch(2, 2), 'Epoch 3/4'], null],
  ['epochs from 0', [...epoch(0, 2), ...epoch(1, 2)], 'count'],
  ['done', [...steps(1), 'Done.'], 'done'],
  ['done, before anything was logged', ['Loading the data', 'Done.'], null],
  ['done with a level', [...steps(1), '2026-11-29 10:00:00 INFO trainer: done'], 'done'],
  ['done in Chinese', [...steps(1), '完成'], 'done'],
  ['a word within a sentence', [...steps(1), 'when done the weights are dropped'], null],
  ['a saved model', [...steps(1), 'Model saved to out/model.pt'], 'saved'],
  ['a checkpoint', [...steps(1), 'Saved checkpoint to out/ckpt.pt'], null],
  ['the model of an epoch', [...steps(1), 'Model saved to out/model-3.pt'], null],
  ['the best model so far', [...steps(1), 'Saved best model to out/model.pt'], null],
  ['a saved model in the middle of counted steps', [...ofTotal(9, 1, 2), 'Model saved to out/model.pt'], null],
  ['a saved model after counted steps', [...ofTotal(2, 1, 2), 'Model saved to out/model.pt'], 'saved'],
  ['a model that is being saved', [...steps(1), 'Saving model to out/model.pt'], null],
  ['a saved model in Japanese', [...steps(1), 'モデルを保存しました'], 'saved'],
  ['a saved model in French', [...steps(1), 'Modèle enregistré dans out/'], 'saved'],
  [
    'saved, and then nothing of weight',
    [...steps(1), 'Saved weights to a.safetensors', '', 'Peak memory: 3 GiB'],
    'saved',
  ],
  [
    'saved, and then an evaluation',
    [...steps(1), 'Saved weights to a.safetensors', 'Evaluating on the test set'],
    null,
  ],
  ['a summary', [...steps(1), 'Total time: 0:08:02'], 'summary'],
  ['a summary that is a record', [...steps(1), { step: 1, text: 'Best accuracy: 0.93' }], 'summary'],
  ['time of a shell', [...steps(1), 'real\t8m2.1s', 'user\t7m0.0s', 'sys\t0m1.0s'], 'summary'],
  ['no word', steps(1, 2, 3), null],
]

describe('the last lines show that a job may be over', () => {
  for (const [name, written, sign] of cases) {
    test(`${name}: ${sign}`, () => {
      expect(signOf([{ written }])).toBe(sign)
      expect(signOf([{ written }], false)).toBe(sign)
    })
  }

  test('not where the run went on after such a line before', () => {
    const saved = 'Model saved to out/model.pt'
    expect(signOf([{ written: [...steps(1), saved, ...steps(2), saved] }])).toBeNull()
    expect(signOf([{ written: [...steps(1), saved, ...steps(2), saved, 'Done.'] }])).toBe('done')
    expect(signOf([{ written: [...steps(1), saved, ...steps(2), saved] }], false)).toBeNull()
  })

  test('not in the middle of the steps that one of two files counts', () => {
    const counted = { file: 'stdout.log', written: ofTotal(9, 1, 2) }
    const uncounted = { file: 'metrics.jsonl', written: steps(2) }
    const saved = { file: 'stdout.log', written: ['Model saved to out/model.pt'] }
    expect(signOf([counted, uncounted, saved])).toBeNull()
    expect(signOf([{ ...counted, written: ofTotal(2, 1, 2) }, uncounted, saved])).toBe('saved')
  })

  test('until another file of the run goes on, but not by what was written at the same time', () => {
    const first = { file: 'stdout.log', written: [...steps(1), 'Done.'] }
    expect(signOf([first, { file: 'metrics.jsonl', nowMs: 1000, written: steps(2) }])).toBe('done')
    expect(signOf([first, { file: 'metrics.jsonl', nowMs: 60_000, written: steps(2) }])).toBeNull()
  })
})
