import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernels } from '../../../scripts/kernels.mjs'
import { kernels } from '../../../src/core/kernels/kernels.ts'
import { RowMemory } from '../../../src/core/kernels/row-memory.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { batchOf } from '../measure/batches.ts'

test('the compiled kernels are those of the sources: `node scripts/kernels.mjs` makes them anew', async () => {
  const made = readFileSync(new URL('../../../src/core/kernels/wasm.ts', import.meta.url), 'utf8')
  expect(await compileKernels()).toBe(made)
}, 120_000)

test('the memory grows with the classes, and what a large row took is given back for a small one', () => {
  const classes = 600_000
  const row = Array.from({ length: classes }, () => 1 / classes)
  const small = batchOf('logits', [[1, 2, 3]], [2])
  const before = measureBatch(small)
  expect(measureBatch(batchOf('probs', [row], [7]))).toMatchObject({ k: classes, accuracy: 0 })
  const size = kernels.call.memory.buffer.byteLength
  expect(size).toBeGreaterThan(5 * 8 * classes)
  expect(measureBatch(small)).toEqual(before)
  expect(kernels.call.memory.buffer.byteLength).toBeLessThan(size / 8)
})

test('the arrays of a row are as long as the classes, even or odd, and do not overlap', () => {
  for (const count of [1, 2, 3, 31, 32, 33]) {
    const row = new RowMemory(count)
    const arrays = [row.p, row.logP, row.weights, row.classSums]
    arrays.forEach((array, i) => {
      array.fill(i)
    })
    row.others.fill(-1)
    for (const [i, array] of arrays.entries()) expect(Array.from(array)).toEqual(Array(count).fill(i))
  }
})
