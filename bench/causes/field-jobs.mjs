// Jobs as they run in the field: a sound one under the conditions of the draw, a fault in it, and its training.
import { drawnConditions } from './conditions.mjs'
import { normal, problem, weightsAtStart } from './data.mjs'
import { LOST_UPPER } from './faults.mjs'
import { lossesOfLogits } from './losses.mjs'
import { random } from './model.mjs'
import { lossOf, SOUND, train } from './training.mjs'

const STEPS = 40
const ROWS = [8, 16, 32]
const CLASSES = [3, 5, 10]
const MOST_TRIES = 60
/** How far a loss may be from the one that is meant, as a share: half precision rounds it by so much. */
const TOLERANCE = 0.01

/**
 * The job that a seed gives for a fault: what was changed, its steps, and the causes that are right and those that are true.
 *
 * Seeds are tried until the training does what the fault says: a softmax may never underflow. Null where none does.
 */
export function fieldJob(fault, seed) {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const job = drawnJob(fault, random(seed * 1009 + attempt))
    const steps = train(job)
    if (!shows(fault, job, steps)) continue
    const right = [...job.right, ...rivalsOf(job, steps)]
    return { ...job, right, canBeKnown: canBeKnown(job, steps), steps, seed }
  }
  return null
}

function drawnJob(fault, next) {
  const pick = (list) => list[Math.floor(list.length * next())]
  const conditions = drawnConditions({ next, fault })
  const { set } = conditions
  const head = set.head ?? pick(fault.heads)
  const k = head === 'sigmoid' ? 1 : pick(CLASSES)
  const data = problem(next, head, k)
  const n = pick(ROWS)
  const terms = set.term === null ? [] : [{ kind: termFor(head, set.term), strength: 0.01 + 0.04 * next() }]
  const classWeights =
    set.weights === 'classes' && head !== 'labels'
      ? Array.from({ length: Math.max(2, k) }, () => 0.5 + 3 * next())
      : null
  const config = { ...SOUND, head, k, dtype: pick(fault.types), terms, ignoredLabel: set.ignoredLabel, classWeights }
  const drawn = () => {
    const batch = data.batch(n)
    const labels = batch.labels.map((y) => (set.ignoredLabel !== null && next() < 0.2 ? set.ignoredLabel : y))
    const hasWeights = set.weights !== null && classWeights === null
    return { ...batch, labels, ...(hasWeights && { rowWeights: labels.map(() => Math.exp(0.5 * normal(next))) }) }
  }
  const batches = Array.from({ length: STEPS }, drawn)
  const heldOut = Array.from({ length: STEPS }, drawn)
  const failsAt = 12 + Math.floor(16 * next())
  const dumps = next() < 0.5 ? 'probs' : 'logits'
  const made = fault.make({ problem: data, config, batches, failsAt, next, dumps })
  // What looks odd in a healthy job is meant.
  const faulty = { config: { ...config, ...made.config }, batches: made.batches ?? batches }
  return {
    dumps,
    failsAt,
    ...made,
    ...faulty,
    heldOut,
    evaluation: made.evaluation ?? {},
    sound: made.sound ?? { config, batches: fault.number === 0 ? faulty.batches : batches },
    conditions,
    weightsAtStart: weightsAtStart(next, k),
    right: fault.number === 0 ? [] : [fault.number, ...(made.also ?? [])],
    isTrue: [...(made.true ?? []), ...trueOf(set)],
    fault,
  }
}

/** Losses by hand with the causes that would be named for them, given the loss that fails. */
const BY_HAND = [
  { clip: () => null, causes: (failed) => [Number.isNaN(failed) ? 2 : 1] },
  { clip: ({ dtype }) => LOST_UPPER[dtype], heads: ['sigmoid', 'labels'], causes: () => [3] },
  { clip: () => 1e-8, types: ['float16'], causes: () => [4] },
]

/** Other causes of a failing logarithm that report the same at every step until then, so that no log can tell which it is. */
function rivalsOf(job, steps) {
  const { config, dumps, right } = job
  const last = steps.findIndex(({ loss }) => !Number.isFinite(loss))
  if (config.criterion !== 'log' || last === -1) return []
  const isSame = (changed) =>
    steps.slice(0, last + 1).every(({ logits, weights, batch, loss }) => {
      const other = lossOf({ ...config, ...changed }, logits, batch, weights).loss
      return Object.is(other, loss) || Math.abs(other - loss) <= TOLERANCE * Math.abs(loss)
    })
  const failed = steps[last].loss
  const ways = BY_HAND.filter(
    ({ heads = [config.head], types = [config.dtype] }) => heads.includes(config.head) && types.includes(config.dtype),
  )
  const activation = config.head === 'softmax' ? 'softmax' : 'sigmoid'
  const found = ways.flatMap(({ clip, causes }) =>
    [true, false].some((multiplies) => isSame({ activation, multiplies, clip: clip(config) })) ? causes(failed) : [],
  )
  const isOfLogits = dumps === 'logits'
  const isNaive =
    isOfLogits && [true, false].some((multiplies) => isSame({ activation: 'naive', multiplies, clip: null }))
  const hasNoGuard = isOfLogits && found.some((number) => number <= 2)
  return [...found, ...(isNaive && config.head === 'softmax' ? [5] : []), ...(hasNoGuard ? [6] : [])].filter(
    (number) => !right.includes(number),
  )
}

/** These show in the labels or in the probabilities alone, whatever the loss is. */
const SHOW_IN_ROWS = [11, 12, 36]
/** These show in the course of the losses and gradients. */
const SHOW_IN_COURSE = [24, 28, 34]

/** Whether what is written down of a job can show its cause: the batch that failed is there, or the loss of the rows that are. */
function canBeKnown({ fault: { number, shows }, conditions: { set }, hidesParts, logsWeights, config }, steps) {
  if (SHOW_IN_COURSE.includes(number)) return true
  if (number === 29) return logsWeights && !set.isHeldOut
  if (number === 33) return !hidesParts
  if (shows === 'fails') {
    const first = steps.findIndex(({ loss }) => !Number.isFinite(loss))
    return !set.isHeldOut && (first % set.every === 0 || set.dumpsFailures)
  }
  if (SHOW_IN_ROWS.includes(number) && config.head !== 'labels') return true
  return set.share === 1 && (!set.isHeldOut || set.logsHeldLoss)
}

/** What the conditions themselves make true of a job, and harmless. */
function trueOf({ weights, share, term }) {
  return [...(weights === null ? [] : [21]), ...(share === 1 ? [] : [38, 21]), ...(term === null ? [] : [20])]
}

/** An entropy is one of a softmax here. */
function termFor(head, kind) {
  return head !== 'softmax' && (kind === 'entropy' || kind === 'kl') ? 'aux' : kind
}

function shows({ shows }, { failsAt }, steps) {
  const first = steps.findIndex(({ loss }) => !Number.isFinite(loss))
  switch (shows) {
    case 'fails':
      return first >= failsAt
    case 'gradient': {
      const gradient = steps.findIndex(({ gradientNorm }) => !Number.isFinite(gradientNorm))
      return gradient >= failsAt && first === gradient + 1
    }
    case 'perplexity':
      return first === -1 && steps.some(({ loss }) => !Number.isFinite(Math.exp(loss)))
    case 'differs':
      return first === -1 && steps.filter(isMeant).length < STEPS / 4
    case 'held':
      return (
        first === -1 && steps.every(isMeant) && steps.filter(({ held }) => held !== null && isMeant(held)).length < 3
      )
    case 'holds':
      return first === -1 && steps.every(isMeant) && steps.slice(4).every((step) => isCalm(step, steps[0]))
    default:
      throw new RangeError(`no way to show a fault: ${shows}`)
  }
}

/** A row that is given less of a chance than e⁻⁸ is a sign of something, though its loss is finite. */
const SURELY_WRONG_NATS = 8

function isCalm({ loss, logits, batch: { labels } }, first) {
  if (loss > 1.2 * first.loss) return false
  if (labels.some(Array.isArray)) return true
  const counted = labels.flatMap((label, i) => (label < 0 ? [] : [i]))
  const losses = lossesOfLogits(
    counted.map((i) => logits[i]),
    counted.map((i) => labels[i]),
  )
  return losses.every((nats) => nats < SURELY_WRONG_NATS)
}

/** Whether a step reports the loss that its job means. */
export function isMeant({ loss, meant }) {
  return Number.isFinite(loss) && Math.abs(loss - meant) <= TOLERANCE * Math.max(0.05, Math.abs(meant))
}
