/**
 * Fine-tunes as a trainer logs them, made from a seed: a step, a loss, a learning rate and a gradient norm a record.
 *
 * Each kind has variants of its own in start, size of the vocabulary, noise,
 * schedule and pace, so no two seeds are alike in more than their kind.
 */
export interface MadeRecord {
  readonly step: number
  readonly loss: number
  readonly learning_rate: number
  readonly grad_norm: number
  readonly eval_loss?: number
}

export const HEALTHY_KINDS = [
  'healthy',
  'little to learn',
  'long warm-up from 0',
  'hump under warm-up',
  'one bad batch',
  'schedule ends at 0',
  'heavy tails',
  'calibrates its loss scale',
  'frozen group',
  'rate rounded to 0',
] as const

export const FAULTY_KINDS = ['hot', 'slowly hot', 'zero rate', 'overflow', 'underflow', 'over-fit'] as const

/** A kind that no log of losses can tell from a healthy one for certain. */
export const DOUBTFUL_KINDS = ['stuck'] as const

export type MadeKind = (typeof HEALTHY_KINDS | typeof FAULTY_KINDS | typeof DOUBTFUL_KINDS)[number]

export const SIZES = [20, 60, 300, 1000] as const

interface Draws {
  uniform(): number
  normal(): number
}

/** The noise, the levels and the schedule of one run. */
interface Plan {
  readonly count: number
  /** Optimizer steps between two records, over which the loss is a mean. */
  readonly every: number
  readonly start: number
  readonly floor: number
  /** What guessing costs: the logarithm of the vocabulary. */
  readonly guessing: number
  readonly spread: number
  readonly rate: number
  readonly norm: number
}

/** The records of a run of this kind. The same seed gives the same run. */
export function madeRun(kind: MadeKind, count: number, seed: number): MadeRecord[] {
  const draws = drawsOf(seed * 7919 + count)
  const plan = planOf(count, draws)
  return Array.from({ length: count }, (_, at) => {
    const record = recordOf(kind, plan, at / count, at, draws)
    const loss = Math.max(0, record.loss)
    return { step: (at + 1) * plan.every, ...record, loss }
  })
}

/**
 * The log of such a run: JSON lines as Python writes them. Where the learning rate is rounded, lines of text with four
 * decimals, for JSON has all digits.
 */
export function madeLog(kind: MadeKind, count: number, seed: number): string {
  const lines = madeRun(kind, count, seed).map(({ step, ...values }) => {
    if (kind !== 'rate rounded to 0')
      return JSON.stringify({ step, ...values, grad_norm: JSON_NAMES[values.grad_norm] ?? values.grad_norm })
    return `step ${step} loss ${values.loss.toFixed(4)} lr ${values.learning_rate.toFixed(4)}`
  })
  return `${lines.join('\n').replaceAll('"Infinity"', 'Infinity')}\n`
}

const JSON_NAMES: Readonly<Record<number, string>> = { [Infinity]: 'Infinity' }

function planOf(count: number, { uniform }: Draws): Plan {
  const start = 0.8 + 2.5 * uniform()
  return {
    count,
    every: [1, 5, 10, 25][Math.floor(4 * uniform())]!,
    start,
    floor: start * (0.5 + 0.3 * uniform()),
    guessing: Math.log(2000 + 120_000 * uniform()),
    spread: 0.015 + 0.085 * uniform(),
    rate: 10 ** (-5 + 1.5 * uniform()),
    norm: 0.3 + uniform(),
  }
}

type Made = Omit<MadeRecord, 'step'>

function recordOf(kind: MadeKind, plan: Plan, share: number, at: number, draws: Draws): Made {
  const { start, guessing, spread, rate, norm } = plan
  const noisy = (level: number, sigma = spread) => level * (1 + sigma * draws.normal())
  const learned = noisy(learning(plan, share))
  const schedule = rate * Math.min(1, (at + 1) / (0.06 * plan.count + 1)) * (1 - 0.9 * share)
  const normal: Made = { loss: learned, learning_rate: schedule, grad_norm: noisy(norm, 0.25) }
  switch (kind) {
    case 'healthy':
      return normal
    case 'little to learn':
      return { ...normal, loss: noisy(start * (1 - 0.03 * share)) }
    case 'long warm-up from 0': {
      const late = Math.max(0, share - 0.25) / 0.75
      return { ...normal, loss: noisy(learning(plan, late)), learning_rate: rate * Math.min(1, (at / plan.count) * 4) }
    }
    case 'hump under warm-up': {
      const hump = 0.45 * Math.exp(-(((share - 0.15) / 0.07) ** 2))
      return { ...normal, loss: learned * (1 + hump) }
    }
    case 'one bad batch':
      return { ...normal, loss: at === Math.floor(plan.count / 2) ? 1.9 * learned : learned }
    case 'schedule ends at 0':
      return { ...normal, learning_rate: rate * Math.max(0, 1 - 1.1 * share) }
    case 'heavy tails':
      return { ...normal, loss: learning(plan, share) * Math.exp(3 * spread * draws.normal()) }
    case 'calibrates its loss scale':
      return { ...normal, grad_norm: at < 2 ? Infinity : normal.grad_norm }
    case 'frozen group':
      return normal
    case 'rate rounded to 0':
      return { ...normal, learning_rate: 0 }
    case 'hot': {
      // Up within a few records, over a hump, and down to what guessing costs, where it stays.
      const from = Math.min(0.1 * plan.count, 6)
      if (at < from) return normal
      const since = at - from
      const level = guessing * (0.75 + 0.8 * Math.exp(-since / (2 + 0.03 * plan.count)))
      return {
        loss: noisy(level),
        learning_rate: 100 * schedule,
        grad_norm: noisy(20 * norm * Math.exp(-since / 10) + norm),
      }
    }
    case 'slowly hot': {
      const rise = Math.min(1, Math.max(0, (share - 0.2) / 0.4))
      return { ...normal, loss: noisy(learning(plan, Math.min(share, 0.2)) * (1 - rise) + guessing * rise) }
    }
    case 'zero rate':
      return { ...normal, loss: noisy(start), learning_rate: 0 }
    case 'overflow': {
      const from = Math.floor(0.15 * plan.count)
      if (at < from) return normal
      const gone = Math.min(1, (at - from + 1) / 4)
      const isInfinite = at === from + 1 || draws.uniform() < 0.03
      return {
        ...normal,
        loss: noisy(start + gone * (0.8 * guessing - start)),
        grad_norm: isInfinite ? Infinity : normal.grad_norm,
      }
    }
    case 'underflow':
      return { ...normal, loss: noisy(start), grad_norm: 0 }
    case 'over-fit': {
      const evaluation = at % Math.max(1, Math.floor(plan.count / 20)) === 0
      const turned = Math.max(0, share - 0.15)
      const heldOut = noisy(start * (0.9 + 2.2 * turned), 0.01)
      const fit = noisy(start * Math.exp(-6 * share) + 0.02)
      return { ...normal, loss: fit, ...(evaluation ? { eval_loss: heldOut } : {}) }
    }
    case 'stuck':
      return { ...normal, loss: noisy(start, Math.min(spread, 0.05)) }
  }
}

/** The level of a run that learns: quickly at first, and then ever more slowly. */
function learning({ start, floor }: Plan, share: number): number {
  return floor + (start - floor) * Math.exp(-4 * share)
}

/** Numbers that are the same whenever they are drawn, by the generator "mulberry32". */
function drawsOf(seed: number): Draws {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) }
}
