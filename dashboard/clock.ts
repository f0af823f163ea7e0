import { computed, signal } from '@preact/signals'
import { connection } from './page-store.ts'

const TICK_MS = 1000

/** This computer's time, once a second. */
export const nowMs = signal(Date.now())

/** The server's time: what the times of alerts and runs are measured by. */
export const serverNowMs = computed(() => nowMs.value + connection.value.clockSkewMs)

export function startClock(): void {
  setInterval(() => {
    nowMs.value = Date.now()
  }, TICK_MS)
}
