import { encodeJson } from '../protocol/json.ts'
import type { Delivery, Sink } from './sink.ts'

const TIMEOUT_MS = 10_000

/** POSTs the alert as JSON. 5xx, 429 and network errors are worth another try; other answers are not. */
export function webhook(name: string, url: string, fetch: typeof globalThis.fetch = globalThis.fetch): Sink {
  return {
    name,
    async deliver({ key, transition }, signal) {
      const body = encodeJson({ type: 'alert', transition: transition.kind, ...transition.alert })
      let response: Response
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body,
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        })
        await response.body?.cancel()
      } catch (error) {
        // The URL may hold a secret: only the kind of error is told.
        return { kind: 'retry', reason: error instanceof Error ? error.name : 'network error' }
      }
      return classify(response)
    },
  }
}

function classify(response: Response): Delivery {
  if (response.ok) return { kind: 'delivered' }
  const reason = `HTTP ${response.status}`
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after'))
    return { kind: 'retry', reason, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) }
  }
  return response.status >= 500 ? { kind: 'retry', reason } : { kind: 'refused', reason }
}
