import type { Transition } from './incident.ts'

/** A notification for one sink, stored before it is sent. */
export interface OwedNotification {
  /** Equal for the same transition of the same alert, so that receivers can drop repeats. */
  readonly key: string
  readonly sink: string
  readonly transition: Transition
}

/** A stored notification that its sink has not accepted yet. */
export interface Owed {
  readonly id: number
  readonly key: string
  /** How often it was tried so far. */
  readonly attempts: number
  readonly transition: Transition
}

/** The notifications that are owed. Each is kept until its sink has accepted it, or refused it for good. */
export interface Outbox {
  /** The oldest that may be tried now, or null. The notifications of one alert keep their order: a later one waits for an earlier one. */
  due(sink: string, nowMs: number): Promise<Owed | null>
  /** When the next one of this sink may be tried, in milliseconds since 1970; null when none is owed. */
  nextDueMs(sink: string): Promise<number | null>
  markDelivered(id: number): Promise<void>
  markRefused(id: number, reason: string): Promise<void>
  postpone(id: number, untilMs: number, reason: string): Promise<void>
}
