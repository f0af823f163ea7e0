import type { z } from 'zod'
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

/** What the configuration says of every sink, of whatever kind. */
export interface SinkSettings {
  readonly type: string
  readonly name: string
}

/** Resolves settings that a user may keep out of the file. Both throw where `key`, the name of the setting, has no usable value. */
export interface Secrets {
  /** The text itself, or what the environment variable NAME holds for `env:NAME`. */
  text(value: string, key: string): string
  /** The same for an http or https address. */
  url(value: string, key: string): string
}

/** A kind of sink: what it is called in the configuration, what it wants to know there, and how one is opened. */
export interface SinkKind {
  readonly type: string
  /** Its settings beside `type` and `name`, each with a description for the schema. */
  readonly settings: z.ZodObject
  /** Opens the sink of these settings, which have been checked. */
  open(settings: SinkSettings, secrets: Secrets): Sink
}
