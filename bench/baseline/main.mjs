/**
 * How often a run is called worse than its baseline: runs that differ in their seed only, and runs with a fault.
 *
 *     npm run bench:baseline [-- CURVES] [--profile NAME] [--markdown FILE] [--verbose]
 *
 * CURVES holds `index.json` and `losses.f32.gz`. Those curves are compared whose
 * names say that problem, optimizer and settings are one and the seed is another.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { baselineAlert } from '../../build/core/compare/baseline-alert.js'
import { compareRuns } from '../../build/core/compare/compare-runs.js'
import { CurveCollector } from '../../build/core/compare/curve-collector.js'
import { PROFILE_SETTINGS } from '../../build/core/detect/profiles.js'
import { loadCurves } from '../scoreboard/curves.mjs'
import { FAULTS } from './faults.mjs'
import { LENGTHS } from './lengths.mjs'
import { otherSettings, seedGroups } from './seeds.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    markdown: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'default' },
  },
})

const collected = new Map()
const SETTINGS = { detectors: PROFILE_SETTINGS[options.profile] }

try {
  const folder = positionals[0] ?? '../shared/curves'
  const curves = [0, 1].flatMap((parity) => loadCurves(folder, parity))
  const groups = seedGroups(curves)
  const table = tableOf([
    ['', ...LENGTHS.map(({ name }) => name)],
    ['another seed, one baseline', ...LENGTHS.map((length) => told(pairsOf(groups), length))],
    ['another seed, all others as baselines', ...LENGTHS.map((length) => told(setsOf(groups), length))],
    ...FAULTS.flatMap(({ name, change, isSmall = false }) => [
      [name, ...LENGTHS.map((length) => told(pairsOf(groups), length, change))],
      ...(isSmall
        ? [[`${name}, all others as baselines`, ...LENGTHS.map((length) => told(setsOf(groups), length, change))]]
        : []),
    ]),
    ...otherSettings(curves, groups).map(({ name, pairs }) => [
      `another setting, ${name}`,
      ...LENGTHS.map((length) => (length.isWhole ? told(pairs, length) : '')),
    ]),
  ])
  const runs = groups.reduce((sum, group) => sum + group.length, 0)
  process.stdout.write(`${groups.length} settings with ${runs} runs, profile ${options.profile}\n\n${table}`)
  if (options.markdown !== undefined) writeFileSync(options.markdown, table)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** Each run beside each other one of its setting. */
function pairsOf(groups) {
  return groups.flatMap((group) =>
    group.flatMap((run) => group.filter((other) => other !== run).map((other) => ({ run, baselines: [other] }))),
  )
}

/** Each run beside all others of its setting. */
function setsOf(groups) {
  return groups
    .filter((group) => group.length > 2)
    .flatMap((group) => group.map((run) => ({ run, baselines: group.filter((other) => other !== run) })))
}

/** "3 of 174": how many of the runs are told. */
function told(pairs, length, change = null) {
  const worse = pairs.filter(({ run, baselines }) => {
    const trained = length.range(run.losses)
    const candidate = curvesOf('run', length.log(change === null ? trained : change(trained)))
    const references = baselines.map((baseline) => referenceOf(baseline, length))
    const alert = baselineAlert('run', compareRuns(candidate, references).compared, SETTINGS, '')
    if (options.verbose && change === null && alert !== null) process.stdout.write(`${run.name}: ${alert.headline}\n`)
    return alert !== null
  })
  return `${worse.length} of ${pairs.length}`
}

/** The curves of a baseline, collected once for each length. */
function referenceOf(baseline, length) {
  let known = collected.get(length)
  if (known === undefined) {
    collected.clear()
    known = new Map()
    collected.set(length, known)
  }
  if (!known.has(baseline)) known.set(baseline, curvesOf(baseline.name, length.log(length.range(baseline.losses))))
  return known.get(baseline)
}

function curvesOf(run, { steps, values }) {
  const collector = new CurveCollector(run)
  for (let i = 0; i < values.length; i++) {
    const value = Number.isFinite(values[i]) ? values[i] : 'NaN'
    collector.add('log', {
      metric: 'loss',
      role: 'train_loss',
      attempt: 0,
      step: steps[i],
      value,
      offset: null,
      ordinal: i,
    })
  }
  return collector.curves()
}

function tableOf([head, ...rows]) {
  const all = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i].length)))
  return all
    .map(
      (row) =>
        `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |\n`,
    )
    .join('')
}
