/** Runs a request whenever it is asked for, but never twice at once and never more often than every so often. */
export type Repeat = () => void

export interface Timers {
  after(delayMs: number, callback: () => void): () => void
}

const RETRY_MS = 3_000

/**
 * Wraps `request` so that a burst of calls costs two requests: one now, and one
 * at least `restMs` later that sees what the burst changed. A request that
 * fails, which it says by answering false, is made again.
 */
export function repeat(request: () => Promise<boolean>, restMs: number, timers: Timers): Repeat {
  let isBusy = false
  let isWanted = false

  const run = async (): Promise<void> => {
    isBusy = true
    isWanted = false
    const succeeded = await request()
    timers.after(succeeded ? restMs : RETRY_MS, () => {
      isBusy = false
      if (isWanted || !succeeded) void run()
    })
  }

  return () => {
    isWanted = true
    if (!isBusy) void run()
  }
}
