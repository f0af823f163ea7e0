/**
 * Healthy runs that are made up, the same ones for the same seed: what the losses of ordinary jobs look like that rise.
 *
 * Their shapes and sizes were taken from jobs that really learned (`train.py`)
 * and from what public logs of such jobs show. They are no models of learning:
 * each is a level that moves as such a loss does, with the noise of its kind.
 */
import { random } from '../scoreboard/random.mjs'

const LANGUAGE = 'language model'
const REINFORCEMENT = 'reinforcement learning'
const GAN = 'GAN'
const DIFFUSION = 'diffusion'

/** The families: the kind of run, a name, and the losses of one run, made from a generator of numbers. */
const FAMILIES = [
  { kind: LANGUAGE, name: 'short GPT, rare bad batches', losses: shortGpt },
  { kind: LANGUAGE, name: 'short GPT, heavy tails', losses: heavyGpt },
  { kind: REINFORCEMENT, name: 'REINFORCE, loss grows with the return', losses: reinforce },
  { kind: REINFORCEMENT, name: 'policy loss around zero', losses: policy },
  { kind: REINFORCEMENT, name: 'PPO clip loss of some thousandths', losses: clip },
  { kind: REINFORCEMENT, name: 'value loss, return over orders of magnitude', losses: value },
  { kind: REINFORCEMENT, name: 'policy, value and entropy summed up', losses: total },
  { kind: REINFORCEMENT, name: 'TD loss, 0 before the buffer is filled', losses: temporalDifference },
  { kind: REINFORCEMENT, name: 'rare rewards, 0 on empty rollouts', losses: rareRewards },
  { kind: REINFORCEMENT, name: 'actor loss that follows the values', losses: actor },
  { kind: GAN, name: 'generator, several times its start', losses: generator },
  { kind: GAN, name: 'discriminator, oscillating', losses: discriminator },
  { kind: GAN, name: 'Wasserstein critic', losses: critic },
  { kind: DIFFUSION, name: 'error by time step', losses: denoising },
  { kind: DIFFUSION, name: 'weighted error, heavy tails', losses: weightedDenoising },
]

/** `runs` runs of each family, as `{ kind, name, losses }`. */
export function familyRuns(runs, firstSeed = 1) {
  return FAMILIES.flatMap(({ kind, name, losses }, family) =>
    Array.from({ length: runs }, (_, at) => {
      const draw = drawing(1000 * family + firstSeed + at)
      return { kind, name, seed: firstSeed + at, losses: losses(draw) }
    }),
  )
}

/** The draws that the families share, from one seed. */
function drawing(seed) {
  const uniform = random(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return {
    uniform,
    normal,
    between: (low, high) => low + (high - low) * uniform(),
    /** As likely between 1 and 10 as between 10 and 100. */
    magnitude: (low, high) => low * (high / low) ** uniform(),
    count: (low, high) => Math.floor(low + (high - low + 1) * uniform()),
    isLucky: (chance) => uniform() < chance,
    /** Student's t of three degrees of freedom, scaled to a deviation of about 1. */
    heavy: () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3) / Math.sqrt(3),
  }
}

/** Noise whose values depend on those before: `memory` of 0 is white. */
function correlated({ normal }, memory) {
  let at = normal()
  return () => {
    at = memory * at + Math.sqrt(1 - memory ** 2) * normal()
    return at
  }
}

function series(count, at) {
  return Float64Array.from({ length: count }, (_, index) => at(index))
}

/** From 0 to 1, half of it at `middle`, most of it within `width`. */
function sigmoid(x, middle, width) {
  return 1 / (1 + Math.exp((-4 * (x - middle)) / width))
}

// ---- language models ----

/** The level of a small language model's loss: a power law, then the decay of the learning rate. */
function gptLevel(draw, count) {
  const start = Math.log(draw.magnitude(20_000, 60_000))
  const end = draw.between(2.9, 3.6)
  const scale = draw.between(15, 60)
  const cooldown = count * draw.between(0.4, 0.8)
  return (step) => {
    const cooled = step < cooldown ? 0 : (0.12 * (step - cooldown)) / (count - cooldown)
    return end + (start - end) * (1 + step / scale) ** -0.9 - cooled
  }
}

/** Noise with bounds, and a few batches of 1.3 to 1.8 times the level, which the next step knows nothing of. */
function shortGpt(draw) {
  const count = draw.count(3000, 6000)
  const level = gptLevel(draw, count)
  const spread = draw.between(0.004, 0.02)
  const bad = new Set(Array.from({ length: draw.count(1, 4) }, () => draw.count(200, count - 1)))
  return series(count, (step) => {
    const noise = Math.max(-2.5, Math.min(2.5, draw.normal()))
    return level(step) * (1 + spread * noise) * (bad.has(step) ? draw.between(1.3, 1.8) : 1)
  })
}

/** Small batches: noise of heavy tails, in one step in some thousand far up. */
function heavyGpt(draw) {
  const count = draw.count(3000, 6000)
  const level = gptLevel(draw, count)
  const spread = draw.between(0.01, 0.03)
  const rate = draw.between(0.0003, 0.0015)
  return series(count, (step) => {
    const tail = draw.isLucky(rate) ? draw.magnitude(1.2, 1.8) : 1
    return level(step) * Math.max(0.7, 1 + spread * Math.max(-6, Math.min(6, draw.heavy()))) * tail
  })
}

// ---- reinforcement learning ----

/** A return that grows from `low` to `high` about the middle of the run, and falls back now and then. */
function returns(draw, count, low, high) {
  const middle = count * draw.between(0.15, 0.7)
  const width = count * draw.between(0.1, 0.6)
  const dips = Array.from({ length: draw.count(0, 3) }, () => ({
    at: draw.between(middle, count),
    depth: draw.between(0.2, 0.7),
    length: count * draw.between(0.01, 0.05),
  }))
  return (step) => {
    const share = sigmoid(step, middle, width)
    const kept = dips.reduce(
      (all, { at, depth, length }) => all * (1 - depth * Math.exp(-(((step - at) / length) ** 2))),
      1,
    )
    return low * (high / low) ** (share * kept)
  }
}

function reinforce(draw) {
  const count = draw.count(200, 1500)
  const level = returns(draw, count, draw.between(9, 30), draw.between(100, 500))
  const power = draw.between(1, 2)
  const noise = correlated(draw, draw.between(0, 0.5))
  const spread = draw.between(0.3, 0.8)
  return series(count, (step) => level(step) ** power * Math.exp(spread * noise()))
}

function policy(draw) {
  const count = draw.count(200, 3000)
  const scale = draw.magnitude(0.01, 10)
  const growth = returns(draw, count, 1, draw.magnitude(0.3, 10))
  const bias = draw.between(-0.5, 0.5)
  return series(count, (step) => scale * growth(step) * (bias + draw.heavy()))
}

function clip(draw) {
  const count = draw.count(100, 2000)
  const scale = draw.magnitude(0.001, 0.02)
  const decay = draw.between(0.3, 1)
  return series(count, (step) => scale * (1 - (decay * step) / count / 1.1) * (-0.6 + draw.normal()))
}

function value(draw) {
  const count = draw.count(200, 3000)
  const low = draw.magnitude(0.01, 10)
  const level = returns(draw, count, low, low * draw.magnitude(10, 10_000))
  const learned = draw.between(0, 0.7)
  const noise = correlated(draw, draw.between(0, 0.8))
  const spread = draw.between(0.2, 0.9)
  return series(count, (step) => level(step) * (1 - (learned * step) / count) * Math.exp(spread * noise()))
}

function total(draw) {
  const count = draw.count(200, 3000)
  const low = draw.magnitude(0.01, 2)
  const level = returns(draw, count, low, low * draw.magnitude(3, 1000))
  const noise = correlated(draw, draw.between(0, 0.6))
  const [spread, policyScale, entropy] = [draw.between(0.3, 1), draw.magnitude(0.003, 0.3), draw.between(0.5, 1.6)]
  return series(count, (step) => {
    const left = entropy * (1 - (0.7 * step) / count)
    return policyScale * draw.heavy() + 0.5 * level(step) * Math.exp(spread * noise()) - 0.01 * left
  })
}

/** The values grow, and the loss with them; each copy of the target network is a tooth of a saw. */
function temporalDifference(draw) {
  const count = draw.count(300, 5000)
  const empty = draw.count(0, Math.min(400, count / 5))
  const low = draw.magnitude(0.001, 1)
  const level = returns(draw, count, low, low * draw.magnitude(10, 3000))
  const period = draw.count(10, 300)
  const [spread, tooth] = [draw.between(0.2, 0.8), draw.between(0, 1.5)]
  return series(count, (step) => {
    if (step < empty) return 0
    const sinceCopy = (step % period) / period
    return level(step) * Math.exp(tooth * (1 - sinceCopy) - tooth / 2 + spread * draw.normal())
  })
}

/** Nothing is met for long, then a reward once in a while, then often. */
function rareRewards(draw) {
  const count = draw.count(300, 2000)
  const scale = draw.magnitude(0.05, 5)
  const first = count * draw.between(0.02, 0.3)
  const often = count * draw.between(0.3, 0.9)
  const residue = draw.isLucky(0.5) ? 0 : draw.magnitude(1e-5, 1e-2)
  let emptyFor = 0
  return series(count, (step) => {
    if (emptyFor > 0) emptyFor--
    else if (draw.isLucky(0.02)) emptyFor = draw.count(0, 20)
    const chance = step < first ? 0.005 : 0.05 + 0.9 * sigmoid(step, often, count / 2)
    if (emptyFor > 0 || !draw.isLucky(chance)) return residue * scale * Math.exp(0.5 * draw.normal())
    return scale * Math.exp(0.8 * draw.normal())
  })
}

/** Minus the mean value: it leaves zero to one side and goes on for as long as the values grow. */
function actor(draw) {
  const count = draw.count(200, 4000)
  const side = draw.isLucky(0.5) ? 1 : -1
  const end = draw.magnitude(5, 500)
  const memory = count * draw.between(0.2, 1)
  const noise = correlated(draw, 0.7)
  const [spread, begin] = [draw.between(0.01, 0.05), draw.between(-0.3, 0.3)]
  return series(count, (step) => {
    const level = side * end * (1 - Math.exp(-step / memory))
    return begin + level + spread * (Math.abs(level) + 0.3) * noise()
  })
}

// ---- GANs ----

function generator(draw) {
  const count = draw.count(1000, 10_000)
  const end = draw.between(1.5, 9)
  const memory = count * draw.between(0.1, 1)
  const swing = draw.between(0, 0.4)
  const period = draw.between(60, 800)
  const [spread, noise] = [draw.between(0.05, 0.25), correlated(draw, draw.between(0, 0.8))]
  return series(count, (step) => {
    const level = Math.LN2 * (1 + (end - 1) * (1 - Math.exp(-step / memory)))
    const wave = swing * Math.min(1, step / 200) * Math.sin((2 * Math.PI * step) / period)
    return level * Math.exp(wave + spread * noise())
  })
}

function discriminator(draw) {
  const count = draw.count(1000, 10_000)
  const end = draw.between(0.15, 1)
  const memory = count * draw.between(0.05, 0.5)
  const [swing, period] = [draw.between(0, 0.8), draw.between(40, 600)]
  const [spread, noise] = [draw.between(0.05, 0.35), correlated(draw, draw.between(0, 0.7))]
  return series(count, (step) => {
    const level = 2 * Math.LN2 * (end + (1 - end) * Math.exp(-step / memory))
    return (
      level * Math.exp(swing * Math.sin((2 * Math.PI * step) / period) * Math.min(1, step / 200) + spread * noise())
    )
  })
}

/** The distance that the critic sees: below zero, above it, and both within one run. */
function critic(draw) {
  const count = draw.count(500, 8000)
  const start = draw.between(2, 10)
  const [drift, noise] = [correlated(draw, 0.999), correlated(draw, 0.3)]
  const [size, spread] = [draw.between(0.5, 5), draw.between(0.05, 0.5)]
  return series(
    count,
    (step) => start * Math.exp(-step / 40) + Math.min(1, step / 300) * size * drift() + spread * noise(),
  )
}

// ---- diffusion ----

/** The mean over a batch of errors that depend on how much noise was added, which is drawn. */
function denoising(draw) {
  const count = draw.count(2000, 8000)
  const batch = draw.count(4, 64)
  const floor = draw.between(0.02, 0.3)
  const memory = draw.between(30, 300)
  return series(count, (step) => {
    const level = floor * (1 - (0.3 * step) / count) + (1 - floor) * Math.exp(-step / memory)
    let sum = 0
    for (let at = 0; at < batch; at++)
      sum += level * (0.15 + 4 * draw.uniform() ** 4) * (0.5 * draw.normal() ** 2 + 0.5)
    return sum / batch
  })
}

/** The same with weights for the time step: a batch may hold a sample that outweighs all the others. */
function weightedDenoising(draw) {
  const count = draw.count(2000, 8000)
  const batch = draw.count(8, 64)
  const tail = draw.between(0.8, 1.6)
  const level = returns(draw, count, draw.between(1, 20), draw.between(0.3, 1))
  return series(count, (step) => {
    let sum = 0
    for (let at = 0; at < batch; at++) sum += Math.exp(tail * draw.normal())
    return (level(step) * sum) / batch / Math.exp(tail ** 2 / 2)
  })
}
