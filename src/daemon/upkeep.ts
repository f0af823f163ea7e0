import type { StoreCare } from '../store/store-care.ts'

const EVERY_MS = 60_000

/** Runs the upkeep of the store now and every minute, one at a time. Calls `onEnd` after each, with null or with what went wrong. */
export function startUpkeep(care: StoreCare, onEnd: (problem: unknown) => void): { close(): Promise<void> } {
  let last: Promise<void> = Promise.resolve()
  const attend = () => {
    last = last.then(() => care.upkeep(Date.now())).then(() => onEnd(null), onEnd)
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
