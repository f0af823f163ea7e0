import type { Transition } from './incident.ts'

/** A message that somebody outside is to get, written down before it is sent. */
export interface OwedNotification {
  /** Equal for the same transition of the same alert: receivers drop what they had before. */
  readonly key: string
  readonly sink: string
  readonly transition: Transition
}

/** A notification that a sink has not taken yet. */
export interface Owed {
  readonly id: number
  readonly key: string
  /** Tries so far. */
  readonly attempts: number
  readonly transition: Transition
}

/** Notifications still owed, kept until somebody took them or refused them for good. */
export interface Outbox {
  /** The oldest that may be tried now. Those of one alert come in their order: a later one waits for an earlier one. */
  due(sink: string, nowMs: number): Promise<Owed | null>
  /** When the next one of this sink may be tried, in milliseconds since 1970; null when none is owed. */
  nextDueMs(sink: string): Promise<number | null>
  markDelivered(id: number): Promise<void>
  markRefused(id: number, reason: string): Promise<void>
  postpone(id: number, untilMs: number, reason: string): Promise<void>
}
