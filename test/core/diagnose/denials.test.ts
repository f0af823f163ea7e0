import { describe, expect, test } from 'vitest'
import type { ExplainedLoss } from '../../../src/core/causes/explained-loss.ts'
import { CAUSE, CAUSES, codeOf, whyOf } from '../../../src/core/causes/index.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { RowCount } from '../../../src/core/measure/prediction-batch.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** A sentence that its own numbers deny: of no row, or of two losses that differ and are printed as one. */
const DENIALS = [
  /\b(0|undefined) of \d+ rows?\b/,
  /reported loss is (\S+), and the predictions give \1\./,
  /predictions give (\S+); the job reports \1\b/,
]

const NO_ROWS: RowCount = { count: 0, rows: [] }
const ROWS: RowCount = { count: 2, rows: [0, 3] }

/** All combinations of what a batch may show. */
function* losses(): Generator<ExplainedLoss> {
  const measure = measureBatch(batchOf('probs', [[0.2325, 0.7675]], [0]))
  const rows = [NO_ROWS, ROWS]
  for (const zeroOnTruth of rows)
    for (const zeroOffTruth of rows)
      for (const nan of rows)
        for (const outOfRange of rows)
          for (const reportedLoss of [null, ...[NaN, Infinity, 1.458, 2.25].map(metricValue)])
            for (const computedAs of [null, 'mean'])
              for (const printedDecimals of [null, 4]) {
                const counts = { zeroOnTruth, zeroOffTruth, nan, outOfRange, infinite: nan, printedDecimals }
                const symptoms = {
                  ...measure,
                  ...counts,
                  crossEntropy: 1.458 as ExplainedLoss['reportedLoss'] & number,
                }
                yield { symptoms, reportedLoss, computedAs, dtype: 'float32' }
              }
}

describe('no message denies its own evidence:', () => {
  // Their rows are those of labels, which only a batch that has some is explained by.
  const ofLabels: readonly string[] = [CAUSE.labelOutOfRange, CAUSE.nanInLabels]
  for (const code of CAUSES.map(codeOf).filter((code) => !ofLabels.includes(code))) {
    test(code, () => {
      for (const loss of losses()) for (const denial of DENIALS) expect(whyOf(code, loss)).not.toMatch(denial)
    })
  }

  test('the alerts of jobs with every known cause', async () => {
    const { jobOf } = await import(new URL('../../../bench/causes/textbook-jobs.mjs', import.meta.url).href)
    const { random } = await import(new URL('../../../bench/causes/model.mjs', import.meta.url).href)
    const causes = [1, 2, 5, 6, 7, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22, 26]
    let messages = 0
    for (const cause of causes)
      for (const kind of ['probs', 'logits'])
        for (const decimals of [null, 4]) {
          const { batches } = jobOf(cause, { next: random(cause), dtype: 'float32', n: 16, k: 5, kind })
          const print = (value: number) =>
            Number.isFinite(value) ? (decimals === null ? value : Number(value.toFixed(decimals))) : String(value)
          const records = batches.map(
            ({ rows, labels, reported }: { rows: number[][]; labels: number[]; reported: number }, step: number) => ({
              step,
              loss: Number.isFinite(reported) ? reported : String(reported),
              [kind]: rows.map((row) => row.map(print)),
              labels,
            }),
          )
          for (const { headline, why } of new WatchedRun().read('train.jsonl', jsonLines(...records), true).alerts) {
            messages += 1
            for (const denial of DENIALS) expect(`${headline} ${why}`).not.toMatch(denial)
          }
        }
    expect(messages).toBeGreaterThan(causes.length)
  })
})
