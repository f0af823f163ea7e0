import { expect, test } from 'vitest'
import { pathsReadBeside } from '../../src/cli/read-beside.ts'

const beside = (...files: readonly (readonly [path: string, format: string | null, batches: number])[]) =>
  pathsReadBeside(new Map(files.map(([path, format, batches]) => [path, { format, batches }])))

test('labels in a file of their own are read with the predictions beside them', () => {
  const found = beside(['run/y_pred.npy', 'npy', 1], ['run/y_true.npy', null, 0])
  expect(found).toContain('run/y_true.npy')
  expect(found).not.toContain('run/y_pred.npy')
  expect(found).not.toContain('other/y_true.npy')
})

test('so are those of each file of a dump, which stands for all of them', () => {
  const found = beside(['run/val_logits_*.npy', 'npy', 12])
  expect(found).toContain('run/val_labels_*.npy')
  expect(found).toContain('run/labels.npy')
})

test('where no batch came of the predictions, their labels were not read', () => {
  expect(beside(['run/y_pred.npy', 'npy', 0], ['run/y_true.npy', null, 0]).size).toBe(0)
  expect(beside(['run/train.log', 'key-value', 3], ['run/x.npz', 'npz', 2]).size).toBe(0)
})
