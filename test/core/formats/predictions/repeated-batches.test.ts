import { expect, test } from 'vitest'
import {
  NOTHING_SEEN,
  type SeenBatches,
  withoutRepeats,
} from '../../../../src/core/formats/predictions/repeated-batches.ts'
import type { LogRecord, ParseResult } from '../../../../src/core/records/format.ts'
import { brief } from '../lines.ts'

/** A batch for each number of rows, at the steps 1, 2, 3 and so on. */
function dump(...rows: readonly number[]): ParseResult {
  const records = rows.map((n, i): LogRecord => {
    const values = new Float64Array(2 * n).fill(0.5)
    const labels = { kind: 'hard', classes: new Float64Array(n) } as const
    return {
      kind: 'batch',
      offset: 0,
      batch: { step: i + 1, kind: 'probs', n, k: 2, values, labels, reportedLoss: null },
    }
  })
  return { kind: 'records', records }
}

function readings(...dumps: readonly ParseResult[]): readonly (readonly string[])[] {
  let seen: SeenBatches = NOTHING_SEEN
  return dumps.map((result) => {
    const news = withoutRepeats(result, JSON.parse(JSON.stringify(seen)))
    seen = news.seen
    return news.result.kind === 'records' ? news.result.records.map(brief) : [news.result.kind]
  })
}

test('a dump that grew tells the batches that are new', () => {
  expect(readings(dump(4), dump(4, 4), dump(4, 4), dump(4, 4, 4))).toEqual([
    ['batch 1 probs 4x2'],
    ['batch 2 probs 4x2'],
    [],
    ['batch 3 probs 4x2'],
  ])
})

test('a last batch that was half there is seen again when it is whole', () => {
  expect(readings(dump(4, 1), dump(4, 4, 4))).toEqual([
    ['batch 1 probs 4x2', 'batch 2 probs 1x2'],
    ['batch 2 probs 4x2', 'batch 3 probs 4x2'],
  ])
})

test('a dump that was replaced, or has fewer batches, is seen from its beginning', () => {
  expect(readings(dump(4, 4), dump(2, 4), dump(2))).toEqual([
    ['batch 1 probs 4x2', 'batch 2 probs 4x2'],
    ['batch 1 probs 2x2', 'batch 2 probs 4x2'],
    ['batch 1 probs 2x2'],
  ])
})

test('a reading that failed forgets nothing', () => {
  const broken: ParseResult = { kind: 'reject', reason: 'broken-frame', detail: 'ends early' }
  expect(readings(dump(4), broken, dump(4))).toEqual([['batch 1 probs 4x2'], ['reject'], []])
})
