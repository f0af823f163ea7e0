import { setTimeout as sleep } from 'node:timers/promises'
import type { Outbox, Owed, OwedNotification } from '../core/alerts/outbox.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { backoffMs } from './backoff.ts'
import type { Delivery, Notification, Sink } from './sink.ts'

export interface Dispatcher {
  /** Something may have been added to the outbox. */
  wake(): void
  /** Tries once what could not be put into the outbox. It comes again from there, with the same key. */
  tryOnce(owed: OwedNotification): void
  /** Breaks off the deliveries in hand; what is still owed stays in the outbox. */
  close(): Promise<void>
}

const IDLE_MS = 60_000
const OUTBOX_RETRY_MS = 1000

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
      const owed = await persist(sink, () => outbox.due(sink.name, Date.now()))
      if (owed) {
        await settle(sink, owed, await attempt(sink, owed, stop.signal))
      } else {
        const nextMs = await persist(sink, () => outbox.nextDueMs(sink.name))
        const waitMs = Math.min(IDLE_MS, (nextMs ?? Infinity) - Date.now())
        await pause(Math.max(10, waitMs), AbortSignal.any([woken, stop.signal]))
      }
    }
  }

  const settle = async (sink: Sink, { id, attempts }: Owed, delivery: Delivery) => {
    switch (delivery.kind) {
      case 'delivered':
        await persist(sink, () => outbox.markDelivered(id))
        break
      case 'refused':
        await persist(sink, () => outbox.markRefused(id, delivery.reason))
        onProblem(sink.name, `refused a notification for good: ${delivery.reason}`)
        break
      case 'retry': {
        // Broken off by us: this was no try.
        if (stop.signal.aborted) break
        const { reason, afterMs } = delivery
        const waitMs = afterMs ?? backoffMs(attempts, Math.random())
        const untilMs = Date.now() + waitMs
        await persist(sink, () => outbox.postpone(id, untilMs, reason))
        onProblem(sink.name, `could not deliver, will try again in ${Math.ceil(waitMs / 1000)} s: ${reason}`)
        // A receiver that names a time means all that we have for it.
        if (afterMs !== undefined) await pauseUntil(untilMs, stop.signal)
      }
    }
  }

  /** Asks the outbox until it answers: a full disk must neither end the deliveries nor repeat one. */
  const persist = async <T>(sink: Sink, ask: () => Promise<T>): Promise<T | undefined> => {
    do {
      try {
        return await ask()
      } catch (error) {
        onProblem(sink.name, `the outbox cannot be used: ${errorMessage(error)}`)
        await pause(OUTBOX_RETRY_MS, stop.signal)
      }
    } while (!stop.signal.aborted)
    return undefined
  }

  const tryNow = async (sink: Sink, notification: Notification) => {
    const delivery = await attempt(sink, notification, stop.signal)
    if (delivery.kind !== 'delivered' && !stop.signal.aborted) {
      onProblem(sink.name, `could not deliver what is not saved yet: ${delivery.reason}`)
    }
  }

  const loops = sinks.map(run)
  const tries = new Set<Promise<void>>()

  return {
    wake() {
      wakeUp.abort()
      wakeUp = new AbortController()
    },
    tryOnce({ key, sink: name, transition }) {
      const sink = sinks.find((one) => one.name === name)
      if (sink === undefined) return
      const trying = tryNow(sink, { key, transition }).finally(() => tries.delete(trying))
      tries.add(trying)
    },
    async close() {
      stop.abort()
      await Promise.all([...loops, ...tries])
    },
  }
}

/** A sink that throws has a bug; that must not end the deliveries. */
async function attempt(sink: Sink, owed: Notification, signal: AbortSignal): Promise<Delivery> {
  try {
    return await sink.deliver(owed, signal)
  } catch (error) {
    return { kind: 'retry', reason: errorMessage(error) }
  }
}

/** Waits until the clock of the outbox says so: a timer runs by another clock and may end a little earlier. */
async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && Date.now() < ms) await pause(ms - Date.now(), signal)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
