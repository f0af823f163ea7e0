// The figures of the judged jobs of the field as tables, and the goals that they are held to.
import { codeOfNumber } from '../../build/core/causes/index.js'
import { markdownTable } from '../markdown-table.mjs'
import { CONDITION_NAMES } from './conditions.mjs'

const of = (part, all) => (all === 0 ? null : part / all)
const count = (jobs, is) => jobs.filter(is).length
const hasCause = ({ number }) => number !== 0
const isWrong = ({ wrong }) => wrong.length > 0

/** What some jobs came to: counts, and shares from 0 to 1 that are null where there is nothing to count. */
export function figuresOf(jobs) {
  const faulty = jobs.filter(hasCause)
  const known = faulty.filter(({ canBeKnown }) => canBeKnown)
  const healthy = jobs.filter((job) => !hasCause(job))
  const cures = jobs.flatMap((job) => job.cures).filter(({ isCured }) => isCured !== null)
  return {
    faulty: faulty.length,
    named: of(
      count(faulty, ({ isRight }) => isRight),
      faulty.length,
    ),
    namedOfKnown: of(
      count(known, ({ isRight }) => isRight),
      known.length,
    ),
    mentioned: of(
      count(faulty, ({ isWeak }) => isWeak),
      faulty.length,
    ),
    silent: of(
      count(faulty, ({ told }) => told.length === 0),
      faulty.length,
    ),
    jobs: jobs.length,
    wrong: of(count(jobs, isWrong), jobs.length),
    healthy: healthy.length,
    warned: of(
      count(healthy, ({ isWarned }) => isWarned),
      healthy.length,
    ),
    advised: of(count(healthy, isWrong), healthy.length),
    tried: cures.length,
    cured: of(
      count(cures, ({ isCured }) => isCured),
      cures.length,
    ),
  }
}

/** The goals: a name, the figure, its bound, and whether it is met. */
export function goalsOf(jobs) {
  const { named, wrong, warned, cured } = figuresOf(jobs)
  const atLeast = (name, figure, bound) => ({ name, figure, bound: `at least ${bound}`, isMet: figure >= bound })
  const atMost = (name, figure, bound) => ({ name, figure, bound: `at most ${bound}`, isMet: figure <= bound })
  return [
    atLeast('jobs with a cause: the right one is named at `likely` or more', named, 0.6),
    atMost('all jobs: wrong advice at `likely` or more', wrong, 0.01),
    atMost('healthy jobs: a warning', warned, 0),
    atLeast('`proven` and `strong`: the advised fix cures the job', cured, 0.9),
  ]
}

const COLUMNS = {
  faulty: 'Jobs with a cause',
  named: 'Named',
  namedOfKnown: 'Named, where it can be known',
  mentioned: 'Named, or a candidate',
  silent: 'Nothing said',
  jobs: 'All jobs',
  wrong: 'Wrong advice',
  healthy: 'Healthy jobs',
  warned: 'With a warning',
  tried: 'Fixes tried',
  cured: 'Cured',
}

/** What is counted, and no share. */
const COUNTS = ['faulty', 'jobs', 'healthy', 'tried']

/** The jobs under each condition by its name, those under none first and all of them last. */
export function byCondition(jobs) {
  return [
    ['none of these', jobs.filter(({ conditions }) => conditions.length === 0)],
    ...CONDITION_NAMES.map((name) => [name, jobs.filter(({ conditions }) => conditions.includes(name))]),
    ['**all**', jobs],
  ]
}

/** The jobs of each cause by its code. */
export function byCause(jobs) {
  const numbers = [...new Set(jobs.filter(hasCause).map(({ number }) => number))].sort((a, b) => a - b)
  return numbers.map((number) => [codeText(number), jobs.filter((job) => job.number === number)])
}

/** The code of a cause; its number alone where the build has none of that number. */
export function codeText(number) {
  try {
    return codeOfNumber(number)
  } catch {
    return `R${number}`
  }
}

/** A table of the figures `keys` of jobs by their names, with columns of others' figures before them. */
export function table(first, keys, rows, others = [], othersOf = () => []) {
  const cells = rows.map(([name, jobs]) => {
    const figures = figuresOf(jobs)
    return [name, ...othersOf(name), ...keys.map((key) => cellOf(figures[key], key))]
  })
  return markdownTable([first, ...others, ...keys.map((key) => COLUMNS[key])], cells)
}

function cellOf(figure, key) {
  if (figure === null) return '–'
  return COUNTS.includes(key) ? String(figure) : percent(figure)
}

/** A share as a person reads it. */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`
}
