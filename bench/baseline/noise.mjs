/**
 * How often a run is called worse than baselines from which nothing but noise tells it apart, by the kind of noise.
 *
 *     npm run --silent build && node bench/baseline/noise.mjs [--pairs N]
 */
import { parseArgs } from 'node:util'
import { baselineAlert } from '../../build/core/compare/baseline-alert.js'
import { compareRuns } from '../../build/core/compare/compare-runs.js'
import { CurveCollector } from '../../build/core/compare/curve-collector.js'
import { random } from '../scoreboard/random.mjs'

const { values: options } = parseArgs({ options: { pairs: { type: 'string', default: '600' } } })
const PAIRS = Number(options.pairs)
const next = random(1)
const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
/** Student's t with three degrees of freedom: one value in a hundred is far out. */
const heavy = () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3)

const NOISES = [
  { name: 'normal', draw: normal, correlation: 0 },
  { name: 'heavy-tailed', draw: heavy, correlation: 0 },
  { name: 'correlation 0.7', draw: normal, correlation: 0.7 },
  { name: 'correlation 0.95', draw: normal, correlation: 0.95 },
]

process.stdout.write(`Told of ${PAIRS} pairs without a difference; ${NOISES.map(({ name }) => name).join(', ')}\n`)
for (const baselines of [1, 3]) {
  for (const count of [12, 20, 60, 300]) {
    for (const share of [0.1, 0.3, 0.6]) {
      const told = NOISES.map((noise) => toldOf(baselines, count, share, noise))
      const about = `${baselines} ${baselines === 1 ? 'baseline' : 'baselines'}, ${count} values, noise of ${100 * share} %`
      process.stdout.write(`${about.padEnd(42)}${told.map((one) => String(one).padStart(6)).join('')}\n`)
    }
  }
}

function toldOf(baselines, count, share, noise) {
  let told = 0
  for (let pair = 0; pair < PAIRS; pair++) {
    const others = Array.from({ length: baselines }, (_, i) => drawn(`good ${i + 1}`, count, share, noise))
    const { compared } = compareRuns(drawn('run', count, share, noise), others)
    if (baselineAlert('run', compared, { detectors: {} }, '') !== null) told++
  }
  return told
}

/** A loss that falls from 2.3 to 0.3 times the noise, each value of which depends on the one before. */
function drawn(run, count, share, { draw, correlation }) {
  const collector = new CurveCollector(run)
  let state = 0
  for (let i = 0; i < count; i++) {
    state = correlation * state + Math.sqrt(1 - correlation ** 2) * draw()
    const value = (0.3 + 2 * Math.exp((-5 * i) / count)) * Math.exp(share * state)
    collector.add('log', { metric: 'loss', role: 'train_loss', attempt: 0, step: i, ordinal: i, value, offset: null })
  }
  return collector.curves()
}
