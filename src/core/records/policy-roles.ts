import type { Role } from '../../protocol/sample.ts'
import { wordSet } from './name-words.ts'

/** The words without one of which a name has none of these roles. */
export const POLICY_WORDS = wordSet(
  'reward rewards rew return returns score scores entropy entropies ent kl kld approxkl clipfrac clip zero std length ' +
    'lengths len tokens',
)

const REWARDS = wordSet('reward rewards rew return returns')
const SCORES = wordSet('score scores')
/** What gives a score where it is a reward: a judge, an objective, a world. */
const JUDGES = wordSet('critic objective env environment reward rewards episode episodic')
/** Words that may stand beside a reward that is the whole of it. Any other word names a part, or a use of its own. */
const OF_WHOLE_REWARD = wordSet(
  'mean avg average ave running moving total sum raw current batch step per train training trainer learn eval evaluation val valid ' +
    'validation test env environment envs runner runners sampler results result episode episodes ep eps epi episodic game games ' +
    'rollout rollouts critic objective charts chart metrics metric stats info performance policy agent default ext ' +
    'extrinsic rlhf reward rewards rew return returns score scores undiscounted discounted custom time global',
)
/** Words of a setting, of a spread or of a bound: the value beside them is no level. */
const NO_LEVEL = wordSet(
  'coef coeff coefs coeffs coefficient beta alpha weight scale lambda temperature temp target ctl controller penalty bonus reg ' +
    'regularization lr rate epsilon eps min max minimum maximum std stddev var variance diff delta ratio grad norm gradient ' +
    'best early stop stopping decay final init schedule threshold limit budget loop',
)
/** What else has an entropy: a route, a code, a latent variable. It is no policy's. */
const OF_NO_POLICY = wordSet(
  'cross relative binary router routing gate gating expert experts attention attn codebook code codes usage vq prior post ' +
    'posterior latent latents z label labels target pixel',
)
const RESPONSES = wordSet(
  'response responses completion completions gen generation generations generated output outputs',
)
const LENGTHS = wordSet('length lengths len tokens')
/** Words that make a length one of something else, or no mean over all responses. */
const NO_RESPONSE = wordSet(
  'prompt prompts input total cumulative terminated clip clipped truncated sec second seconds s time timing throughput ' +
    'speed count num',
)

/** The role of a name in reinforcement learning, from its words in lower case; null for any other name. */
export function policyRoleOf(words: readonly string[]): Role | null {
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word))
  const is = (...some: readonly string[]) => some.some((word) => words.includes(word))
  if (is('zero') && is('std') && is('frac', 'fraction', 'share', 'ratio', 'rate')) return 'zero_std_share'
  if (is('clipfrac') || (is('clip') && is('frac', 'fraction'))) return is('grad', 'gradient') ? null : 'clip_fraction'
  const isReward = has(REWARDS) || (has(SCORES) && has(JUDGES))
  if (isReward && words.every((word) => OF_WHOLE_REWARD.has(word))) return 'reward'
  if (has(NO_LEVEL)) return null
  if (is('entropy', 'entropies') && !has(OF_NO_POLICY)) return 'entropy'
  if (is('kl', 'kld', 'approxkl') && !is('reward', 'rewards')) return 'kl'
  return has(RESPONSES) && has(LENGTHS) && !has(NO_RESPONSE) ? 'response_length' : null
}
