import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BUILT_IN } from '../../../../src/core/formats/format-set.ts'
import { jsonLines } from '../../../../src/core/formats/json-lines.ts'
import { finishReader, readLine } from '../../../../src/core/formats/reader.ts'
import { startReader } from '../../../../src/core/formats/reader-state.ts'
import type { LogRecord } from '../../../../src/core/records/format.ts'
import { brief, linesOf, readText } from '../lines.ts'

/** The records of a text, with the state saved and restored wherever `isSaved` says. */
function recordsOf(texts: readonly string[], isSaved: (line: number) => boolean = () => false): readonly LogRecord[] {
  let state = startReader()
  const records: LogRecord[] = []
  const take = (step: ReturnType<typeof readLine>) => {
    state = step.state
    for (const { result } of step.results) if (result.kind === 'records') records.push(...result.records)
  }
  for (const [i, line] of linesOf(texts).entries()) {
    if (isSaved(i)) state = JSON.parse(JSON.stringify(state))
    take(readLine(state, line, '', BUILT_IN))
  }
  take(finishReader(state, '', BUILT_IN))
  return records
}

const ROWS = [
  '{"step": 1, "idx": 0, "label": 1, "probs": [0.25, 0.75], "batch_loss": 0.5}',
  '{"step": 1, "idx": 1, "label": 0, "probs": [NaN, 0.5], "batch_loss": 0.5}',
  '{"step": 2, "idx": 0, "label": 1, "probs": [0.125, 0.875], "batch_loss": NaN}',
  '{"step": 2, "idx": 1, "label": -100, "probs": [Infinity, 0], "batch_loss": NaN}',
  '{"step": 3, "idx": 0, "label": 0, "probs": [1, 0], "batch_loss": 0.25}',
]

test('the samples of a step are one batch, and the loss that each repeats is told once', () => {
  const records = recordsOf(ROWS)
  expect(records.map(brief)).toEqual([
    'step 1 idx=0 batch_loss=0.5',
    'batch 1 probs 2x2',
    'step 2 idx=0 batch_loss=NaN',
    'batch 2 probs 2x2',
    'step 3 idx=0 batch_loss=0.25',
    'batch 3 probs 1x2',
  ])
  const batches = records.flatMap((record) => (record.kind === 'batch' ? [record] : []))
  expect(batches.map(({ batch }) => batch.reportedLoss)).toEqual([0.5, 'NaN', 0.25])
  expect(batches.map(({ offset }) => offset)).toEqual([0, 2, 4].map((i) => linesOf(ROWS)[i]!.offset))
  expect([...batches[0]!.batch.values]).toEqual([0.25, 0.75, Number.NaN, 0.5])
  expect([...batches[1]!.batch.values]).toEqual([0.125, 0.875, Infinity, 0])
  expect(batches[1]!.batch.labels).toEqual({ kind: 'hard', classes: Float64Array.of(1, -100) })
})

test('a restart after any line changes nothing', () => {
  const whole = recordsOf(ROWS)
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (saved) => {
      expect(recordsOf(ROWS, (line) => saved[line] === true)).toEqual(whole)
    }),
  )
})

test('two readings on from one state do not see each other', () => {
  const [first, second] = linesOf(ROWS)
  const one = jsonLines.parse(first!, null).state
  const valuesAfter = (text: string) => {
    const { result } = jsonLines.finish!(jsonLines.parse({ ...second!, text }, one).state)
    const [record] = result.kind === 'records' ? result.records : []
    return record?.kind === 'batch' ? [...record.batch.values] : []
  }
  const other = ROWS[1]!.replace('NaN, 0.5', '0.125, 0.875')
  expect(valuesAfter(ROWS[1]!)).toEqual([0.25, 0.75, Number.NaN, 0.5])
  expect(valuesAfter(other)).toEqual([0.25, 0.75, 0.125, 0.875])
  expect(jsonLines.finish!(one).result).toMatchObject({ records: [{ batch: { n: 1 } }] })
})

test('losses that differ from sample to sample are each told, and are not the loss of the batch', () => {
  const records = recordsOf([
    '{"step": 1, "label": 1, "p": 0.25, "loss": 0.5}',
    '{"step": 1, "label": 0, "p": 0.75, "loss": 0.75}',
  ])
  expect(records.map(brief)).toEqual(['step 1 loss=0.5', 'step 1 loss=0.75', 'batch 1 probs 2x1'])
  expect(records.at(-1)).toMatchObject({ batch: { reportedLoss: null } })
})

test('samples without a step are parted after 1,024, and after 16,384 numbers', () => {
  const few = Array.from({ length: 2500 }, (_, i) => `{"id": ${i}, "label": 1, "logits": [0.5, 1.5]}`)
  expect(recordsOf(few).map(brief)).toEqual([
    'batch null logits 1024x2',
    'batch null logits 1024x2',
    'batch null logits 452x2',
  ])
  const wide = `{"label": 1, "logits": [${Array(10_000).fill(0.5).join(', ')}]}`
  expect(recordsOf([wide, wide]).map(brief)).toEqual(['batch null logits 1x10000', 'batch null logits 1x10000'])
})

test('an epoch in the name of the field is the step', () => {
  const line = '{"guid": 12, "logits_epoch_3": [2.5, -0.5], "gold": 1}'
  expect(recordsOf([line, line]).map(brief)).toEqual(['batch 3 logits 2x2'])
})

test('the choices of lm-evaluation-harness are logits, however its version writes them', () => {
  const lines = [
    '{"doc_id": 0, "target": "1", "resps": [[["-3.75", "False"]], [["nan", "False"]]], "filtered_resps": [["-3.75", "False"], ["nan", "False"]]}',
    '{"doc_id": 1, "target": 0, "resps": [[[-3.5, false]], [[-1.25, true]]]}',
    '{"doc_id": 2, "target": "dog", "doc": {"choices": ["cat", "dog"]}, "filtered_resps": [[-3.5, false], [-1.25, true]]}',
  ]
  const [record] = recordsOf(lines)
  expect(record).toMatchObject({
    kind: 'batch',
    batch: {
      kind: 'logits',
      n: 3,
      k: 2,
      values: Float64Array.of(-3.75, Number.NaN, -3.5, -1.25, -3.5, -1.25),
      labels: { classes: Float64Array.of(1, 0, 1) },
    },
  })
})

test.each([
  '{"doc_id": 0, "target": "a text", "resps": [["generated"]], "filtered_resps": ["generated"]}',
  '{"doc_id": 0, "target": "5", "filtered_resps": [["-3.75", "False"], ["-1", "False"]]}',
  '{"doc_id": 0, "target": "0", "filtered_resps": [["-3.75", "False"]]}',
])('%s is no sample of choices', (line) => {
  const { state } = jsonLines.parse(linesOf([line])[0]!, null)
  expect(state).toBeNull()
  expect(readText(line).records.filter(({ kind }) => kind === 'batch')).toEqual([])
})
