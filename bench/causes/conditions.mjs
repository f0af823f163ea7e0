// What surrounds a job in the field: how its numbers are written down, and what its loss holds beside a plain cross-entropy.

/** Each condition by name: the parts of a draw that it sets, and for which faults it makes no sense. */
const CONDITIONS = {
  'rounded dump': { draw: (next) => ({ decimals: 3 + Math.floor(4 * next()) }) },
  'half-precision dump': { draw: (next) => ({ half: next() < 0.6 ? 'float16' : 'bfloat16' }) },
  'loss in another file': { draw: (next) => ({ isSeparate: true, isArchive: next() < 0.4 }) },
  'every Nth step': {
    draw: (next) => ({ every: [2, 4, 5][Math.floor(3 * next())], dumpsFailures: next() < 0.6, isSeparate: true }),
  },
  'part of the rows': { draw: () => ({ share: 0.5 }) },
  'weights in the record': {
    draw: (next) => ({ weights: weightKind(next), logsWeights: true }),
    not: [10, 21, 29, 35],
  },
  'weights not in it': { draw: (next) => ({ weights: weightKind(next), logsWeights: false }), not: [10, 21, 29, 35] },
  'ignored labels': {
    draw: (next) => ({ ignoredLabel: next() < 0.5 ? -100 : -1, head: 'softmax' }),
    not: [11, 12, 16, 29],
  },
  'several labels': { draw: () => ({ head: 'labels' }) },
  'validation beside training': {
    draw: (next) => ({ isHeldOut: true, isSeparate: next() < 0.6, logsHeldLoss: next() < 0.6 }),
    not: [37],
  },
  'added term': {
    draw: (next) => ({ term: ['l2', 'aux', 'entropy', 'kl'][Math.floor(4 * next())], logsParts: next() < 0.5 }),
    not: [16, 20, 24, 33],
  },
}

export const CONDITION_NAMES = Object.keys(CONDITIONS)

const BARE = {
  decimals: null,
  half: null,
  isSeparate: false,
  isArchive: false,
  every: 1,
  dumpsFailures: false,
  share: 1,
  weights: null,
  logsWeights: false,
  ignoredLabel: null,
  head: null,
  isHeldOut: false,
  logsHeldLoss: false,
  term: null,
  logsParts: true,
}

const weightKind = (next) => (next() < 0.5 ? 'classes' : 'rows')

/** These say the same thing in two ways. */
const RIVALS = [
  ['rounded dump', 'half-precision dump'],
  ['weights in the record', 'weights not in it'],
  ['ignored labels', 'several labels'],
  ['every Nth step', 'validation beside training'],
]

/** The share of the jobs with none, one, two and three of them. */
const HOW_MANY = [0.3, 0.4, 0.2, 0.1]

/** Draws none to three conditions that a job with this fault can have: their names, and what they set. */
export function drawnConditions({ next, fault }) {
  const possible = CONDITION_NAMES.filter((name) => {
    const { draw, not = [] } = CONDITIONS[name]
    const { head = null } = draw(() => 0)
    return !not.includes(fault.number) && (head === null || fault.heads.includes(head))
  })
  const isRival = (one, other) => one === other || RIVALS.some((pair) => pair.includes(one) && pair.includes(other))
  const names = []
  let rest = next()
  while (HOW_MANY.length > names.length && rest >= HOW_MANY[names.length]) {
    rest -= HOW_MANY[names.length]
    const left = possible.filter((name) => !names.some((other) => isRival(name, other)))
    names.push(left[Math.floor(left.length * next())])
  }
  return { names, set: Object.assign({}, BARE, ...names.map((name) => CONDITIONS[name].draw(next))) }
}
