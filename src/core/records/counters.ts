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
  | { readonly kind: 'metric'; readonly role: Role }

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
]
const LIKELY_STEPS = [
  'steps',
  'it',
  'itr',
  'batch',
  'batch idx',
  'batch index',
  'batch num',
  'minibatch',
  's',
  'up',
  'timesteps',
  'num timesteps',
  'total timesteps',
  'time total timesteps',
  'timestep',
  'batch id',
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
  'episode',
]
const EPOCHS = [
  'epoch',
  'ep',
  'current epoch',
  'epoch num',
  'epoch idx',
  'epoch index',
  'epoch id',
  'epoch no',
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
    { kind: 'step', rank, isCertain: rank < CERTAIN_STEPS.length },
  ]),
  ...EPOCHS.map((name): [string, Field] => [name, { kind: 'epoch' }]),
])

/** The counter that the words of a name mean, those of training left out; null for any other name. */
export function stepOrEpochOf(words: readonly string[]): Field | null {
  return COUNTERS.get(words.filter((word) => !isTrainingWord(word)).join(' ')) ?? null
}

/** Whether the words of a name mean a time. */
export function isTime(words: readonly string[]): boolean {
  return TIMES.has(words.join(' '))
}
