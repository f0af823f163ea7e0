import type { MeasuredBatch, Subject } from '../../../src/core/lessons/topic.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { LessonBlock } from '../../../src/protocol/lesson.ts'
import { toNumber } from '../../../src/protocol/value.ts'

/** A measured batch of two classes whose true class is always 1. */
export function batchOf(step: number, truth: readonly number[]): MeasuredBatch {
  const measure = measureBatch({
    step,
    kind: 'probs',
    n: truth.length,
    k: 2,
    values: Float64Array.from(truth.flatMap((p) => [1 - p, p])),
    labels: { kind: 'hard', classes: new Float64Array(truth.length).fill(1) },
    reportedLoss: null,
  })
  return { step, measure, reportedLoss: null }
}

export const HEALTHY = batchOf(7, [0.5, 0.25, 0.9])

export function subjectOf(batch: MeasuredBatch = HEALTHY, broken: Subject['broken'] = null): Subject {
  return {
    source: { kind: 'run', run: 'a/job', step: batch.step },
    batch,
    broken,
    history: [batchOf(6, [0.5, 0.5, 0.5]), batch],
  }
}

/** What a table of the lesson says behind this name, in its first table that has such a row. */
export function cellOf(blocks: readonly LessonBlock[], name: string | number, column = 1): string | number {
  for (const block of blocks) {
    if (block.kind !== 'table') continue
    const row = block.rows.find(
      ([first]) => first !== undefined && ('text' in first ? first.text : first.value) === name,
    )
    const cell = row?.[column]
    if (cell !== undefined) return 'text' in cell ? cell.text : toNumber(cell.value)
  }
  throw new Error(`no row is called ${name}`)
}

/** All the words of a lesson. */
export function wordsOf(blocks: readonly LessonBlock[]): string {
  return blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('\n')
}
