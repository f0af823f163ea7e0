// A `trainer_state.json` of 49 MB: the memory that it takes above one of a single record, and the time.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atMost, costFigure, inTurn, plainFigure } from './figures.mjs'
import { askPeer, NODE, run } from './processes.mjs'

const MEGABYTES = 49
const PRELOAD = fileURLToPath(new URL('peak-memory.mjs', import.meta.url))

export const documents = ['check', 'parse'].map((command) => ({
  name: `document-${command}`,
  work: `trainer_state.json of ${MEGABYTES} MB, \`${command} --json\``,
  measure: (bench) => measure(bench, command),
}))

async function measure(bench, command) {
  const whole = bench.input('trainerState', { megabytes: MEGABYTES })
  const one = bench.input('trainerState', { lines: 1 })
  const { memory, ours, theirs } = await inTurn(bench, {
    memory: () => peakMib(bench, command, whole) - peakMib(bench, command, one),
    ours: () => run(NODE, [bench.own.main, command, whole.path, '--json']),
    theirs: () => askPeer('json_document', whole.path).seconds,
  })
  return [
    plainFigure({ what: 'memory above one record', goal: atMost(40), values: memory, unit: 'MiB' }),
    costFigure({ beside: "Python's json.load", goal: atMost(1), ours, theirs }),
  ]
}

function peakMib(bench, command, { path }) {
  const file = join(bench.folder, 'peak')
  const env = { NANWATCH_BENCH_PEAK: file }
  run(NODE, ['--import', PRELOAD, bench.own.main, command, path, '--json'], { env })
  return Number(readFileSync(file, 'utf8')) / 1024
}
