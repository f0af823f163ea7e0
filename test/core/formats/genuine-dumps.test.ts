import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DUMPS } from '../../../src/core/formats/dumps.ts'
import type { LogRecord } from '../../../src/core/formats/format.ts'
import { measureBatch } from '../../../src/core/measure/batch.ts'
import type { PredictionBatch } from '../../../src/protocol/batch.ts'
import { readWhole } from './whole-file.ts'

/** Runs of real frameworks, where this checkout stands beside them; they are other people's data. */
const GENUINE = join(import.meta.dirname, '../../../../shared/genuine')
const isThere = existsSync(GENUINE)

interface Run {
  readonly job: string
  readonly files: number
  readonly rows: number
}

function batchesIn(folder: string): PredictionBatch[] {
  const names = readdirSync(folder).sort()
  return names.flatMap((name) => readWhole(DUMPS, folder, name)).flatMap(batchesOf)
}

function batchesOf(record: LogRecord): PredictionBatch[] {
  return record.kind === 'batch' ? [record.batch] : []
}
void describe
void expect
void test
void measureBatch
void readFileSync
for (const job of readdirSync(GENUINE).filter((name) => name.startsWith('pred_'))) {
  test(job, () => {
    const folder = existsSync(join(GENUINE, job, 'preds')) ? join(GENUINE, job, 'preds') : join(GENUINE, job)
    const b = batchesIn(folder)
    const l = b
      .slice(0, 3)
      .map((x) => [x.step, x.kind, x.dtype, x.n, x.k, x.reportedLoss, measureBatch(x).crossEntropy])
    console.log(job, b.length, JSON.stringify(l))
  })
}
void isThere

export type { Run }
