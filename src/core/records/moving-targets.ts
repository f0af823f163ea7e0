import { phaseOfWords, wordSet } from './name-words.ts'

/**
 * What the name of a metric shows about the losses beside it: that their target moves, as that of reinforcement learning
 * (what is gained) and of a GAN (the other player). `policy` and `opponent` are enough alone; so is `episode`, be it what the
 * records count, but beside `labels`, for few-shot learning has episodes too. Of the others it takes two: `errD` may be any
 * error, and with `errG` beside it it is that of a player.
 */
export type TargetHint =
  | 'policy'
  | 'opponent'
  | 'player-d'
  | 'player-g'
  | 'episode'
  | 'game'
  | 'score'
  | 'epsilon'
  | 'value-loss'
  | 'policy-loss'
  | 'entropy'
  | 'labels'

const OF_POLICY = wordSet(
  'reward rewards rew return returns episodic rollout advantage advantages policy actor critic surrogate qf td exploration ' +
    'ppo approxkl clipfrac elo winrate 奖励 回报 得分 报酬 報酬 보상',
)
const OF_OPPONENT = wordSet('generator discriminator discr disc gan adversarial wasserstein')
/** Preference learning has rewards that no episode gives: its loss is a plain one. */
const OF_PREFERENCES = wordSet('chosen rejected margin margins accuracy accuracies')
/** Letters that name the players of a GAN beside the word `loss`. */
const PLAYERS = wordSet('d g')
const LOSSES = wordSet('loss losses')
/** What the players are called by beside these letters where the other one stands there too: `errD`, `netG`, `D_fake`. */
const OF_PLAYERS = wordSet('err errs error errors net cost real fake')
const ACCURACIES = wordSet('acc accuracy accuracies')
/** Words that make a name of an episode one of what it came to: a counter of episodes alone is no such name. */
const OF_EPISODES = wordSet('rew ret len length reward return score mean max min')
const EPISODES = wordSet('episode episodes')
/** What may be an episode, or an epoch, the ε of an optimizer, a game among metrics, and the best score of all games. */
const GAMES = wordSet('ep eps game games record highscore')
/** What a value of actions is called with: `q_mean`, `avg_q`. */
const OF_VALUES = wordSet('q qs')
const SPANS = wordSet('mean avg average max min value values est')

/** Pairs of hints that together are sure. A VAE has an entropy as well, and a test a score. */
const PAIRS: readonly (readonly [TargetHint, TargetHint])[] = [
  ['score', 'episode'],
  ['score', 'game'],
  ['score', 'epsilon'],
  ['episode', 'epsilon'],
  ['game', 'epsilon'],
  ['value-loss', 'policy-loss'],
  ['value-loss', 'entropy'],
  ['value-loss', 'episode'],
  ['value-loss', 'game'],
]

/** What the words of a name show, in lower case; null where they show nothing. */
export function targetHintOf(words: readonly string[]): TargetHint | null {
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word))
  const isOfLoss = has(LOSSES)
  if (has(OF_PREFERENCES)) return null
  if (has(OF_OPPONENT) || (isOfLoss && has(PLAYERS))) return 'opponent'
  if (has(OF_PLAYERS) && has(PLAYERS)) return words.includes('d') ? 'player-d' : 'player-g'
  if (has(OF_POLICY) || (words.includes('approx') && words.includes('kl'))) return 'policy'
  if (words.includes('win') && words.includes('rate')) return 'policy'
  if (words.includes('value') && words.includes('function')) return 'policy'
  if (has(OF_VALUES) && (has(SPANS) || isOfLoss)) return 'policy'
  if ((has(EPISODES) || has(GAMES)) && has(OF_EPISODES)) return 'policy'
  // ε-greedy exploration is logged as it sinks; with the ε of an optimizer nobody logs an episode.
  if (words.includes('epsilon') || (words.length === 1 && words[0] === 'eps')) return 'epsilon'
  if (isOfLoss && (words.includes('value') || words.includes('vf') || words.includes('v'))) return 'value-loss'
  if (words.length === 1 && /^(?:vf|v|q)$/.test(words[0]!)) return 'value-loss'
  if (words.length === 1 && /^(?:pg|pi)$/.test(words[0]!)) return 'policy-loss'
  if (words.includes('entropy') && !words.includes('cross')) return 'entropy'
  if (has(EPISODES)) return 'episode'
  if (has(GAMES)) return 'game'
  if (has(ACCURACIES) || (isOfLoss && phaseOfWords(words) === 'validation')) return 'labels'
  return words.includes('score') || words.includes('ret') ? 'score' : null
}

/** Whether the hints of the metrics of a log show that the target of its losses moves. */
export function isSureTogether(hints: ReadonlySet<TargetHint>): boolean {
  const hasPlayers = hints.has('player-d') && hints.has('player-g')
  return hints.has('opponent') || hasPlayers || areOfPolicy(hints) || (hints.has('episode') && !hints.has('labels'))
}

/** Whether the hints of the metrics of a log show that a policy learns, and not the players of a GAN alone. */
export function areOfPolicy(hints: ReadonlySet<TargetHint>): boolean {
  return hints.has('policy') || PAIRS.some(([one, other]) => hints.has(one) && hints.has(other))
}
