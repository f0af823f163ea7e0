// What it takes to start: a query on a small database, the help, and the daemon until it is ready.
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endedChildrenSeconds } from '../processor-time.mjs'
import { atMost, costFigure, inTurn } from './figures.mjs'
import { NODE, run, startDaemon, stored } from './processes.mjs'

/** Ticks of the kernel are coarse: so many starts are counted together. */
const STARTS = 10
const DAEMONS = 5
const LINES = 1000

export const starting = [{ name: 'start', work: 'start', measure }]

async function measure(bench) {
  const input = bench.input('json3', { lines: LINES })
  const database = join(mkdtempSync(join(bench.folder, 'small-')), 'nanwatch.db')
  const daemon = await startDaemon(bench.own, dirname(input.path), database)
  await stored(database, input.samples)
  await daemon.stop()

  const { bare, runs, help, watch } = await inTurn(bench, {
    bare: () => averageMs(['-e', '0']),
    runs: () => averageMs([bench.own.main, 'runs', '--db', database]),
    help: () => averageMs([bench.own.main, '--help']),
    watch: () => averageMsUntilReady(bench, input),
  })
  const beside = (what, bound, ours) =>
    costFigure({ beside: `${what}, beside bare Node`, goal: atMost(bound), ours, theirs: bare, unit: 'ms' })
  return [
    beside('`runs` on a small database', 1.3, runs),
    beside('`--help`', 2.5, help),
    beside('`watch` until it is ready', 4, watch),
  ]
}

function averageMs(args) {
  let seconds = 0
  for (let start = 0; start < STARTS; start++) seconds += run(NODE, args)
  return (1000 * seconds) / STARTS
}

/** Killed once it is ready, with a new database each time. */
async function averageMsUntilReady(bench, input) {
  const before = endedChildrenSeconds()
  for (let start = 0; start < DAEMONS; start++) {
    const folder = mkdtempSync(join(bench.folder, 'start-'))
    const daemon = await startDaemon(bench.own, dirname(input.path), join(folder, 'nanwatch.db'))
    await daemon.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  return (1000 * (endedChildrenSeconds() - before)) / DAEMONS
}
