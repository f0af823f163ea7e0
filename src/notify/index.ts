import type { Secrets, Sink, SinkKind, SinkSettings } from './sink.ts'
import { webhookKind } from './webhook.ts'

/** Every kind of sink that a configuration may name. */
export const SINK_KINDS: readonly SinkKind[] = [webhookKind]

/** Opens a sink of a checked configuration. Throws what its kind throws for a setting without a usable value. */
export function openSink(settings: SinkSettings, secrets: Secrets): Sink {
  const kind = SINK_KINDS.find(({ type }) => type === settings.type)
  if (kind === undefined) throw new Error(`no kind of sink is called ${settings.type}`)
  return kind.open(settings, secrets)
}
