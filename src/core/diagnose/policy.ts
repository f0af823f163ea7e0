import { short } from '../causes/number-wording.ts'
import type { BuiltInRaise, FactsOf } from '../detect/finding.ts'
import type { Explanation } from './diagnosis.ts'

/** Explains what came undone in a policy: its entropy, its distance from another, its reward or its responses. */
export function explainPolicy(finding: BuiltInRaise): Explanation | null {
  const why = whyOf(finding)
  if (why === null) return null
  const evidence = Object.entries(finding.facts ?? {}).map(([name, value]) => ({ name, value }))
  return { why, cause: { code: null, candidates: [], evidence } }
}

function whyOf({ rule, facts }: BuiltInRaise): string | null {
  switch (rule) {
    case 'entropy-collapse':
      return whyCollapsed(facts)
    case 'kl-blow-up':
      return `The policy gives its own samples ${short(Math.exp(Math.min(facts.divergenceNats, 700)))} times the probability that the other policy gives them, in the geometric mean: it has left the region where its rewards and its old samples mean anything. A learning rate that is too high, a penalty that is too small or off, and a reward that is gamed are common.`
    case 'constant-reward':
      return WITHOUT_SPREAD[facts.sign]
    case 'response-length':
      return LENGTHS[facts.sign]
    default:
      return null
  }
}

/** e to the entropy is how many choices, all equally likely, would have that entropy. */
function whyCollapsed({ startNats, entropyNats, isGainAtBest }: FactsOf<'entropy-collapse'>): string {
  const choices = short(Math.exp(Math.min(startNats, 700)))
  const actions = actionsOf(startNats)
  const began = actions === null ? `${choices} equally likely choices` : `all of ${actions} actions, ln ${actions} nats`
  return `An entropy of H nats is that of e^H equally likely choices: ${short(Math.exp(entropyNats))} now, where it began with ${began}. The policy does the same nearly each time, so its samples no longer differ and there is little left to learn from. ${isGainAtBest ? BEST : OPEN} Where it is not solved, a larger entropy bonus, a lower learning rate or a higher upper clip keeps the policy open; restart from before the fall, for what has no probability is not sampled any more.`
}

const BEST = 'The reward has risen, and is as high as it ever was: that may be a solved task, or as far as it gets.'
const OPEN = 'Where the reward is as high as it can be the task is solved.'

/** The number of actions whose uniform distribution has this entropy; null where none of up to `MOST_ACTIONS` has. */
function actionsOf(nats: number): number | null {
  const actions = Math.round(Math.exp(Math.min(nats, 700)))
  return actions >= 2 && actions <= MOST_ACTIONS && Math.abs(nats - Math.log(actions)) < SAME_NATS ? actions : null
}

const MOST_ACTIONS = 20
const SAME_NATS = 0.005

const NO_ADVANTAGE = 'With no difference between rewards there is no advantage, and no step has a direction.'
const WITHOUT_SPREAD: Readonly<Record<FactsOf<'constant-reward'>['sign'], string>> = {
  never: `${NO_ADVANTAGE} The task may be too hard for the policy to meet a reward once, or the reward is not computed from what it did: look at one episode and its reward.`,
  stuck: `${NO_ADVANTAGE} The policy may do the same in each episode, or the reward is not computed anew.`,
  groups: `${NO_ADVANTAGE} All responses to a prompt are right, or all are wrong: prompts of another difficulty, or more responses to each, bring the spread back.`,
}
const LENGTHS: Readonly<Record<FactsOf<'response-length'>['sign'], string>> = {
  short:
    'The model ends its responses nearly at once. A reward that punishes length, or that an empty response satisfies, and a wrong end-of-text token are common.',
  long: 'The model hardly ends its responses any more. A reward that grows with length, repetition without end, and an end-of-text token that is masked out are common.',
  capped:
    'Responses that all have the same length are cut off there: the model no longer ends them itself, and a cut response earns no reward for its answer.',
}
