import { expect, test } from 'vitest'
import type { PlacedBatch, PlacedSample, SampleMove } from '../../../src/core/pipeline/commit.ts'
import type { Store } from '../../../src/store/store.ts'
import { commit, fileUpdate, hopelessBatch, LOG, losses, run, sample } from '../commits.ts'
import type { OpenSubject } from './subject.ts'

const SECOND = '/runs/a/val.log'

/** Samples, their series, and the batches that were measured. */
export function testSamples(open: OpenSubject): void {
  test('in order of reading, in pages that say whether more follow', async () => {
    const { store, reader } = await open()
    await store.commit(losses([5, 4, 3, 2, 1]))
    expect(await reader.samples(1, -1, 2)).toMatchObject({ ordinal: [0, 1], value: [5, 4], more: true })
    expect(await reader.samples(1, 1, 3)).toMatchObject({ ordinal: [2, 3, 4], value: [3, 2, 1], more: false })
    expect(await reader.samples(1, 4, 3)).toMatchObject({ ordinal: [], more: false })
  })

  for (const size of [1, 2, 3, 7, 100]) {
    test(`each once, in pages of ${size}, wherever the commits were cut`, async () => {
      const { store, reader } = await open()
      const values = Array.from({ length: 23 }, (_, i) => (i % 5 === 0 ? NaN : Math.sin(i)))
      await add(
        store,
        values.slice(0, 4).map((value, i) => sample(i, value)),
      )
      await add(
        store,
        values.slice(4, 5).map((value) => sample(4, value)),
      )
      await add(
        store,
        values.slice(5).map((value, i) => sample(5 + i, value)),
      )
      const seen: unknown[] = []
      for (let after = -1, more = true; more; ) {
        const page = (await reader.samples(1, after, size))!
        expect(page.ordinal.length).toBeLessThanOrEqual(size)
        expect([page.step.length, page.attempt.length, page.value.length]).toEqual(Array(3).fill(page.ordinal.length))
        expect(page.series).toMatchObject({ id: 1, samples: 23, nonFinite: 5 })
        page.ordinal.forEach((ordinal, i) => void seen.push([ordinal, page.step[i], page.value[i]]))
        after = page.ordinal.at(-1)!
        more = page.more
      }
      expect(seen).toEqual(values.map((value, i) => [i, i * 10, Number.isNaN(value) ? 'NaN' : value]))
    })
  }

  test('by their numbers, in any order that a commit has them in and with any gaps', async () => {
    const { store, reader } = await open()
    await add(store, [sample(9, 9), sample(2, 2), sample(5, 5)])
    await add(store, [sample(3, 3)])
    expect(await reader.samples(1, -1, 10)).toMatchObject({ ordinal: [2, 3, 5, 9], value: [2, 3, 5, 9], more: false })
    expect(await reader.samples(1, 4, 1)).toMatchObject({ ordinal: [5], more: true })
  })

  test('and with nothing for a series that does not exist', async () => {
    const { reader } = await open()
    expect(await reader.samples(1, -1, 10)).toBeNull()
    expect(await reader.envelope(1, 10)).toBeNull()
  })

  test('that turned out to belong to the next attempt', async () => {
    const { store, reader } = await open()
    await store.commit(losses([1, 2, 3]))
    const moves = [{ metric: 'loss', ordinal: 2, attempt: 1 }]
    await add(store, [sample(3, 4, { attempt: 1 })], moves)
    expect(await reader.samples(1, -1, 10)).toMatchObject({ attempt: [0, 0, 1, 1], value: [1, 2, 3, 4] })
  })

  test('of which some were moved, and none of another metric or file', async () => {
    const { store, reader } = await open()
    const both = [0, 1, 2].flatMap((i) => [sample(i, i), sample(i, NaN, { metric: 'lr', role: 'learning_rate' })])
    const files = [fileUpdate({}, { samples: both }), fileUpdate({ path: SECOND }, { samples: both })]
    await store.commit(commit({ runs: [run('a')], files }))
    const moves = [
      { metric: 'lr', ordinal: 2, attempt: 1 },
      { metric: 'lr', ordinal: 1, attempt: 1 },
      { metric: 'loss', ordinal: 3, attempt: 2 },
    ]
    await add(store, [sample(3, 3)], moves)
    const attempts = await Promise.all((await reader.series()).map(({ id }) => reader.samples(id, -1, 10)))
    expect(attempts.map((page) => page?.attempt)).toEqual([
      [0, 0, 0, 2],
      [0, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
    ])
    // To move a sample neither adds one nor makes one more or less finite.
    expect((await reader.series()).map(({ samples, nonFinite }) => [samples, nonFinite])).toEqual([
      [4, 0],
      [3, 3],
      [3, 0],
      [3, 3],
    ])
  })

  test('one series for each metric of each file', async () => {
    const { store, reader } = await open()
    const samples = [sample(0, 1), sample(0, 2, { metric: 'lr', role: 'learning_rate' })]
    await store.commit(
      commit({ runs: [run('a')], files: [fileUpdate({}, { samples }), fileUpdate({ path: SECOND }, { samples })] }),
    )
    await store.commit(
      commit({
        runs: [run('b')],
        files: [fileUpdate({ path: '/runs/b/log', run: 'b' }, { samples: [sample(0, NaN)] })],
      }),
    )
    expect((await reader.series('a')).map(({ file, metric, role }) => [file, metric, role])).toEqual([
      [LOG, 'loss', 'train_loss'],
      [LOG, 'lr', 'learning_rate'],
      [SECOND, 'loss', 'train_loss'],
      [SECOND, 'lr', 'learning_rate'],
    ])
    const all = await reader.series()
    expect(all.map(({ run: name }) => name)).toEqual(['a', 'a', 'a', 'a', 'b'])
    expect(new Set(all.map(({ id }) => id)).size).toBe(5)
    // Nothing was dropped.
    expect(all.map(({ keptFrom }) => keptFrom)).toEqual([0, 0, 0, 0, 0])
    expect(await reader.series('c')).toEqual([])
  })

  test('under the role that the metric had when it was first read', async () => {
    const { store, reader } = await open()
    await add(store, [sample(0, 1, { role: 'val_loss' })])
    await add(store, [sample(1, 1, { role: 'other' })])
    expect(await reader.series()).toMatchObject([{ role: 'val_loss', samples: 2 }])
  })

  test('and with the last batches of a file up to a step, in order of reading', async () => {
    const { store, reader } = await open()
    const other = fileUpdate({ path: SECOND }, { batches: [hopelessBatch(0)] })
    const batches = [0, 1, 2, 3].map(hopelessBatch)
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { batches: batches.slice(0, 1) }), other] }))
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { batches: batches.slice(1) })] }))
    const steps = async (until: number | null, limit: number) =>
      (await reader.batches(LOG, until, limit)).map(({ step }) => step)
    expect(await steps(null, 10)).toEqual([0, 1, 2, 3])
    expect(await steps(2, 2)).toEqual([1, 2])
    expect(await steps(null, 0)).toEqual([])
    expect(await steps(-1, 2)).toEqual([])
    const { measure, reportedLoss } = batches[3]!
    expect(await reader.batches(LOG, null, 1)).toEqual([{ step: 3, attempt: 0, measure, reportedLoss }])
    expect(await reader.batches('/runs/none.log', null, 10)).toEqual([])
  })

  test('and with batches that have no step, that begin anew, or that came without a loss', async () => {
    const { store, reader } = await open()
    const batches: PlacedBatch[] = [
      { ...hopelessBatch(0), step: 7 },
      { ...hopelessBatch(1), step: null },
      { ...hopelessBatch(2), step: 3, attempt: 1, reportedLoss: null },
    ]
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { batches })] }))
    const found = async (until: number | null) =>
      (await reader.batches(LOG, until, 10)).map(({ step, attempt, reportedLoss }) => [step, attempt, reportedLoss])
    expect(await found(null)).toEqual([
      [7, 0, 'NaN'],
      [null, 0, 'NaN'],
      [3, 1, null],
    ])
    expect(await found(3)).toEqual([[3, 1, null]])
  })
}

function add(store: Store, samples: readonly PlacedSample[], moves: readonly SampleMove[] = []): Promise<number> {
  return store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples, moves })] }))
}
