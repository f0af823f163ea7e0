/** The two clocks: one that people set, for what is stored and shown, and one that only goes on, for what is waited for. */
export interface Clock {
  /** Milliseconds since 1970. It may jump. */
  wallMs(): number
  /** Milliseconds since some moment. It never jumps. */
  steadyMs(): number
}

export const SYSTEM_CLOCK: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
}
