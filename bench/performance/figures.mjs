// The figures of the table: several measurements of one thing beside another, and the goal that their median is held to.
import { median } from '../spread.mjs'

export const atLeast = (bound) => ({ bound, isMet: (value) => value >= bound, text: `≥ ${bound}` })
export const atMost = (bound) => ({ bound, isMet: (value) => value <= bound, text: `≤ ${bound}` })

/**
 * Measures sides of one comparison in turn, round for round, so that what else the machine does hits all of them alike.
 * Gives for each the list of what it said.
 */
export async function inTurn({ rounds, progress }, sides) {
  const names = Object.keys(sides)
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      progress(`round ${round + 1} of ${rounds}, ${name}`)
      taken[name].push(await sides[name](round))
    }
  }
  return taken
}

/** How many times as fast as a peer. */
export function speedFigure({ beside, goal = null, ours, theirs, unit = 's' }) {
  return {
    beside,
    goal,
    unit: '×',
    values: ours.map((own, round) => theirs[round] / own),
    ...sides(ours, theirs, unit),
  }
}

/** How many times what a peer takes. */
export function costFigure({ beside, goal = null, ours, theirs, unit = 's' }) {
  return {
    beside,
    goal,
    unit: '×',
    values: ours.map((own, round) => own / theirs[round]),
    ...sides(ours, theirs, unit),
  }
}

/** What something takes, beside nothing. */
export function plainFigure({ what, goal = null, values, unit }) {
  return { beside: what, goal, unit, values, own: null, peer: null }
}

/** A row that could not be measured here. */
export function skippedFigure(reason, beside = '') {
  return { beside, goal: null, values: [], skipped: reason }
}

function sides(ours, theirs, unit) {
  return { own: `${rounded(median(ours))} ${unit}`, peer: `${rounded(median(theirs))} ${unit}` }
}

/** Three digits that count. */
export function rounded(value) {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}
