import { expect, test } from 'vitest'
import { classColumns, classIndex } from '../../../../src/core/formats/predictions/class-columns.ts'

test.each([
  { names: ['step', 'p0', 'p1', 'p2'], columns: [1, 2, 3], kind: 'probs', classes: ['0', '1', '2'] },
  { names: ['prob_1', 'prob_0', 'y'], columns: [1, 0], kind: 'probs', classes: ['0', '1'] },
  { names: ['label', 'logit_1', 'logit_2'], columns: [1, 2], kind: 'logits', classes: ['1', '2'] },
  { names: ['prob_cat', 'prob_dog', 'label'], columns: [0, 1], kind: 'probs', classes: ['cat', 'dog'] },
  { names: ['class_00', 'class_01'], columns: [0, 1], kind: null, classes: ['0', '1'] },
])('$names have the classes $classes', ({ names, ...classes }) => {
  expect(classColumns(names)).toEqual(classes)
})

test.each([
  [['step', 'loss']],
  [['p_value', 'p_max']],
  [['p0']],
  [['p0', 'p2']],
  [['p2', 'p3']],
  [['class_name', 'class_id']],
])('%j have none', (names) => {
  expect(classColumns(names)).toBeNull()
})

test('a label means a class by its name, else by its number, and a word of no class means none', () => {
  const named = classColumns(['prob_cat', 'prob_dog'])!
  const fromOne = classColumns(['p1', 'p2', 'p3'])!
  expect(classIndex(named, 'dog')).toBe(1)
  expect(classIndex(named, 'cow')).toBeNull()
  expect(classIndex(named, '')).toBeNull()
  expect(classIndex(fromOne, '3')).toBe(2)
  expect(classIndex(fromOne, '3.0')).toBe(2)
  expect(classIndex(fromOne, '-100')).toBe(-100)
})
