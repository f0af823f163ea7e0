import { describe, expect, test } from 'vitest'
import type { BatchEvidence } from '../../../src/core/diagnose/diagnosis.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import {
  awaits,
  batchAt,
  EMPTY_MEMORY,
  failedLossOf,
  type RunMemory,
  rememberBatch,
  rememberFailedLoss,
} from '../../../src/core/state/run-memory.ts'
import type { Finite } from '../../../src/protocol/value.ts'
import { evidenceOf } from '../diagnose/findings.ts'
import { batchOf } from '../measure/batches.ts'

const INNOCENT = batchOf('probs', [[0.5, 0.5]], [1])
const ZERO = batchOf('probs', [[1, 0]], [1])

function remembering(...batches: readonly BatchEvidence[]): RunMemory {
  return batches.reduce(rememberBatch, EMPTY_MEMORY)
}

function zeroAt(step: number | null, about: Partial<BatchEvidence> = {}): BatchEvidence {
  return evidenceOf(ZERO, { step, offset: (step ?? 0) * 100, ...about })
}

const AT_812 = { file: 'train.log', attempt: 0, step: 812, offset: 5 }

describe('the batches that a run remembers', () => {
  const odd: readonly { readonly name: string; readonly batch: PredictionBatch; readonly reportedLoss?: 'NaN' }[] = [
    { name: 'a zero on the truth', batch: ZERO },
    { name: 'a zero beside the truth', batch: batchOf('probs', [[0, 1]], [1]) },
    { name: 'a NaN', batch: batchOf('probs', [[Number.NaN, 1]], [1]) },
    { name: 'an Infinity', batch: batchOf('logits', [[Infinity, 1]], [1]) },
    { name: 'a probability above 1', batch: batchOf('probs', [[0.5, 1.5]], [1]) },
    {
      name: 'a label that is no class',
      batch: batchOf(
        'probs',
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        [1, 7],
      ),
    },
    { name: 'no label that counts', batch: batchOf('probs', [[0.5, 0.5]], [-100]) },
    { name: 'a probability that float32 cannot divide by', batch: batchOf('probs', [[1, 1e-40]], [1]) },
    { name: 'a loss that failed', batch: INNOCENT, reportedLoss: 'NaN' },
  ]
  for (const { name, batch, reportedLoss = null } of odd) {
    test(`hold one with ${name}`, () => {
      expect(remembering(evidenceOf(batch, { reportedLoss })).suspectBatches).toHaveLength(1)
    })
  }

  test('hold one that looks fine until the next one', () => {
    const fine = evidenceOf(INNOCENT)
    expect(remembering(fine)).toMatchObject({ suspectBatches: [], healthyBatch: fine })
    expect(remembering(fine, evidenceOf(INNOCENT, { step: 813 })).healthyBatch?.step).toBe(813)
    expect(remembering(fine, zeroAt(813))).toMatchObject({ suspectBatches: [{ step: 813 }], healthyBatch: null })
  })

  test('are the first eight and the newest eight', () => {
    const memory = remembering(...Array.from({ length: 40 }, (_, step) => zeroAt(step)))
    expect(memory.suspectBatches.map(({ step }) => step)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 32, 33, 34, 35, 36, 37, 38, 39,
    ])
  })

  test('are those from before the predictions were damaged, however long they stay so', () => {
    const beside = batchOf('probs', [[0, 1]], [1])
    const damaged = batchOf('probs', [[Number.NaN, 1]], [1])
    const memory = remembering(
      ...Array.from({ length: 40 }, (_, step) => evidenceOf(step < 20 ? beside : damaged, { step })),
    )
    expect(memory.suspectBatches.map(({ step }) => step)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 39,
    ])
  })

  test('are of the newest attempt', () => {
    const memory = remembering(zeroAt(8), zeroAt(9), zeroAt(4, { attempt: 1 }))
    expect(memory.suspectBatches.map(({ step }) => step)).toEqual([4])
    expect(rememberBatch(memory, zeroAt(10)).suspectBatches.map(({ step }) => step)).toEqual([4, 10])
  })
})

describe('the batch at a place', () => {
  test('is that of the step, in whatever file', () => {
    expect(batchAt(remembering(zeroAt(811), zeroAt(812)), AT_812)?.step).toBe(812)
    expect(batchAt(remembering(zeroAt(811)), AT_812)).toBeNull()
  })

  test('is that of the record itself before any other of the step', () => {
    const [first, second] = [zeroAt(812, { offset: 100 }), zeroAt(812, { offset: 200 })]
    const place = { ...AT_812, file: first.file, offset: 200 }
    expect(batchAt(remembering(first, second), place)).toEqual(second)
  })

  test('is one whose loss is no number before one whose loss is', () => {
    const fine = evidenceOf(batchOf('probs', [[0, 1]], [1]), { file: 'rank0.jsonl' })
    const failed = evidenceOf(ZERO, { file: 'rank1.jsonl' })
    expect(batchAt(remembering(fine, failed), AT_812)?.file).toBe('rank1.jsonl')
    expect(batchAt(remembering(fine), AT_812)?.file).toBe('rank0.jsonl')
  })

  test('is the newest one, too, that looks fine', () => {
    expect(batchAt(remembering(evidenceOf(INNOCENT)), AT_812)?.step).toBe(812)
  })

  test('is none of another attempt', () => {
    expect(batchAt(remembering(zeroAt(812)), { ...AT_812, attempt: 1 })).toBeNull()
  })

  test('without a step is that of the same record and no other', () => {
    const memory = remembering(zeroAt(null, { offset: 5 }))
    const { file } = memory.suspectBatches[0]!
    expect(batchAt(memory, { ...AT_812, step: null })).toBeNull()
    expect(batchAt(memory, { ...AT_812, step: null, file })).not.toBeNull()
    expect(batchAt(memory, { ...AT_812, step: null, file, offset: 6 })).toBeNull()
  })
})

describe('a loss that failed', () => {
  const failed = { attempt: 0, step: 812, value: 'Infinity' as const }

  test('is told to the batches of its step', () => {
    const memory = rememberFailedLoss(remembering(zeroAt(811), zeroAt(812)), failed)
    expect(memory.suspectBatches.map(({ reportedLoss }) => reportedLoss)).toEqual([null, 'Infinity'])
  })

  test('is told to the one that looked fine, which it no longer does', () => {
    const memory = rememberFailedLoss(remembering(evidenceOf(INNOCENT)), failed)
    expect(memory).toMatchObject({ suspectBatches: [{ step: 812, reportedLoss: 'Infinity' }], healthyBatch: null })
  })

  test('leaves alone what looked fine at another step', () => {
    const memory = rememberFailedLoss(remembering(evidenceOf(INNOCENT, { step: 811 })), failed)
    expect(memory).toMatchObject({ suspectBatches: [], healthyBatch: { step: 811, reportedLoss: null } })
  })

  const others: readonly { readonly name: string; readonly about: Partial<BatchEvidence> }[] = [
    { name: 'another step', about: { step: 811 } },
    { name: 'another attempt', about: { attempt: 1 } },
    { name: 'a loss of its own', about: { reportedLoss: 2.5 as Finite } },
  ]
  for (const { name, about } of others) {
    test(`is not what a batch with ${name} waits for`, () => {
      expect(awaits(zeroAt(812), failed)).toBe(true)
      expect(awaits(zeroAt(812, about), failed)).toBe(false)
    })
  }

  const failedAt = (memory: RunMemory, attempt: number, step: number | null) =>
    failedLossOf(memory, { file: 'preds.jsonl', attempt, step, reportedLoss: null })

  test('is known by its attempt and step', () => {
    const memory = rememberFailedLoss(EMPTY_MEMORY, failed)
    expect(failedAt(memory, 0, 812)).toBe('Infinity')
    expect(failedAt(memory, 1, 812)).toBeNull()
    expect(failedAt(memory, 0, 813)).toBeNull()
    expect(failedAt(memory, 0, null)).toBeNull()
  })

  test('is one of the first eight or of the newest eight of its attempt', () => {
    let memory = EMPTY_MEMORY
    for (let step = 0; step < 40; step++) memory = rememberFailedLoss(memory, { ...failed, step })
    expect(memory.failedLosses).toHaveLength(16)
    expect(failedAt(memory, 0, 0)).toBe('Infinity')
    expect(failedAt(memory, 0, 39)).toBe('Infinity')
    memory = rememberFailedLoss(memory, { ...failed, attempt: 1 })
    expect(memory.failedLosses).toHaveLength(1)
  })
})
