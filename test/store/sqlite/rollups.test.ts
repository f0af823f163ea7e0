import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PlacedSample, SampleMove } from '../../../src/core/pipeline/commit.ts'
import type { SqlReader } from '../../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, run, sample } from '../commits.ts'

const VALUES = fc.oneof({ weight: 8, arbitrary: fc.double() }, fc.constantFrom(NaN, Infinity, -Infinity))

/** What SQL says of the samples themselves, by bucket and attempt. The sum is left out: SQL adds in another way. */
const FROM_ROWS = `SELECT series_id, ordinal / 256, attempt, min(ordinal), max(ordinal), min(step), max(step),
  count(*) FILTER (WHERE kind = 0), min(value), max(value),
  count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2), count(*) FILTER (WHERE kind = 3),
  min(ordinal) FILTER (WHERE kind = 1), min(ordinal) FILTER (WHERE kind = 2), min(ordinal) FILTER (WHERE kind = 3)
  FROM samples GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
const FROM_ROLLUPS = `SELECT series_id, bucket, attempt, first_ordinal, last_ordinal, min_step, max_step,
  finite, min, max, nan, infinity, neg_infinity, first_nan, first_infinity, first_neg_infinity
  FROM rollups ORDER BY 1, 2, 3`

async function opened(): Promise<{ readonly store: Store; readonly reader: SqlReader }> {
  const path = join(await tempFolder(), 'nanwatch.db')
  const store = sqliteStore(path)
  const reader = sqliteReader(path)
  onTestFinished(async () => {
    await reader.close()
    await store.close()
  })
  return { store, reader }
}

function save(store: Store, name: string, samples: readonly PlacedSample[], moves: readonly SampleMove[] = []) {
  const file = fileUpdate({ path: `/runs/${name}`, run: name }, { samples, moves })
  return store.commit(commit({ runs: [run(name)], files: [file] }))
}

function rows(reader: SqlReader, sql: string): (readonly unknown[])[] {
  return [...reader.query(sql).rows()]
}

describe('roll-ups', () => {
  test('say what the rows say, wherever the commits were cut', async () => {
    const { store, reader } = await opened()
    const series = fc.record({
      values: fc.array(VALUES, { minLength: 1, maxLength: 700, size: 'max' }),
      cuts: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
      attemptAt: fc.integer({ min: 0, max: 700 }),
    })
    let runs = 0
    await fc.assert(
      fc.asyncProperty(series, async ({ values, cuts, attemptAt }) => {
        const samples = values.map((value, i) => sample(i, value, { attempt: i < attemptAt ? 0 : 1 }))
        const [whole, cut] = [`whole-${runs}`, `cut-${runs++}`]
        await save(store, whole, samples)
        for (let from = 0, i = 0; from < samples.length; i++) {
          const until = from + cuts[i % cuts.length]!
          await save(store, cut, samples.slice(from, until))
          from = until
        }
        const [first, second] = [(await reader.series(whole))[0]!.id, (await reader.series(cut))[0]!.id]
        const all = (id: number) => rows(reader, `SELECT * FROM rollups WHERE series_id = ${id}`)
        expect(all(second).map((row) => row.slice(1))).toEqual(all(first).map((row) => row.slice(1)))
      }),
      { seed: 4, numRuns: 60 },
    )
    const expected = rows(reader, FROM_ROWS)
    expect(expected.length).toBeGreaterThan(100)
    expect(rows(reader, FROM_ROLLUPS)).toEqual(expected)
  })

  test('hold the first and the last value, the sum, and the step of the first non-finite one', async () => {
    const { store, reader } = await opened()
    await save(
      store,
      'a',
      [4, NaN, 0.5, Infinity, 8].map((value, i) => sample(i, value)),
    )
    expect(rows(reader, 'SELECT first, last, sum, bad_step FROM rollups')).toEqual([[4, 8, 12.5, 10]])
  })

  test('have no sum where it goes beyond a double', async () => {
    const { store, reader } = await opened()
    await save(
      store,
      'a',
      [Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE].map((value, i) => sample(i, value)),
    )
    expect(rows(reader, 'SELECT finite, min, max, sum FROM rollups')).toEqual([
      [3, -Number.MAX_VALUE, Number.MAX_VALUE, null],
    ])
  })

  test('follow a sample that turned out to belong to the next attempt', async () => {
    const { store, reader } = await opened()
    const values = Array.from({ length: 300 }, (_, i) => (i === 299 ? NaN : i))
    await save(
      store,
      'a',
      values.map((value, i) => sample(i, value)),
    )
    await save(store, 'a', [sample(300, 5, { attempt: 1 })], [{ metric: 'loss', ordinal: 299, attempt: 1 }])
    expect(rows(reader, FROM_ROLLUPS)).toEqual(rows(reader, FROM_ROWS))
    expect(rows(reader, 'SELECT bucket, attempt, finite, nan FROM rollups ORDER BY 1, 2')).toEqual([
      [0, 0, 256, 0],
      [1, 0, 43, 0],
      [1, 1, 1, 1],
    ])
  })

  test('go with the run that is forgotten', async () => {
    const { store, reader } = await opened()
    await save(store, 'a', [sample(0, 1)])
    await store.forget('a')
    expect(rows(reader, 'SELECT * FROM rollups')).toEqual([])
  })
})
