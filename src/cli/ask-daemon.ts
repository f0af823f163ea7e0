import { encodeJson } from '../protocol/json.ts'
import type { DaemonAddress } from '../store/store.ts'

const TIMEOUT_MS = 3000

/** Asks the daemon that serves this database; null when it is not there. */
export async function askDaemon<T>(address: DaemonAddress, path: string, body?: object): Promise<T | null> {
  const token = process.env['NANWATCH_TOKEN']
  let response: Response
  try {
    response = await fetch(new URL(path, address.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-nanwatch': '1',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: encodeJson(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    // Nobody answers there: the daemon has stopped, which is an answer too.
    return null
  }
  const answer = (await response.json()) as T & { error?: string }
  if (!response.ok) {
    const hint = response.status === 401 ? '; set NANWATCH_TOKEN' : ''
    throw new Error(`${address.url}: ${answer.error ?? response.status}${hint}`)
  }
  return answer
}
