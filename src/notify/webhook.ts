import { z } from 'zod'
import { published } from '../protocol/alert.ts'
import { encodeJson } from '../protocol/json.ts'
import type { Delivery, Sink, SinkKind, SinkSettings } from './sink.ts'

const TIMEOUT_MS = 10_000
const LONGEST_RETRY_AFTER_MS = 60 * 60_000

/** Statuses below 500 that speak of this moment and not of the message. */
const PASSING_STATUSES = new Set([408, 425, 429])

const settings = z.object({
  url: z.string().describe('Where alerts are POSTed as JSON; "env:NAME" takes it from an environment variable.'),
})

/** Alerts by webhook. */
export const webhookKind: SinkKind = {
  type: 'webhook',
  settings,
  open: ({ name, url }: SinkSettings & z.infer<typeof settings>, secrets) => webhook(name, secrets.url(url, 'url')),
}

/** POSTs the alert as JSON. Passing troubles are worth another try; what the receiver will not have is not. */
export function webhook(name: string, url: string, timeoutMs = TIMEOUT_MS): Sink {
  return {
    name,
    async deliver({ key, transition }, signal) {
      const body = encodeJson({ type: 'alert', transition: transition.kind, ...published(transition.alert) })
      let response: Response
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body,
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        })
        await response.body?.cancel()
      } catch (error) {
        return { kind: 'retry', reason: kindOf(error) }
      }
      return classify(response)
    },
  }
}

function classify({ ok, status, headers }: Response): Delivery {
  if (ok) return { kind: 'delivered' }
  const reason = `HTTP ${status}`
  if (status < 500 && !PASSING_STATUSES.has(status)) return { kind: 'refused', reason }
  const afterMs = retryAfterMs(headers.get('retry-after') ?? '')
  return afterMs > 0 ? { kind: 'retry', reason, afterMs } : { kind: 'retry', reason }
}

/** Retry-After gives seconds or a date; 0 where it gives nothing that we understand. */
function retryAfterMs(text: string): number {
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms || 0))
}

/** What went wrong, without the message: it may hold the URL, and the URL a secret. */
function kindOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } }
  return cause?.code ?? name
}
