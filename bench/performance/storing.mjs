// What the daemon takes from a log to durable, judged samples, from its start to its end; and what a sample takes on the disk.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endedChildrenSeconds } from '../processor-time.mjs'
import { atLeast, atMost, inTurn, plainFigure, skippedFigure, speedFigure } from './figures.mjs'
import { askPeer, checkpoint, startDaemon, stored } from './processes.mjs'

const SAMPLES_A_TRANSACTION = 10_000

export const storing = [
  {
    name: 'store-json3',
    work: 'JSON lines of 3 metrics → durable, judged samples',
    measure: (bench) => times(bench, 'json3'),
  },
  {
    name: 'store-json10',
    work: 'JSON lines of 10 metrics → durable, judged samples',
    measure: (bench) => times(bench, 'json10'),
  },
  { name: 'store-bytes', work: 'bytes a sample in SQLite', measure: sizes },
]

/** Has the daemon of a build read a log to its end, hands its database to `look`, and gives the processor time of all of it. */
export async function storeWith(bench, build, input, look = () => undefined) {
  const folder = mkdtempSync(join(bench.folder, 'database-'))
  const database = join(folder, 'nanwatch.db')
  const before = endedChildrenSeconds()
  const daemon = await startDaemon(build, dirname(input.path), database)
  try {
    await stored(database, input.samples)
  } finally {
    await daemon.stop()
  }
  const seconds = endedChildrenSeconds() - before
  checkpoint(database)
  await look(database)
  rmSync(folder, { recursive: true, force: true })
  return seconds
}

async function times(bench, kind) {
  const input = bench.input(kind)
  const before = bench.before()
  const sides = { nanwatch: () => storeWith(bench, bench.own, input), executemany: () => storeWithPython(bench, input) }
  if (before.missing === undefined) sides.before = () => storeWith(bench, before, input)
  const { nanwatch: ours, executemany, before: earlier } = await inTurn(bench, sides)
  return [
    speedFigure({ beside: "Python's executemany alone", goal: atLeast(1), ours, theirs: executemany }),
    earlier === undefined
      ? skippedFigure(before.missing, before.name)
      : speedFigure({ beside: before.name, goal: atLeast(5), ours, theirs: earlier }),
  ]
}

function storeWithPython(bench, { path, samples: expected }) {
  const folder = mkdtempSync(join(bench.folder, 'peer-'))
  const { seconds, samples } = askPeer('executemany', path, join(folder, 'peer.db'), SAMPLES_A_TRANSACTION)
  rmSync(folder, { recursive: true, force: true })
  if (samples !== expected) throw new Error(`executemany stores ${samples} of ${expected} samples`)
  return seconds
}

async function sizes(bench) {
  const [without, timed] = [await bytesASample(bench, 'json10'), await bytesASample(bench, 'json10Timed')]
  return [
    plainFigure({ what: 'without times in the log', goal: atMost(18), values: [without], unit: 'bytes' }),
    plainFigure({ what: 'with times in the log', goal: atMost(22), values: [timed], unit: 'bytes' }),
  ]
}

/** One database is enough: what it holds is the same each time. */
async function bytesASample(bench, kind) {
  const input = bench.input(kind)
  let bytes = 0
  bench.progress(kind)
  await storeWith(bench, bench.own, input, (database) => {
    bytes = statSync(database).size
  })
  return bytes / input.samples
}
