import type { Role, Sample } from '../../protocol/sample.ts'
import { type Finite, isFinite, type JsonValue } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { type RuleOutcome, type Thresholds, unchanged } from './rule.ts'

/** A sample that is a number: a NaN in a state would stay there for ever. */
export type FiniteSample = Sample & { readonly value: Finite }

/** The state of a fold that tells the attempts of a job apart. */
type AttemptState = { readonly attempt: number; readonly [key: string]: JsonValue | undefined }

/** What a detector of finite values states in place of `watches`, `start` and `step`. */
interface AttemptFold<Name extends string, Facts, Params extends Thresholds, State extends AttemptState>
  extends Omit<Detector<Name, Facts, Params, State>, 'watches' | 'start' | 'step'> {
  /** The roles of the series that it watches. */
  readonly roles: readonly Role[]
  readonly start: State
  /** What a new attempt takes over. The rest begins anew: a job that went back is where its checkpoint was. */
  kept(saved: State): Partial<State>
  fold(state: State, sample: FiniteSample, params: Params): RuleOutcome<State, Facts>
}

/**
 * Makes a detector of a fold over the finite values of a series, attempt by attempt.
 *
 * Values that are no numbers are left to `non-finite`. A value whose step is
 * behind that of the one before is left out, as it is not known yet what it is.
 * The types are those that the constant is declared with.
 */
export function perAttempt<Name extends string, Facts, Params extends Thresholds, State extends AttemptState>({
  roles,
  start,
  kept,
  fold,
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
      return fold(attempt === saved.attempt ? saved : { ...start, ...kept(saved), attempt }, sample, params)
    },
  }
}

function isFiniteSample(sample: Sample): sample is FiniteSample {
  return isFinite(sample.value)
}
