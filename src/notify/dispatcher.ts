import { setTimeout as sleep } from 'node:timers/promises'
import type { Outbox } from '../core/alerts/outbox.ts'
import { backoffMs } from './backoff.ts'
import type { Sink } from './sink.ts'

export interface Dispatcher {
  /** Something may have been added to the outbox. */
  wake(): void
  /** Stops after the delivery in hand; what is still owed stays in the outbox. */
  close(): Promise<void>
}

const IDLE_MS = 60_000

/** Delivers what is owed, each sink by itself, so that one that hangs holds up no other. */
export function startDispatcher(
  outbox: Outbox,
  sinks: readonly Sink[],
  onProblem: (sink: string, reason: string) => void,
): Dispatcher {
  const stop = new AbortController()
  let wakeUp = new AbortController()

  const run = async (sink: Sink) => {
    while (!stop.signal.aborted) {
      const woken = wakeUp.signal
      const owed = await outbox.due(sink.name, Date.now())
      if (owed === null) {
        const nextMs = await outbox.nextDueMs(sink.name)
        const waitMs = nextMs === null ? IDLE_MS : Math.max(10, nextMs - Date.now())
        await pause(waitMs, AbortSignal.any([woken, stop.signal]))
        continue
      }
      const delivery = await sink.deliver(owed, stop.signal)
      switch (delivery.kind) {
        case 'delivered':
          await outbox.markDelivered(owed.id)
          break
        case 'refused':
          await outbox.markRefused(owed.id, delivery.reason)
          onProblem(sink.name, `refused a notification for good: ${delivery.reason}`)
          break
        case 'retry': {
          if (stop.signal.aborted) break
          const afterMs = delivery.afterMs ?? backoffMs(owed.attempts, Math.random())
          await outbox.postpone(owed.id, Date.now() + afterMs, delivery.reason)
          onProblem(
            sink.name,
            `could not deliver, will try again in ${Math.ceil(afterMs / 1000)} s: ${delivery.reason}`,
          )
        }
      }
    }
  }
  const loops = sinks.map(run)

  return {
    wake() {
      wakeUp.abort()
      wakeUp = new AbortController()
    },
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
