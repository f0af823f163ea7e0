import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { generateCookie } from 'hono/cookie'
import { parse } from 'hono/utils/cookie'

export interface GuardSettings {
  /** Host names that requests may be addressed to, without the port. */
  readonly hosts: readonly string[]
  /** The token that clients must show; null on loopback without one. */
  readonly token: string | null
}

export type Verdict =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly status: 400 | 401 | 403; readonly error: string }

const ALLOWED: Verdict = { isAllowed: true }
const TOKEN_COOKIE = 'nanwatch_token'

/**
 * Judges a request by its headers, before anything else looks at it.
 *
 * The Host must be one of ours: a page of another site that resolves its own
 * name to 127.0.0.1 sends that name. A request that says where it comes from
 * (Origin) must come from our own page, for browsers let any page open a
 * WebSocket anywhere.
 */
export function judge(headers: IncomingHttpHeaders, settings: GuardSettings): Verdict {
  const host = headers.host
  if (host === undefined) return refuse(400, 'no Host header')
  if (!settings.hosts.includes(nameOf(host))) return refuse(403, `Host ${host} is not served here`)
  const origin = headers.origin
  if (origin !== undefined && originHost(origin) !== host.toLowerCase())
    return refuse(403, `Origin ${origin} may not ask here`)
  if (settings.token === null) return ALLOWED
  const shown = bearer(headers.authorization) ?? parse(headers.cookie ?? '', TOKEN_COOKIE)[TOKEN_COOKIE]
  if (shown === undefined || !isSameToken(shown, settings.token)) return refuse(401, 'a valid token is required')
  return ALLOWED
}

/** The cookie that lets a browser in after it has shown the token once. */
export function tokenCookie(token: string): string {
  return generateCookie(TOKEN_COOKIE, token, { httpOnly: true, sameSite: 'Strict' })
}

/** Compares in constant time, whatever the lengths. */
export function isSameToken(shown: string, token: string): boolean {
  return timingSafeEqual(digest(shown), digest(token))
}

/** Addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function refuse(status: 400 | 401 | 403, error: string): Verdict {
  return { isAllowed: false, status, error }
}

function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}

function originHost(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    // "null", or no URL at all: the origin of no page of ours.
    return null
  }
}

function bearer(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
