import { describe, expect, test } from 'vitest'
import type { RunsAnswer, SamplesAnswer, SeriesAnswer } from '../../src/protocol/wire.ts'
import { alert, commit, cursor, fileUpdate, LOG, losses, run, sample } from '../store/commits.ts'
import { raw, type Serving, serving } from './serving.ts'

const TOKEN = 'correct-horse-battery-staple'

function url({ address }: Serving, path: string): string {
  return `http://${address}${path}`
}

async function get<T>(at: Serving, path: string): Promise<T> {
  const response = await fetch(url(at, path))
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

/** One run with a sick loss, an alert, a reject and a gap. */
async function servingSickRun(): Promise<Serving> {
  const at = await serving()
  await at.commit(
    commit({
      runs: [run('a/job'), run('b')],
      files: [
        fileUpdate(
          { run: 'a/job', cursor: cursor(400) },
          {
            samples: [1, NaN, Infinity, -Infinity, 2].map((value, i) => sample(i, value)),
            rejects: [
              { run: 'a/job', file: LOG, offset: 7, reason: 'broken-json', detail: 'no value', excerpt: '{"a":' },
            ],
          },
        ),
      ],
      gaps: [{ run: 'a/job', file: LOG, offset: 3, bytes: null, reason: 'the file was truncated' }],
      transitions: [
        { kind: 'firing', alert: alert({ id: '1', run: 'a/job', value: '-Infinity' }), isNews: true },
        { kind: 'resolved', alert: alert({ id: '2', run: 'b', state: 'resolved' }), isNews: true },
      ],
    }),
  )
  return at
}

describe('a question', () => {
  test('of runs is answered with their summaries', async () => {
    const { runs } = await get<RunsAnswer>(await servingSickRun(), '/api/runs')
    expect(runs.find((one) => one.run === 'a/job')).toMatchObject({
      state: 'running',
      files: [LOG],
      critical: 1,
      gaps: 1,
    })
  })

  const filters = [
    { query: '', ids: ['2', '1'] },
    { query: '?run=a%2Fjob', ids: ['1'] },
    { query: '?state=resolved', ids: ['2'] },
    { query: '?run=a%2Fjob&state=resolved', ids: [] },
  ]
  for (const { query, ids } of filters) {
    test(`of alerts${query} is answered with those`, async () => {
      const { alerts } = await get<{ alerts: { id: string }[] }>(await servingSickRun(), `/api/alerts${query}`)
      expect(alerts.map(({ id }) => id).sort()).toEqual([...ids].sort())
    })
  }

  test('of a series is answered with its samples, the non-finite ones intact', async () => {
    const at = await servingSickRun()
    const { series } = await get<SeriesAnswer>(at, '/api/series?run=a%2Fjob')
    expect(series).toMatchObject([{ metric: 'loss', samples: 5, nonFinite: 3 }])
    const { id } = series[0]!
    const whole = await get<SamplesAnswer>(at, `/api/samples?series=${id}`)
    expect(whole).toMatchObject({ value: [1, 'NaN', 'Infinity', '-Infinity', 2], more: false })
    const page = await get<SamplesAnswer>(at, `/api/samples?series=${id}&after=1&limit=2`)
    expect(page).toMatchObject({ ordinal: [2, 3], value: ['Infinity', '-Infinity'], more: true })
    expect(await get(at, `/api/envelope?series=${id}&buckets=2`)).toMatchObject({
      min: [1, 2],
      max: [1, 2],
      nonFinite: [{ value: 'NaN' }, { value: 'Infinity' }, { value: '-Infinity' }],
    })
  })

  const limits = [
    { limit: '-1', rows: 1 },
    { limit: '0', rows: 1 },
    { limit: '', rows: 5 },
    { limit: '1e9', rows: 5 },
    { limit: 'many', rows: 5 },
  ]
  for (const { limit, rows } of limits) {
    test(`with the limit "${limit}" is answered with a bounded page`, async () => {
      const page = await get<SamplesAnswer>(await servingSickRun(), `/api/samples?series=1&limit=${limit}`)
      expect(page.value).toHaveLength(rows)
    })
  }

  test('of rejects, gaps and the status is answered', async () => {
    const at = await servingSickRun()
    expect(await get(at, '/api/rejects?run=a%2Fjob')).toMatchObject({ rejects: [{ offset: 7, excerpt: '{"a":' }] })
    expect(await get(at, '/api/gaps?run=a%2Fjob')).toMatchObject({ gaps: [{ offset: 3, bytes: null }] })
    expect(await get(at, '/api/rejects')).toEqual({ rejects: [] })
    expect(await get(at, '/api/status')).toEqual({ files: 7 })
  })

  const bad = [
    { path: '/api/alerts?state=open', status: 400, error: 'state: firing or resolved' },
    { path: '/api/samples', status: 404, error: 'series: no such series' },
    { path: '/api/samples?series=', status: 404, error: 'series: no such series' },
    { path: '/api/samples?series=99', status: 404, error: 'series: no such series' },
    { path: '/api/samples?series=1e0', status: 404, error: 'series: no such series' },
    { path: '/api/envelope?series=x', status: 404, error: 'series: no such series' },
    { path: '/api/nothing', status: 404, error: 'nothing at /api/nothing' },
  ]
  for (const { path, status, error } of bad) {
    test(`that makes no sense (${path}) is answered with what is wrong, as JSON`, async () => {
      const response = await fetch(url(await servingSickRun(), path))
      expect(response.status).toBe(status)
      expect(await response.json()).toEqual({ error })
    })
  }
})

describe('every answer', () => {
  const requests = [
    { path: '/api/runs', type: 'application/json; charset=utf-8' },
    { path: '/api/nothing', type: 'application/json; charset=utf-8' },
    { path: '/api/alerts?state=open', type: 'application/json; charset=utf-8' },
    { path: '/', type: 'text/html; charset=utf-8' },
    { path: '/assets/main.js', type: 'text/javascript; charset=utf-8' },
  ]
  for (const { path, type } of requests) {
    test(`bears the headers that keep a browser in check: ${path}`, async () => {
      const { headers } = await fetch(url(await serving(), path))
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    })
  }

  test('that refuses, or that tells of a fault of ours, bears them too', async () => {
    const at = await serving({
      status: () => {
        throw new Error('a fault')
      },
    })
    const refused = await raw(at.port, 'GET /api/runs HTTP/1.1', 'Host: evil.example', 'Connection: close')
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
    const fault = await fetch(url(at, '/api/status'))
    expect(fault.status).toBe(500)
    expect(await fault.json()).toEqual({ error: 'a fault' })
    expect(fault.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('the dashboard', () => {
  const traversals = [
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/%2e%2e%2fsecret.html',
    '/..%2fsecret.html',
    '/..%252fsecret.html',
    '/..%5csecret.html',
    '/assets/..%2f..%2fsecret.html',
    '//secret.html',
    '/./../secret.html',
    '/.%00./secret.html',
  ]
  for (const path of traversals) {
    test(`gives nothing beyond its folder: ${path}`, async () => {
      const { port } = await serving()
      const { status, text } = await raw(port, `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close')
      expect(text).not.toContain('SECRET')
      expect(status).toBe(404)
    })
  }

  const absent = [
    '/notes.txt',
    '/missing.js',
    '/index.html/x.js',
    '/folder.html',
    '/a%00.js',
    `/${'x'.repeat(5000)}.js`,
  ]
  for (const path of absent) {
    test(`has nothing at ${path.slice(0, 30)}`, async () => {
      const { port } = await serving()
      const answer = await raw(port, `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close')
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/json')
    })
  }
})

describe('a request to forget a run', () => {
  const post = async (at: Serving, headers: Record<string, string>, body: string) => {
    const response = await fetch(url(at, '/api/forget'), { method: 'POST', headers, body })
    return [response.status, await response.json()]
  }
  const ours = { 'x-nanwatch': '1', 'content-type': 'application/json' }

  test('removes it', async () => {
    const at = await serving()
    await at.commit(losses([1]))
    expect(await post(at, ours, '{"run":"a"}')).toEqual([200, { forgotten: 'a' }])
    expect(await get(at, '/api/runs')).toEqual({ runs: [] })
  })

  const cases = [
    {
      name: 'without the header, as a form of another site would send it',
      headers: {},
      body: '{"run":"a"}',
      answer: [403, { error: 'the header x-nanwatch: 1 is required' }],
    },
    {
      name: 'with an origin of another site',
      headers: { ...ours, origin: 'http://evil.example' },
      body: '{"run":"a"}',
      answer: [403, { error: 'Origin http://evil.example may not ask here' }],
    },
    {
      name: 'for a run that there is not',
      headers: ours,
      body: '{"run":"b"}',
      answer: [404, { error: 'b: no such run' }],
    },
    { name: 'without a name', headers: ours, body: '{}', answer: [400, { error: 'run: a name is required' }] },
    { name: 'that is null', headers: ours, body: 'null', answer: [400, { error: 'run: a name is required' }] },
    { name: 'that is no JSON', headers: ours, body: 'run=a', answer: [400, { error: 'run: a name is required' }] },
    {
      name: 'that is huge',
      headers: ours,
      body: `{"run":"${'a'.repeat(70_000)}"}`,
      answer: [413, { error: 'a body may have at most 65536 bytes' }],
    },
  ]
  for (const { name, headers, body, answer } of cases) {
    test(`changes nothing ${name}`, async () => {
      const at = await serving()
      await at.commit(losses([1]))
      expect(await post(at, headers, body)).toEqual(answer)
      expect(await at.reader.runs()).toHaveLength(1)
    })
  }

  test('is no GET', async () => {
    const at = await serving()
    await at.commit(losses([1]))
    const response = await fetch(url(at, '/api/forget?run=a'), { headers: ours })
    expect(response.status).toBe(404)
    expect(await at.reader.runs()).toHaveLength(1)
  })
})

describe('a login', () => {
  const login = async (at: Serving, body: string) => fetch(url(at, '/login'), { method: 'POST', body })

  test('with the token gives a cookie that opens the rest', async () => {
    const at = await serving({ token: TOKEN })
    expect((await fetch(url(at, '/api/runs'))).status).toBe(401)
    const response = await login(at, JSON.stringify({ token: TOKEN }))
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie')!.split(';')[0]!
    expect((await fetch(url(at, '/api/runs'), { headers: { cookie } })).status).toBe(200)
  })

  for (const body of ['{"token":"wrong"}', '{"token":1}', '{}', 'null', 'nonsense', '']) {
    test(`with ${body === '' ? 'nothing' : body} gives none`, async () => {
      const response = await login(await serving({ token: TOKEN }), body)
      expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null])
    })
  }

  test('is possible because the page itself needs no token, though everything in it does', async () => {
    const at = await serving({ token: TOKEN })
    const status = async (path: string) => (await fetch(url(at, path))).status
    expect([await status('/'), await status('/assets/main.js')]).toEqual([200, 200])
    for (const path of ['/api/runs', '/api/status', '/api/samples?series=1', '/api/runs?x=.js', '/notes.txt']) {
      expect([path, await status(path)]).toEqual([path, 401])
    }
  })

  test('gives none where there is no token to know', async () => {
    expect((await login(await serving(), '{"token":""}')).status).toBe(401)
  })
})
