import type { JsonValue } from '../../protocol/value.ts'
import { badGradient } from './bad-gradient.ts'
import { chancePlateau } from './chance-plateau.ts'
import { clippedLoss } from './clipped-loss.ts'
import { collapse } from './collapse.ts'
import type { ComparisonRule } from './comparison-rule.ts'
import { constantReward } from './constant-reward.ts'
import { crashed } from './crashed.ts'
import type { Detector } from './detector.ts'
import { entropyCollapse } from './entropy-collapse.ts'
import { exploding } from './exploding.ts'
import { frozen } from './frozen.ts'
import { klBlowUp } from './kl-blow-up.ts'
import { learningRateJump } from './learning-rate-jump.ts'
import { learningRateZero } from './learning-rate-zero.ts'
import type { LogRule } from './log-rule.ts'
import { logZero } from './log-zero.ts'
import { lossScale } from './loss-scale.ts'
import { maskedNan } from './masked-nan.ts'
import { mismatch } from './mismatch.ts'
import { negativeLoss } from './negative-loss.ts'
import { noProgress } from './no-progress.ts'
import { nonFinite } from './non-finite.ts'
import { overfit } from './overfit.ts'
import { responseLength } from './response-length.ts'
import type { Rule, Thresholds } from './rule.ts'
import { saturation } from './saturation.ts'
import { slow } from './slow.ts'
import { spike } from './spike.ts'
import { stall } from './stall.ts'
import { sustainedRise } from './sustained-rise.ts'
import { unreadNan } from './unread-nan.ts'
import { worseThanBaseline } from './worse-than-baseline.ts'
import { worseThanStart } from './worse-than-start.ts'

/** A detector of any kind. */
export type AnyDetector = Detector<string, unknown, Thresholds, JsonValue>

/** A rule about a whole log, of any kind. */
export type AnyLogRule = LogRule<string, unknown, Thresholds, JsonValue>

/** A rule that compares a run with others, of any kind. */
type AnyComparisonRule = ComparisonRule<string, unknown, Thresholds>

/** Every rule. To add one, write its file and add its line here. */
const BUILT_IN = [
  nonFinite,
  maskedNan,
  logZero,
  mismatch,
  exploding,
  spike,
  sustainedRise,
  worseThanStart,
  chancePlateau,
  frozen,
  clippedLoss,
  negativeLoss,
  overfit,
  learningRateJump,
  noProgress,
  learningRateZero,
  badGradient,
  lossScale,
  collapse,
  saturation,
  entropyCollapse,
  klBlowUp,
  constantReward,
  responseLength,
  slow,
  unreadNan,
  crashed,
  stall,
  worseThanBaseline,
] as const satisfies readonly (AnyDetector | AnyLogRule | AnyComparisonRule)[]

/** The type of one of the rules. */
export type BuiltInRule = (typeof BUILT_IN)[number]

/** Every rule that nanwatch has. */
export const RULES: readonly Rule<string, unknown, Thresholds>[] = BUILT_IN

/** The rules that watch a series or the batches of a file. */
export const DETECTORS: readonly AnyDetector[] = BUILT_IN.filter((rule) => 'watches' in rule)

/** The rules about a whole log. */
export const LOG_RULES: readonly AnyLogRule[] = BUILT_IN.filter((rule) => 'observes' in rule)
