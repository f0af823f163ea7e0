import type { Role } from '../../protocol/sample.ts'
import { isTrainingWord, wordSet } from './name-words.ts'

/** What the value under a name is for. */
export type Field =
  | {
      readonly kind: 'step'
      /** Of several step counters in one record the one of the lowest rank is the step. */
      readonly rank: number
      /** Whether the name alone proves a training log: `s` and `batch` do not. */
      readonly isCertain: boolean
    }
  | { readonly kind: 'epoch' }
  | { readonly kind: 'time' }
  | {
      readonly kind: 'metric'
      readonly role: Role
      /** The domain of a loss, `source loss` and `target loss`; not there for any other metric. */
      readonly domain?: 'source' | 'target'
    }

/** Step counters, the best first: a global one counts on where one in an epoch begins again. */
const CERTAIN_STEPS = [
  'global step',
  'step',
  'current steps',
  'current step',
  'completed step',
  'update step',
  'optimizer step',
  'opt step',
  'gradient step',
  'global iteration',
  'global iter',
  'iteration',
  'iter',
  'num updates',
  'update',
  'step num',
  'global step max steps',
  'cur step',
  'step idx',
  'step index',
  'current iter',
  'current iteration',
  'cur iter',
  'iter num',
  'iter idx',
  'iter id',
  'step no',
  'step number',
  'iter no',
  'iteration no',
  'iteration number',
  'it',
  'itr',
]
const LIKELY_STEPS = [
  'timesteps',
  'num timesteps',
  'total timesteps',
  'time total timesteps',
  // `Episode 12 steps 57` is how long the episode was.
  'episode',
  'episode num',
  'generation',
  'steps',
  'batch',
  'batch idx',
  'batch index',
  'batch num',
  'minibatch',
  's',
  'up',
  'timestep',
  'batch id',
  'batch no',
  'batch number',
  'mini batch',
  'iters',
  'itrs',
  'tot itrs',
  'tot iters',
  'total iter',
  'total iters',
  'cur itrs',
  'cur iters',
  'round',
]
/** Counters that only training logs use, though a better one may stand beside them. */
const CERTAIN = wordSet('episode generation round').add('episode num')
/** Who takes the steps of an algorithm that is no training by gradients, and counts as surely: `EM iter`. */
const ALGORITHMS = /^(?:em|vi|mcmc|sgd)$/
/** The last word of a counter that goes by who takes the steps: `n_iter`, `grad_step`, `env_steps`. */
const COUNTING = wordSet('step steps iter iters iteration iterations itr it')
/** Who takes them, or how they are counted. Behind any other word stands a metric, `dice_step`, or a setting. */
const TAKERS = wordSet(
  'n grad gradient gradients env environment gen generator dis disc discriminator d g policy actor critic agent learner optim ' +
    'optimizer opt sgd meta sim game frame mcmc em vi model cum cumulative absolute abs overall total current cur curr',
)
const EPOCHS = [
  'epoch',
  'ep',
  'current epoch',
  'epoch num',
  'epoch idx',
  'epoch index',
  'epoch id',
  'epoch no',
  'epoch number',
  'cur epoch',
  'global epoch',
]
const TIMES = wordSet('time timestamp ts walltime datetime date asctime')
  .add('wall time')
  .add('date time')
  .add('time ms')

/** The counters by their words, those of training left out. */
const COUNTERS: ReadonlyMap<string, Field> = new Map([
  ...[...CERTAIN_STEPS, ...LIKELY_STEPS].map((name, rank): [string, Field] => [
    name,
    { kind: 'step', rank, isCertain: rank < CERTAIN_STEPS.length || CERTAIN.has(name) },
  ]),
  ...EPOCHS.map((name): [string, Field] => [name, { kind: 'epoch' }]),
])

const TAKEN_STEPS: Field = { kind: 'step', rank: COUNTERS.size, isCertain: false }
const SURE_TAKEN_STEPS: Field = { kind: 'step', rank: COUNTERS.size, isCertain: true }

/** The counter that the words of a name mean, those of training left out; null for any other name. */
export function stepOrEpochOf(words: readonly string[]): Field | null {
  const own = words.filter((word) => !isTrainingWord(word))
  return (
    COUNTERS.get(own.join(' ')) ??
    COUNTERS.get(withoutGroup(own)) ??
    (isTaken(own) ? (ALGORITHMS.test(own[0]!) ? SURE_TAKEN_STEPS : TAKEN_STEPS) : null)
  )
}

/** The words of all steps of an environment without that of the table that they stand in: `misc/total_timesteps`. */
function withoutGroup(words: readonly string[]): string {
  const isGrouped =
    words.length === 3 && words[2] === 'timesteps' && !/^(?:config|args?|hparams|params|settings)$/.test(words[0]!)
  return isGrouped ? `${words[1]} timesteps` : ''
}

function isTaken(words: readonly string[]): boolean {
  const last = words.at(-1) ?? ''
  // The settings `n_steps` and `total_steps` are all there will be.
  const isSetting = /^(?:n|total|overall)$/.test(words[0]!) && /^(?:steps|iterations)$/.test(last) && words.length === 2
  return words.length > 1 && COUNTING.has(last) && !isSetting && words.slice(0, -1).every((word) => TAKERS.has(word))
}

/** Whether the words of a name mean a time. */
export function isTime(words: readonly string[]): boolean {
  return TIMES.has(words.join(' '))
}
