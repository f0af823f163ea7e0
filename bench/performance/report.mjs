// The table of all figures, for a terminal and for docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { markdownTable } from '../markdown-table.mjs'
import { median } from '../spread.mjs'
import { rounded } from './figures.mjs'

const BEGIN = '<!-- begin measured: npm run bench -- --write writes what stands here -->'
const END = '<!-- end measured -->'
const HEAD = ['Work', 'Beside', 'Goal', 'Median', 'Spread', 'nanwatch', 'The other', 'Met']
const TEXT_COLUMNS = 2

/** A figure as a program takes it. */
export function plain({ goal, values, ...figure }) {
  const value = values.length === 0 ? null : median(values)
  return {
    ...figure,
    values,
    median: value,
    goal: goal?.text ?? null,
    isMet: goal === null ? null : isMet(goal, value),
  }
}

function isMet(goal, value) {
  return value !== null && goal.isMet(value)
}

/** The table in Markdown, with what is to be said of single rows below it. */
export function tableOf(figures) {
  const notes = figures.flatMap(({ work, beside, skipped, note }) =>
    [skipped && `not measured: ${skipped}`, note].filter(Boolean).map((text) => `- ${joined(work, beside)}: ${text}.`),
  )
  return [markdownTable(HEAD, figures.map(cells), TEXT_COLUMNS), ...(notes.length > 0 ? [notes.join('\n')] : [])].join(
    '\n\n',
  )
}

function joined(work, beside) {
  return beside === '' ? work : `${work}, ${beside}`
}

function cells({ work, beside, goal, unit, values, own, peer }) {
  const goalText = goal === null ? '–' : `${goal.text} ${unit}`
  if (values.length === 0) return [work, beside, goalText, '–', '–', '–', '–', '–']
  const value = median(values)
  const spread = values.length < 2 ? '–' : `${rounded(Math.min(...values))}–${rounded(Math.max(...values))}`
  const met = goal === null ? '–' : isMet(goal, value) ? 'yes' : 'no'
  return [work, beside, goalText, `${rounded(value)} ${unit}`, spread, own ?? '–', peer ?? '–', met]
}

/** What it was measured on, and how. */
export function settingOf({ rounds, megabytes, before, python, installed, loadBefore }) {
  const peers = installed.size === 0 ? '' : `; beside them ${[...installed].sort().join(', ')}`
  const load = [loadBefore, loadavg()[0]].map((value) => value.toFixed(1)).join(' to ')
  return {
    machine: `${cpus().length} cores of ${cpus()[0].model}, Linux ${release()}, Node ${process.version}, Python ${python}${peers}`,
    size: `logs of ${megabytes} MB, ${rounds === 1 ? 'one round' : `${rounds} rounds`}, the other build is of ${before}`,
    load: `load ${load}`,
    day: new Date().toISOString().slice(0, 10),
  }
}

/** Puts the table and its setting between the marks of a page. */
export function writeInto(page, figures, { machine, size, load, day }) {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from === -1 || to < from) throw new Error(`${page}: the marks "${BEGIN}" and "${END}" are not there`)
  const part = `${tableOf(figures)}\n\nMeasured on ${day}: ${machine}; ${load}. ${size[0].toUpperCase()}${size.slice(1)}.`
  writeFileSync(page, `${text.slice(0, from)}${BEGIN}\n\n${part}\n\n${text.slice(to)}`)
}
