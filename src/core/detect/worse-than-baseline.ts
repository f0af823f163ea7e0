import type { ComparisonRule, Contrast } from './comparison-rule.ts'
import { grouped, percent } from './threshold-wording.ts'
import { short } from './wording.ts'

type WorseThanBaselineParams = {
  /** How many times its baseline a loss must be to matter, with one baseline. */
  readonly ratio: number
  /** The same with several baselines, which show how much runs of this kind differ. */
  readonly ratioOfSeveral: number
  /** How many spreads of the baseline it must stand away. */
  readonly spreads: number
  /** How many standard errors the difference must have. */
  readonly errors: number
}

interface WorseThanBaselineFacts {
  readonly baselines: readonly string[]
  readonly level: number
  readonly baseline: number
  readonly difference: number
  readonly spread: number
  readonly pairs: number
  /** Whether it is worse in every window, from the first on. */
  readonly isFromStart: boolean
  /** The step at which the stretch began in which it is worse; null in a log without steps. */
  readonly sinceStep: number | null
}

/**
 * Of fewer pairs than this more is asked, by the root of the share: values that are always of the same few batches differ
 * from run to run by more than their noise shows.
 */
const FEW_PAIRS = 40
/** A window belongs to the stretch that is worse while it shows this share of what the rule asks for. */
const SHARE_OF_STRETCH = 0.5

/**
 * A loss that stands above that of a run which went well, at the same steps.
 *
 * It asks for what matters (a ratio), for what noise does not explain (standard
 * errors, of single values and of levels that wander), and for more than a delay:
 * the run must be worse than the baseline was a fifth of its steps earlier.
 */
export const worseThanBaseline: ComparisonRule<'worse-than-baseline', WorseThanBaselineFacts, WorseThanBaselineParams> =
  {
    name: 'worse-than-baseline',
    defaults: { ratio: 1.1, ratioOfSeveral: 1.05, spreads: 1, errors: 4 },
    profiles: {
      quiet: { ratio: 1.25, ratioOfSeveral: 1.1 },
      sensitive: { ratio: 1.05, ratioOfSeveral: 1.02 },
    },
    needs: ['baseline'],
    document: {
      about: 'a loss stands above that of the baseline at the same steps',
      watches: 'losses, else accuracies, beside those of the runs that `--baseline` or `baselines` names',
      fires: ({ ratio, ratioOfSeveral, spreads, errors }) =>
        `where the median of the last pairs of values stands at ${ratio} times the baseline (${ratioOfSeveral} with several), by ${grouped(spreads)} of its spreads and ${errors} standard errors, and above what the baseline was a fifth of the steps before; in each third of those pairs by at least ${percent(SHARE_OF_STRETCH)} of that; of fewer than ${FEW_PAIRS} pairs more is asked ([more](#the-comparison-with-a-baseline))`,
      severity: () => 'warning',
    },

    headline: ({ metric }, facts) =>
      `${metric} stands at ${short(facts.level)}, ${short(facts.level > facts.baseline ? facts.level - facts.baseline : facts.baseline - facts.level)} ${facts.level > facts.baseline ? 'above' : 'below'} ${baselineNamed(facts)} (${short(facts.baseline)}), ${spreadsOf(facts)}${since(facts)}.`,

    judge(contrast, params) {
      const limit = limitOf(contrast, params)
      if (contrast.excess < limit || contrast.least < SHARE_OF_STRETCH * limit) return null
      const { baselines, level, baseline, difference, spread, pairs, windows } = contrast
      const first = windows.findLastIndex((window) => window.difference < SHARE_OF_STRETCH * limit) + 1
      const isFromStart = first === 0
      const sinceStep = (windows[first] ?? windows.at(-1))?.step ?? null
      return {
        kind: 'raise',
        severity: 'warning',
        facts: { baselines, level, baseline, difference, spread, pairs, isFromStart, sinceStep },
      }
    },
  }

/** How large a difference must be. */
function limitOf({ baselines, spread, error, pairs }: Contrast, params: WorseThanBaselineParams): number {
  const ratio = baselines.length === 1 ? params.ratio : params.ratioOfSeveral
  const matters = Math.log(ratio) * Math.sqrt(Math.max(1, FEW_PAIRS / pairs))
  return Math.max(matters, params.spreads * spread, params.errors * error)
}

function baselineNamed({ baselines }: WorseThanBaselineFacts): string {
  return baselines.length === 1 ? `the baseline ${baselines[0]}` : `the ${baselines.length} baselines`
}

function spreadsOf({ baselines, difference, spread }: WorseThanBaselineFacts): string {
  const whose = baselines.length === 1 ? 'its' : 'their'
  const many = difference / spread
  return many > MOST_SPREADS
    ? `more than ${MOST_SPREADS} times ${whose} spread`
    : `${many < 10 ? Number(many.toPrecision(2)) : Math.round(many)} times ${whose} spread`
}

/** A baseline that hardly varies would give numbers that say nothing. */
const MOST_SPREADS = 1000

function since({ sinceStep, isFromStart }: WorseThanBaselineFacts): string {
  if (sinceStep === null) return isFromStart ? ', from the start' : ''
  return `, since step ${sinceStep}`
}
