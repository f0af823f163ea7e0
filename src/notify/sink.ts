import type { Transition } from '../core/alerts/incident.ts'

/** One transition of one alert on its way to somebody outside. */
export interface Notification {
  /** Equal for the same transition, however often it is sent: receivers may drop repeats by it. */
  readonly key: string
  readonly transition: Transition
}

export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly reason: string }

/** Carries one notification to one place. Sinks hold no queue and never retry; the dispatcher does both. */
export interface Sink {
  readonly name: string
  deliver(notification: Notification, signal: AbortSignal): Promise<Delivery>
}
