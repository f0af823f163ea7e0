import type { Store } from '../store/store.ts'

const EVERY_MS = 60_000

/** Has the store look after itself, now and every minute, one call at a time. */
export function startUpkeep(store: Store, onProblem: (reason: string) => void): { close(): Promise<void> } {
  let last: Promise<void> = Promise.resolve()
  const attend = () => {
    last = last
      .then(() => store.upkeep(Date.now()))
      .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
  }
  attend()
  const timer = setInterval(attend, EVERY_MS)
  return {
    async close() {
      clearInterval(timer)
      await last
    },
  }
}
