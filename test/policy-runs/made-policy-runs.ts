/**
 * Runs of reinforcement learning as their trainers log them, made from a seed: one record a step, with a reward, an
 * entropy, a divergence, a length and losses of either sign.
 *
 * Each kind changes one of these and leaves the others healthy. Level, noise,
 * length, onset and pace differ from seed to seed, and so do the names.
 */
import { noise } from '../core/detect/noise.ts'

export const HEALTHY_KINDS = [
  'plain',
  'entropy falls over the whole run',
  'certain at last, with the reward at its best',
  'entropy rises and comes back',
  'entropy of continuous actions',
  'divergence around 0',
  'divergence grows from 0',
  'divergence of a sequence up to its target',
  'divergence with spikes, stopped early',
  'rare rewards, none at first',
  'solved: the highest reward each time',
  'return over orders of magnitude',
  'longer and longer reasoning',
  'half as long, once it stops rambling',
  'ever more groups without spread',
] as const

export const FAULTY_KINDS = [
  'entropy collapse',
  'KL blow-up',
  'no reward ever',
  'reward stuck',
  'groups without spread',
  'length collapse',
  'length explosion',
  'length at its cap',
  'KL blow-up as slow as the rest of the run',
] as const

export type PolicyKind = (typeof HEALTHY_KINDS | typeof FAULTY_KINDS)[number]

interface Draws {
  uniform(): number
  normal(): number
  between(low: number, high: number): number
  /** As likely between 1 and 10 as between 10 and 100. */
  magnitude(low: number, high: number): number
}

interface Values {
  readonly loss: number
  readonly valueLoss: number
  readonly reward: number
  readonly entropy: number
  readonly kl: number
  readonly length: number
  readonly clipFraction: number
  readonly zeroStd: number
}

type Name = keyof Values

/** What trainers call these values; null for one that they do not log. */
const NAMES: readonly Readonly<Record<Name, string | null>>[] = [
  {
    ...{ loss: 'loss', valueLoss: null, reward: 'reward', entropy: 'entropy', kl: 'kl' },
    ...{ length: 'completions/mean_length', clipFraction: 'clip_ratio/region_mean', zeroStd: 'frac_reward_zero_std' },
  },
  {
    ...{ loss: 'actor/pg_loss', valueLoss: 'critic/vf_loss', reward: 'critic/rewards/mean', entropy: 'actor/entropy' },
    ...{ kl: 'actor/ppo_kl', length: 'response_length/mean', clipFraction: 'actor/pg_clipfrac' },
    zeroStd: 'frac_zero_std',
  },
  {
    ...{ loss: 'loss/policy_avg', valueLoss: 'loss/value_avg', reward: 'objective/scores' },
    ...{ entropy: 'policy/entropy_avg', kl: 'objective/kl', length: 'response_length' },
    ...{ clipFraction: 'policy/clipfrac_avg', zeroStd: 'zero_std_ratio' },
  },
]

/** The log of such a run, as JSON lines. The same seed gives the same log. */
export function policyLog(kind: PolicyKind, seed: number): string {
  const draws = drawsOf(1000 * [...HEALTHY_KINDS, ...FAULTY_KINDS].indexOf(kind) + seed)
  const names = NAMES[seed % NAMES.length]!
  const digits = draws.uniform() < 0.3 ? 3 : 12
  const valuesAt = courseOf(kind, draws)
  const lines = Array.from({ length: valuesAt.count }, (_, at) => {
    const values = valuesAt.at(at)
    const record: Record<string, number> = { step: 5 * at }
    for (const [name, value] of Object.entries(values)) {
      const metric = names[name as Name]
      if (metric !== null) record[metric] = Number(value.toFixed(digits))
    }
    return JSON.stringify(record)
  })
  return `${lines.join('\n')}\n`
}

interface Course {
  readonly count: number
  at(index: number): Values
}

function courseOf(kind: PolicyKind, draws: Draws): Course {
  const { between, magnitude, normal, uniform } = draws
  const count = Math.round(magnitude(100, 1200))
  const onset = Math.max(32, Math.round(count * between(0.2, 0.6)))
  const width = Math.max(1, count * magnitude(0.01, 0.1))
  const [spread, low] = [between(0.03, 0.15), between(0.003, 0.03)]
  const noisy = (level: number, share = spread) => level * Math.exp(share * normal())
  const [entropy, entropyEnd] = [magnitude(0.2, 4), between(0.15, 0.7)]
  const [kl, klGrowth] = [magnitude(0.005, 0.05), between(1, 3)]
  const [length, lengthGrowth] = [magnitude(60, 1500), between(0.8, 2.5)]
  const [rewardFrom, rewardTo] = [between(-2, 0.3), between(0.4, 3)]
  const far = magnitude(30, 1000)
  const direction = uniform() < 0.5 ? 1 : -1
  const cap = length * between(2, 5)
  const rare = between(0.1, 0.3) * count
  let stuck: number | null = null
  /** From 0 to 1 from the onset on. */
  const since = (at: number) => (at < onset ? 0 : 1 - Math.exp(-(at - onset) / width))

  const healthyAt = (at: number): Values => {
    const share = at / count
    const learned = 1 - Math.exp(-3 * share)
    return {
      loss: 0.02 * normal(),
      valueLoss: noisy(0.1 * (1 + 20 * share), 0.5),
      reward: rewardFrom + (rewardTo - rewardFrom) * learned + 0.15 * normal(),
      entropy: noisy(entropy * (1 - (1 - entropyEnd) * share)),
      kl: noisy(kl * klGrowth ** share, 0.4),
      length: noisy(length * lengthGrowth ** share, 0.6 * spread),
      clipFraction: noisy(0.1, 0.3),
      zeroStd: Math.min(0.8, Math.max(0, 0.2 + 0.3 * share + 0.1 * normal())),
    }
  }
  const changed: Readonly<Record<PolicyKind, (at: number, healthy: Values) => Partial<Values>>> = {
    plain: () => ({}),
    'entropy falls over the whole run': (at) => ({
      entropy: noisy(entropy * (direction > 0 ? 1 - (0.97 * at) / count : Math.exp((-3.2 * at) / count))),
    }),
    'certain at last, with the reward at its best': (at) => ({
      entropy: noisy(entropy * Math.exp((-5 * at) / count)),
      reward: (rewardTo - rewardFrom) * (1 - Math.exp((-6 * at) / count)) + 0.01 * normal(),
    }),
    'entropy rises and comes back': (at) => ({ entropy: noisy(entropy * (1 + 8 * Math.sin((3.1 * at) / count) ** 2)) }),
    'entropy of continuous actions': (at) => ({
      entropy: direction * 6 * (1.4189 - between(2.5, 2.6) * (at / count)) + 0.01 * normal(),
    }),
    'divergence around 0': () => ({ kl: 0.02 * normal() * (uniform() < 0.03 ? 5 : 1) }),
    'divergence grows from 0': (at) => ({ kl: noisy(2 * kl * (at / count) ** between(1, 1.02) * 10, 0.3) }),
    'divergence of a sequence up to its target': (at) => ({
      kl: noisy((3 + 4 * entropyEnd) * (1 - Math.exp((-10 * at) / count)), 0.2) + 0.02 * normal(),
    }),
    'divergence with spikes, stopped early': () => ({
      kl: uniform() < 0.02 ? 20 * kl : Math.min(0.03, noisy(0.012, 0.6)),
    }),
    'rare rewards, none at first': (at, { reward }) => ({
      reward: at < Math.min(rare, 150) || uniform() < 0.6 - at / count ? 0 : Math.abs(reward),
    }),
    'solved: the highest reward each time': (at, { reward }) => (at < onset ? { reward } : { reward: rewardTo + 1 }),
    'return over orders of magnitude': (at) => ({
      reward: noisy(magnitude(9, 10) * 50 ** (1 / (1 + Math.exp((-8 * (at - onset)) / count))), 0.2),
      valueLoss: noisy(3000 ** (1 / (1 + Math.exp((-8 * (at - onset)) / count))), 0.6),
    }),
    'longer and longer reasoning': (at) => ({
      length: noisy(length * (5 + 12 * entropyEnd) ** (at / count), 0.6 * spread),
    }),
    'half as long, once it stops rambling': (at) => ({ length: noisy(length * (1 - 0.75 * since(at)), 0.6 * spread) }),
    'ever more groups without spread': (at) => ({
      zeroStd: Math.min(1, Math.max(0, 0.3 + (0.5 * at) / count + 0.06 * normal())),
    }),
    'entropy collapse': (at, healthy) => ({ entropy: noisy(healthy.entropy * (1 - (1 - low) * since(at))) }),
    'KL blow-up': (at, healthy) => ({ kl: noisy(healthy.kl + far * kl * since(at)) }),
    'no reward ever': () => ({ reward: direction > 0 ? 0 : -1 }),
    'reward stuck': (at, { reward }) => {
      if (at < onset) return { reward }
      stuck ??= Math.min(rewardFrom, 0) - (direction > 0 ? 0.5 : 0)
      return { reward: stuck }
    },
    'groups without spread': (at, { zeroStd }) => ({
      zeroStd: at < onset ? zeroStd : Math.min(1, 0.99 + 0.01 * normal()),
    }),
    'length collapse': (at, healthy) => ({ length: noisy(healthy.length * (1 - since(at)) + magnitude(0.5, 4)) }),
    'length explosion': (at, healthy) => ({ length: noisy(healthy.length * (1 + between(7, 8) * since(at))) }),
    'length at its cap': (at, healthy) => ({
      length: Math.min(cap, healthy.length + 2 * cap * since(at)) * (1 - 0.0005 * uniform()),
    }),
    'KL blow-up as slow as the rest of the run': (at, healthy) => {
      const share = Math.min(1, Math.max(0, (at - onset) / (0.8 * (count - onset))))
      return { kl: noisy(kl * (4 / kl) ** share, 0.25), reward: healthy.reward + (rewardFrom - rewardTo) * share }
    },
  }
  return { count, at: (index) => ({ ...healthyAt(index), ...changed[kind](index, healthyAt(index)) }) }
}

function drawsOf(seed: number): Draws {
  const normal = noise(seed)
  // The share of a normal distribution below a draw, by its logistic approximation.
  const uniform = () => 1 / (1 + Math.exp(-1.702 * normal()))
  return {
    normal,
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    magnitude: (low, high) => low * (high / low) ** uniform(),
  }
}
