// What the page asks of a long series, within one process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { median } from '../spread.mjs'
import { atMost, inTurn, plainFigure } from './figures.mjs'
import { storeWith } from './storing.mjs'

const SAMPLES = 1_000_000
const RANGE = 10_000
const BUCKETS = 1000
const REPEATS = 50

export const queries = [{ name: 'queries', work: 'a series of 1,000,000 samples, asked', measure }]

async function measure(bench) {
  const input = bench.input('oneSeries', { lines: SAMPLES })
  let taken
  bench.progress('storing the series')
  await storeWith(bench, bench.own, input, async (database) => {
    taken = await ask(bench, database)
  })
  return [
    plainFigure({ what: '10,000 samples of a range', goal: atMost(1), values: taken.range, unit: 'ms' }),
    plainFigure({ what: '1,000 buckets of all', goal: atMost(1), values: taken.buckets, unit: 'ms' }),
  ]
}

async function ask(bench, database) {
  const factory = join(bench.own.modules, 'store/sqlite/sqlite-factory.js')
  const { sqliteFactory } = await import(pathToFileURL(factory).href)
  const reader = await sqliteFactory(database).openReader()
  try {
    const [{ id }] = await reader.series()
    const range = () => reader.samples(id, SAMPLES / 2, RANGE)
    const buckets = () => reader.envelope(id, BUCKETS)
    if ((await range()).value.length !== RANGE) throw new Error('the range is not whole')
    if ((await buckets()).min.length < BUCKETS / 2) throw new Error('there are too few buckets')
    return await inTurn(bench, { range: () => medianMs(range), buckets: () => medianMs(buckets) })
  } finally {
    await reader.close()
  }
}

async function medianMs(query) {
  const taken = []
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const before = performance.now()
    await query()
    taken.push(performance.now() - before)
  }
  return median(taken)
}
