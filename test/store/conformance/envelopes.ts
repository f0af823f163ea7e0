import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFinite, metricValue } from '../../../src/protocol/value.ts'
import { commit, fileUpdate, losses, run, sample } from '../commits.ts'
import type { OpenSubject } from './subject.ts'

/** However a series is summed up, its extremes and its first non-finite values show. */
export function testEnvelopes(open: OpenSubject): void {
  test('so that no extreme and no non-finite value is hidden', async () => {
    const { store, reader } = await open()
    const series = fc.array(
      fc.oneof({ weight: 8, arbitrary: fc.double() }, fc.constantFrom(NaN, Infinity, -Infinity)),
      { minLength: 1, maxLength: 120 },
    )
    let runs = 0
    await fc.assert(
      fc.asyncProperty(series, fc.integer({ min: 1, max: 40 }), async (values, buckets) => {
        const name = `run-${runs++}`
        const samples = values.map((value, i) => sample(i, value))
        const files = [fileUpdate({ path: `/runs/${name}`, run: name }, { samples })]
        await store.commit(commit({ runs: [run(name)], files }))

        const [{ id } = { id: -1 }] = await reader.series(name)
        const summed = (await reader.envelope(id, buckets))!
        const size = Math.ceil(values.length / buckets)
        const parts = chunks(values, size)
        expect(summed.min.length).toBeLessThanOrEqual(buckets)
        expect(summed.min.map(unsigned)).toEqual(parts.map((part) => extreme(part, Math.min)))
        expect(summed.max.map(unsigned)).toEqual(parts.map((part) => extreme(part, Math.max)))
        expect(summed.ordinal).toEqual(parts.map((_, i) => i * size))
        expect(summed.fromStep).toEqual(parts.map((_, i) => i * size * 10))
        expect(summed.toStep).toEqual(parts.map((part, i) => (i * size + part.length - 1) * 10))
        expect(summed.lastOrdinal).toBe(values.length - 1)
        expect(summed.nonFinite).toEqual(firstNonFinites(values, size))
      }),
      { seed: 2, numRuns: 150 },
    )
  })

  test('of thousands of NaNs, without listing each', async () => {
    const { store, reader } = await open()
    await store.commit(losses([1, ...Array.from({ length: 5000 }, () => NaN), 2]))
    const summed = (await reader.envelope(1, 10))!
    expect(summed.nonFinite).toHaveLength(10)
    expect(summed.nonFinite[0]).toEqual({ step: 10, ordinal: 1, value: 'NaN' })
    expect(summed.series.nonFinite).toBe(5000)
    // A bucket of NaNs alone has no extremes.
    expect(summed.min.slice(1, -1)).toEqual(Array(8).fill(null))
    expect([summed.min[0], summed.max.at(-1)]).toEqual([1, 2])
  })

  test('with the first of each kind where NaN and both infinities stand together', async () => {
    const { store, reader } = await open()
    await store.commit(losses([-3, Infinity, NaN, NaN, -Infinity, Infinity, -7]))
    expect(await reader.envelope(1, 1)).toMatchObject({
      ordinal: [0],
      lastOrdinal: 6,
      min: [-7],
      max: [-3],
      nonFinite: [
        { step: 10, ordinal: 1, value: 'Infinity' },
        { step: 20, ordinal: 2, value: 'NaN' },
        { step: 40, ordinal: 4, value: '-Infinity' },
      ],
    })
  })

  test('whose samples have no step', async () => {
    const { store, reader } = await open()
    const samples = [1, 2, 3].map((value, i) => sample(i, value, { step: null }))
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    expect(await reader.envelope(1, 2)).toMatchObject({ fromStep: [null, null], toStep: [null, null], min: [1, 3] })
  })

  test('with fewer samples than buckets, as they are', async () => {
    const { store, reader } = await open()
    await store.commit(losses([2, NaN, 1]))
    expect(await reader.envelope(1, 100)).toMatchObject({
      ordinal: [0, 1, 2],
      min: [2, null, 1],
      max: [2, null, 1],
      fromStep: [0, 10, 20],
      toStep: [0, 10, 20],
      nonFinite: [{ step: 10, ordinal: 1, value: 'NaN' }],
    })
  })

  test('without mixing attempts, and anew once a sample has turned out to belong to the next', async () => {
    const { store, reader } = await open()
    await store.commit(losses([1, 2, 3, 9, NaN]))
    expect(await reader.envelope(1, 1)).toMatchObject({ attempt: [0], min: [1], max: [9] })
    const moves = [3, 4].map((ordinal) => ({ metric: 'loss', ordinal, attempt: 1 }))
    await store.commit(
      commit({
        runs: [run('a')],
        files: [fileUpdate({}, { moves, samples: [sample(5, 7, { attempt: 1, step: 35 })] })],
      }),
    )
    expect(await reader.envelope(1, 1)).toMatchObject({
      attempt: [0, 1],
      ordinal: [0, 3],
      fromStep: [0, 30],
      toStep: [20, 40],
      min: [1, 7],
      max: [3, 9],
      lastOrdinal: 5,
      nonFinite: [{ ordinal: 4, value: 'NaN' }],
    })
  })

  test('of a hundred thousand samples, in as few buckets as are asked for and one for each further attempt', async () => {
    const { store, reader } = await open()
    const [length, resumedAt] = [100_000, 60_100]
    const odd = new Map([
      [777, 1e9],
      [51_234, -1e9],
      [70_001, NaN],
      [70_002, -Infinity],
      [70_003, NaN],
    ])
    for (let from = 0; from < length; from += 10_000) {
      const samples = Array.from({ length: 10_000 }, (_, i) => {
        const ordinal = from + i
        const attempt = ordinal < resumedAt ? 0 : 1
        return sample(ordinal, odd.get(ordinal) ?? Math.sin(ordinal), { attempt, step: ordinal - attempt * 20_000 })
      })
      await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    }
    const answer = (await reader.envelope(1, 100))!
    expect(answer.min.length).toBeLessThanOrEqual(101)
    expect(Math.max(...answer.max.map(Number))).toBe(1e9)
    expect(Math.min(...answer.min.map(Number))).toBe(-1e9)
    expect(answer.nonFinite).toEqual([
      { step: 50_001, ordinal: 70_001, value: 'NaN' },
      { step: 50_002, ordinal: 70_002, value: '-Infinity' },
    ])
    expect(answer.lastOrdinal).toBe(length - 1)
    const border = answer.attempt.indexOf(1)
    expect(answer.ordinal[border]).toBe(resumedAt)
    expect([answer.toStep[border - 1], answer.fromStep[border]]).toEqual([resumedAt - 1, resumedAt - 20_000])
    expect(answer.ordinal).toEqual(answer.ordinal.toSorted((a, b) => a - b))
  })
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}

function extreme(part: readonly number[], of: (...values: number[]) => number): number | null {
  const finite = part.filter((value) => Number.isFinite(value))
  return finite.length === 0 ? null : unsigned(of(...finite))
}

/** A zero may lose its sign. */
function unsigned<T extends number | null>(value: T): T | 0 {
  return value === 0 ? 0 : value
}

function firstNonFinites(values: readonly number[], size: number) {
  const seen = new Set<string>()
  return values.flatMap((value, ordinal) => {
    const key = `${Math.floor(ordinal / size)} ${value}`
    if (isFinite(metricValue(value)) || seen.has(key)) return []
    seen.add(key)
    return [{ step: ordinal * 10, ordinal, value: metricValue(value) }]
  })
}
