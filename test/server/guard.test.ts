import { describe, expect, test } from 'vitest'
import { isLoopback, isSameToken, judge, tokenCookie } from '../../src/server/guard.ts'
import { raw, serving } from './serving.ts'

const TOKEN = 'correct-horse-battery-staple'

/** Host headers as a request could bear them; PORT stands for ours. */
const HOSTS: readonly { readonly host: string | null; readonly status: 200 | 400 | 403; readonly upgrade?: 403 }[] = [
  { host: '127.0.0.1:PORT', status: 200 },
  { host: 'localhost:PORT', status: 200 },
  { host: 'LocalHost:PORT', status: 200 },
  { host: '[::1]:PORT', status: 200 },
  // As through a tunnel: ssh -L 9000:localhost:8626.
  { host: 'localhost:9000', status: 200 },
  { host: 'localhost', status: 200 },
  { host: null, status: 400 },
  // What is no host at all is refused by the HTTP adapter, which an upgrade does not pass.
  { host: '', status: 400, upgrade: 403 },
  { host: 'evil.example:PORT', status: 403 },
  { host: '127.0.0.1.evil.example:PORT', status: 403 },
  { host: 'localhost.evil.example:PORT', status: 403 },
  { host: 'localhost.:PORT', status: 403 },
  { host: '127.0.0.2:PORT', status: 403 },
  { host: '0.0.0.0:PORT', status: 403 },
  { host: '192.168.0.1:PORT', status: 403 },
  { host: 'localhost:PORT@evil.example', status: 400, upgrade: 403 },
]

/** Origin headers; HOST stands for the Host header of the same request. */
const ORIGINS: readonly { readonly origin: string | null; readonly isOurs: boolean }[] = [
  { origin: null, isOurs: true },
  { origin: 'http://HOST', isOurs: true },
  { origin: 'null', isOurs: false },
  { origin: '', isOurs: false },
  { origin: 'http://evil.example', isOurs: false },
  { origin: 'http://HOST.evil.example', isOurs: false },
  { origin: 'http://127.0.0.1:1', isOurs: false },
  { origin: 'http://localhost:1', isOurs: false },
  { origin: 'file://', isOurs: false },
]

const TOKENS: readonly { readonly header: string | null; readonly isRight: boolean }[] = [
  { header: null, isRight: false },
  { header: `Authorization: Bearer ${TOKEN}`, isRight: true },
  { header: `Authorization: bearer ${TOKEN}x`, isRight: false },
  { header: `Authorization: Bearer ${TOKEN.slice(1)}`, isRight: false },
  { header: `Authorization: Basic ${TOKEN}`, isRight: false },
  { header: `Cookie: other=1; nanwatch_token=${TOKEN}`, isRight: true },
  { header: 'Cookie: nanwatch_token=', isRight: false },
  { header: 'Cookie: nanwatch_token=%', isRight: false },
]

function headersOf(port: number, host: string | null, origin: string | null): string[] {
  const ours = host?.replace('PORT', String(port))
  return [
    ...(ours === undefined ? [] : [`Host: ${ours}`]),
    ...(origin === null ? [] : [`Origin: ${origin.replace('HOST', ours?.toLowerCase() ?? '')}`]),
  ]
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

for (const token of [null, TOKEN]) {
  describe(token === null ? 'a server without a token' : 'a server with a token', () => {
    for (const { host, status, upgrade: upgradeStatus = status } of HOSTS) {
      test(`addressed as ${host === null ? 'nothing' : `"${host}"`} answers ${status}, whatever else is shown`, async () => {
        const { port } = await serving({ token })
        const seen: unknown[] = []
        const due: unknown[] = []
        for (const { origin, isOurs } of ORIGINS) {
          // Without a Host there is nothing that an Origin could be equal to.
          if (host === null && origin?.includes('HOST')) continue
          for (const { header, isRight } of TOKENS) {
            const request = [...headersOf(port, host, origin), ...(header === null ? [] : [header])]
            const get = await raw(port, 'GET /api/runs HTTP/1.1', ...request, 'Connection: close')
            const upgrade = await raw(port, 'GET /ws HTTP/1.1', ...request, ...UPGRADE)
            seen.push([origin, header, get.status, upgrade.status])
            const verdict = !isOurs ? 403 : token !== null && !isRight ? 401 : 200
            const expected = status === 200 ? [verdict, verdict === 200 ? 101 : verdict] : [status, upgradeStatus]
            due.push([origin, header, ...expected])
          }
        }
        expect(seen).toEqual(due)
      })
    }
  })
}

test('a request with two Host headers is refused', async () => {
  const { port } = await serving()
  const answer = await raw(
    port,
    'GET /api/runs HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Host: evil.example',
    'Connection: close',
  )
  expect(answer.status).toBeGreaterThanOrEqual(400)
})

describe('the guard', () => {
  test('takes what a login has set', () => {
    const token = 'a token; with = and "quotes"'
    const cookie = tokenCookie(token)
    expect(cookie).toContain('HttpOnly; SameSite=Strict')
    const headers = { host: 'localhost', cookie: cookie.split(';')[0] }
    expect(judge(headers, { hosts: ['localhost'], token })).toEqual({ isAllowed: true })
  })

  test('compares tokens of any length', () => {
    expect(isSameToken('a', 'a')).toBe(true)
    expect(isSameToken('a', 'aa')).toBe(false)
    expect(isSameToken('', 'a')).toBe(false)
  })

  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
    test(`counts ${host} as this machine alone`, () => expect(isLoopback(host)).toBe(true))
  }
  for (const host of ['0.0.0.0', '::', '192.168.0.1', '127.0.0.1.evil.example', 'localhost.evil.example', '']) {
    test(`does not count "${host}" as this machine alone`, () => expect(isLoopback(host)).toBe(false))
  }
})
