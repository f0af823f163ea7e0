import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../src/notify/sink.ts'
import { webhook } from '../../src/notify/webhook.ts'
import { alert } from '../store/commits.ts'
import { type Answer, Receiver, silence, status } from './receiver.ts'

const NOTIFICATION = {
  key: 'alert-1/firing/critical/R1-log-zero',
  transition: { kind: 'firing' as const, alert: alert({ value: '-Infinity' }), isNews: true },
}
const NEVER = new AbortController().signal

describe('a webhook', () => {
  test('posts the alert as JSON, with the transition and a key that repeats can be told by', async () => {
    const receiver = await Receiver.start(status(200))
    expect(await webhook('hook', receiver.url).deliver(NOTIFICATION, NEVER)).toEqual({ kind: 'delivered' })
    expect(receiver.received).toMatchObject([
      {
        headers: { 'content-type': 'application/json', 'idempotency-key': NOTIFICATION.key },
        body: { type: 'alert', transition: 'firing', ...alert({ value: '-Infinity' }) },
      },
    ])
  })

  const inAMinute = new Date(Date.now() + 60_000).toUTCString()
  const cases: readonly { readonly name: string; readonly answer: Answer; readonly delivery: Delivery }[] = [
    { name: '204', answer: status(204), delivery: { kind: 'delivered' } },
    { name: '500', answer: status(500), delivery: { kind: 'retry', reason: 'HTTP 500' } },
    { name: '429', answer: status(429), delivery: { kind: 'retry', reason: 'HTTP 429' } },
    { name: '408', answer: status(408), delivery: { kind: 'retry', reason: 'HTTP 408' } },
    { name: '404', answer: status(404), delivery: { kind: 'refused', reason: 'HTTP 404' } },
    { name: '400', answer: status(400), delivery: { kind: 'refused', reason: 'HTTP 400' } },
    {
      name: 'a redirection, which could lead anywhere',
      answer: status(302, { location: 'http://169.254.169.254/' }),
      delivery: { kind: 'refused', reason: 'HTTP 302' },
    },
    {
      name: '429 with Retry-After in seconds',
      answer: status(429, { 'retry-after': '7' }),
      delivery: { kind: 'retry', reason: 'HTTP 429', afterMs: 7000 },
    },
    {
      name: '503 with a Retry-After of years, which is cut to an hour',
      answer: status(503, { 'retry-after': '99999999' }),
      delivery: { kind: 'retry', reason: 'HTTP 503', afterMs: 3_600_000 },
    },
    {
      name: '503 with a date in Retry-After',
      answer: status(503, { 'retry-after': inAMinute }),
      delivery: { kind: 'retry', reason: 'HTTP 503', afterMs: expect.closeTo(60_000, -4) },
    },
    {
      name: '429 with nonsense in Retry-After',
      answer: status(429, { 'retry-after': 'soon' }),
      delivery: { kind: 'retry', reason: 'HTTP 429' },
    },
    {
      name: 'a connection that is torn down',
      answer: (response) => response.destroy(),
      delivery: { kind: 'retry', reason: 'UND_ERR_SOCKET' },
    },
  ]
  for (const { name, answer, delivery } of cases) {
    test(`takes ${name} as ${delivery.kind}`, async () => {
      const receiver = await Receiver.start(answer)
      expect(await webhook('hook', receiver.url).deliver(NOTIFICATION, NEVER)).toEqual(delivery)
      expect(receiver.received).toHaveLength(1)
    })
  }

  test('gives up on a receiver that does not answer, and will try again', async () => {
    const receiver = await Receiver.start(silence)
    expect(await webhook('hook', receiver.url, 50).deliver(NOTIFICATION, NEVER)).toEqual({
      kind: 'retry',
      reason: 'TimeoutError',
    })
  })

  test('stops at once when it is told to', async () => {
    const receiver = await Receiver.start(silence)
    const stop = new AbortController()
    const delivering = webhook('hook', receiver.url).deliver(NOTIFICATION, stop.signal)
    stop.abort()
    expect(await delivering).toEqual({ kind: 'retry', reason: 'AbortError' })
  })

  test('says what was wrong where nobody listens, without the address and the secret in it', async () => {
    const port = await freePort()
    const delivery = await webhook('hook', `http://127.0.0.1:${port}/?token=s3cret`).deliver(NOTIFICATION, NEVER)
    expect(delivery).toEqual({ kind: 'retry', reason: 'ECONNREFUSED' })
  })

  test('says nothing of the address even where it is none', async () => {
    const delivery = await webhook('hook', 'nowhere?token=s3cret').deliver(NOTIFICATION, NEVER)
    expect(delivery).toEqual({ kind: 'retry', reason: 'ERR_INVALID_URL' })
  })
})

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
