/** That an output of the process is gone, or that it takes what is printed again. */
export interface OutputChange {
  /** `standard output` or `standard error`. */
  readonly output: string
  /** Why it is gone and since when; null where it is back. */
  readonly gone: { readonly reason: string; readonly since: string } | null
  /** Where it is back: what was not printed meanwhile, in words. */
  readonly missed: string | null
}

/** Calls back with each change, and at once with what is gone by then. Returns how to stop that. */
export type FollowOutputs = (onChange: (change: OutputChange) => void) => () => void
