import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { type MetricValue, metricValue } from '../../../src/protocol/value.ts'
import { AT, alert, commit, fileUpdate, hopelessBatch, LOG, losses, run, sample } from '../commits.ts'
import { firing, type OpenSubject, owed } from './subject.ts'

const VALUES = [0, 1.5, -2.25e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, NaN, Infinity, -Infinity]

/** No number is rounded, and no NaN or infinity becomes anything else. */
export function testValues(open: OpenSubject): void {
  for (const value of VALUES) {
    test(`${value} in a sample, and in the raw text beside it`, async () => {
      const { store, reader } = await open()
      await store.commit(losses([value]))
      expect((await reader.samples(1, -1, 10))?.value).toEqual([metricValue(value)])
    })
  }

  test('any double', async () => {
    const { store, reader } = await open()
    const all = fc.sample(fc.double(), { numRuns: 2000, seed: 1 })
    await store.commit(losses(all))
    const kept = await reader.samples(1, -1, all.length)
    expect(kept?.value.map(withoutSignOfZero)).toEqual(all.map((value) => withoutSignOfZero(metricValue(value))))
  })

  for (const value of ['NaN', 'Infinity', '-Infinity'] as const) {
    test(`${value} in an alert, in the entry that tells of it, in a batch and in what is owed`, async () => {
      const { store, reader } = await open()
      const told = alert({ value })
      await store.commit(
        commit({
          runs: [run('a', { memory: { ...EMPTY_MEMORY, lastLoss: value } })],
          files: [fileUpdate({}, { batches: [{ ...hopelessBatch(0), reportedLoss: value }] })],
          transitions: firing(told),
          entries: [{ type: 'alert', alert: told, isNews: true }],
          owed: [owed('key', told)],
        }),
      )
      expect(await reader.alerts({})).toEqual([told])
      expect(await reader.entriesAfter(0, 10)).toEqual([{ type: 'alert', alert: told, isNews: true, seq: 1, at: AT }])
      expect((await reader.runs())[0]?.lastLoss).toBe(value)
      expect((await reader.batches(LOG, null, 1))[0]?.reportedLoss).toBe(value)
      expect((await store.outbox.due('hook', 0))?.transition.alert).toEqual(told)
    })
  }

  test('a step and an offset beyond 2^31, and a step that is missing', async () => {
    const { store, reader } = await open()
    const big = 2 ** 53 - 1
    const samples = [sample(0, 1, { step: big, offset: big }), sample(1, 2, { step: null, offset: null })]
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    expect((await reader.samples(1, -1, 10))?.step).toEqual([big, null])
  })

  test('names and raw text of any characters', async () => {
    const { store, reader } = await open()
    const metric = '損失/é\'"😀\\'
    const samples = [
      sample(0, NaN, { metric, raw: "tensor(nan, name='損失')" }),
      sample(1, NaN, { metric, raw: '\ud83d' }),
    ]
    const file = { path: `/läufe/${metric}`, run: metric }
    await store.commit(commit({ runs: [run(metric)], files: [fileUpdate(file, { samples })] }))
    expect(await reader.series(metric)).toMatchObject([
      { run: metric, file: file.path, metric, samples: 2, nonFinite: 2 },
    ])
    expect(await reader.runs()).toMatchObject([{ run: metric, files: [file.path] }])
  })
}

/** A zero may lose its sign. */
function withoutSignOfZero(value: MetricValue): MetricValue {
  return value === 0 ? metricValue(0) : value
}
