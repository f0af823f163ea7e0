/** The two clocks of the daemon: the wall clock for what is stored and shown, and a steady one for waiting. */
export interface Clock {
  /** Milliseconds since 1970. It may jump, for people set it. */
  wallMs(): number
  /** Milliseconds since some fixed moment. It never jumps. */
  steadyMs(): number
}

export const SYSTEM_CLOCK: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
}
