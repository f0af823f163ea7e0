const FIXED = [
  ['critical alarms per million points', ({ quiet }) => perMillion(quiet.critical, quiet.points)],
  ['warnings per million points', ({ quiet }) => perMillion(quiet.warning, quiet.points)],
  ['critical, curves near zero', ({ nearZero }) => perMillion(nearZero.critical, nearZero.points)],
  ['warnings, curves near zero', ({ nearZero }) => perMillion(nearZero.warning, nearZero.points)],
  ['healthy runs with any alarm', ({ alarmed, runs }) => `${alarmed.length} of ${runs}`],
  ['language models that end well, with a critical', ({ failures }) => failures.language.length],
]

/** Of curves near zero, where jumps of many times are usual, these say enough. */
const NEAR_ZERO = ['one step ×4', 'plateau ×2', '+2 % a step', 'NaN once']

const REAL = [
  ['non-finite runs, alarm at once', ({ failures: { nonFinite } }) => `${nonFinite.atOnce} of ${nonFinite.runs}`],
  [
    'warned before a late NaN',
    ({ failures: { nonFinite } }) => `${nonFinite.leads.length} of ${nonFinite.late}${leadText(nonFinite.leads)}`,
  ],
  ['exploded runs with any alarm', ({ failures: { named } }) => named.exploded.join(' of ')],
  [
    'exploded runs with a critical',
    ({ failures: { named, explodedCritical } }) => `${explodedCritical} of ${named.exploded[1]}`,
  ],
  ['runs stuck at ln K', ({ failures: { named } }) => named.stuck_at_chance.join(' of ')],
  ['million points a second on a core', ({ pointsPerSecond }) => (pointsPerSecond / 1e6).toFixed(2)],
]

/** The scores as one Markdown table: a row for each figure, a column for each rule. */
export function tableOf(scores) {
  const rows = [
    ...FIXED.map(([name, text]) => [name, ...scores.map(text)]),
    ...scores[0].faults.flatMap(({ name }, at) =>
      faultRows(
        name,
        scores.map(({ faults }) => faults[at]),
      ),
    ),
    ...scores[0].faultsNearZero.flatMap(({ name }, at) =>
      NEAR_ZERO.includes(name)
        ? faultRows(
            `near zero: ${name}`,
            scores.map(({ faultsNearZero }) => faultsNearZero[at]),
          )
        : [],
    ),
    ...REAL.map(([name, text]) => [name, ...scores.map(text)]),
  ]
  const head = ['', ...scores.map(({ name }) => name.replaceAll('|', '\\|'))]
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function perMillion(count, points) {
  return points === 0 ? '–' : ((count / points) * 1e6).toFixed(count === 0 ? 0 : 2)
}

/** A row for what is seen with any severity, and one for what is warned of where that differs. */
function faultRows(name, recalls) {
  const [seen, warned] = ['seen', 'warned'].map((sort) =>
    recalls.map((recall) => recallText(recall.injected, recall[sort])),
  )
  const isSame = seen.every((text, at) => text === warned[at])
  return isSame
    ? [[name, ...seen]]
    : [
        [`${name}: seen`, ...seen],
        [`${name}: warned`, ...warned],
      ]
}

function recallText(injected, { found, delay }) {
  return found === 0 ? '0' : `${(found / injected).toFixed(3)} @${delay}`
}

function leadText(leads) {
  return leads.length === 0 ? '' : `, ${leads.toSorted((a, b) => a - b)[leads.length >> 1]} points`
}
