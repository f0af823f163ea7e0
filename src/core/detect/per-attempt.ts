import type { Role, Sample } from '../../protocol/sample.ts'
import { type Finite, isFinite, type JsonValue } from '../../protocol/value.ts'
import type { CalmInputs, Detector, DetectorInput } from './detector.ts'
import { type RuleOutcome, type Thresholds, unchanged } from './rule.ts'

/** A sample with a finite value. Only these may enter a state: a NaN would stay there for ever. */
export type FiniteSample = Sample & { readonly value: Finite }

/** The state of a fold that begins anew with each attempt of the job. */
type AttemptState = { readonly attempt: number; readonly [key: string]: JsonValue | undefined }

/** What else is known of a sample. */
export type SampleContext = Pick<
  Extract<DetectorInput, { kind: 'sample' }>,
  | 'isPart'
  | 'hasOtherParts'
  | 'hasMovingTarget'
  | 'hasPolicy'
  | 'isGainAtBest'
  | 'isGainLost'
  | 'otherLosses'
  | 'isBesideTraining'
  | 'gradientNorm'
  | 'learningRate'
  | 'epoch'
>

/** A detector of finite values, with `roles`, `start`, `kept` and `fold` in place of `watches`, `start` and `step`. */
interface AttemptFold<Name extends string, Facts, Params extends Thresholds, State extends AttemptState>
  extends Omit<Detector<Name, Facts, Params, State>, 'watches' | 'start' | 'step' | 'calm'> {
  /** The roles of the series that it watches. */
  readonly roles: readonly Role[]
  readonly start: State
  /**
   * The part of the state that a new attempt takes over. The rest begins anew, because the job went back to a checkpoint.
   * `second` is the attempt's second sample: the first is not known for one yet.
   */
  kept(saved: State, second: FiniteSample): Partial<State>
  fold(state: State, sample: FiniteSample, params: Params, about: SampleContext): RuleOutcome<State, Facts>
  /** As that of a detector, for values of the attempt of the state. */
  calm?(state: State, inputs: CalmInputs, params: Params): State | null
}

/**
 * Makes a detector from a fold over the finite values of a series, attempt by attempt.
 *
 * Values that are not finite are left to `non-finite`. A value whose step fell
 * below the one before is left out, because its attempt is not known yet. The
 * types are inferred from the type that the constant is declared with.
 */
export function perAttempt<Name extends string, Facts, Params extends Thresholds, State extends AttemptState>({
  roles,
  start,
  kept,
  fold,
  calm,
  ...rule
}: AttemptFold<NoInfer<Name>, NoInfer<Facts>, NoInfer<Params>, NoInfer<State>>): Detector<Name, Facts, Params, State> {
  return {
    ...rule,
    watches: (kind, _metric, role) => kind === 'sample' && roles.includes(role),
    start: () => start,
    step(saved, seen, params) {
      if (seen.kind !== 'sample' || seen.isBehind || !isFiniteSample(seen.sample)) return unchanged(saved)
      const { sample } = seen
      if (!roles.includes(sample.role)) return unchanged(saved)
      const { attempt } = sample
      return fold(
        attempt === saved.attempt ? saved : { ...start, ...kept(saved, sample), attempt },
        sample,
        params,
        seen,
      )
    },
    ...(calm !== undefined && {
      calm: (state: State, inputs: CalmInputs, params: Params) =>
        inputs.attempt === state.attempt ? calm(state, inputs, params) : null,
    }),
  }
}

function isFiniteSample(sample: Sample): sample is FiniteSample {
  return isFinite(sample.value)
}
