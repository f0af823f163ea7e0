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

  test('of an alert that has become a part of another is answered with the whole behind it', async () => {
    const at = await servingSickRun()
    const part = alert({ id: '3', run: 'a/job', partOf: '1' })
    await at.commit(commit({ runs: [run('a/job')], transitions: [{ kind: 'firing', alert: part, isNews: false }] }))
    const { alerts } = await get<{ alerts: { id: string }[] }>(at, '/api/alerts/3')
    expect(alerts).toMatchObject([{ id: '3', partOf: '1' }, { id: '1' }])
    expect(await get(at, '/api/alerts/1')).toMatchObject({ alerts: [{ id: '1' }] })
  })

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
    { path: '/api/alerts/nothing', status: 404, error: 'alert: no such alert' },
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
  const json = 'application/json; charset=utf-8'
  const js = 'text/javascript; charset=utf-8'
  const requests = [
    { path: '/api/runs', status: 200, type: json },
    { path: '/', status: 200, type: 'text/html; charset=utf-8' },
    { path: '/assets/main.js', status: 200, type: js },
    { path: '/assets/main.js', status: 206, type: js, headers: { range: 'bytes=0-3' } },
    { path: '/api/alerts?state=open', status: 400, type: json },
    { path: '/api/runs', status: 401, type: json, headers: { authorization: 'Bearer wrong' } },
    { path: '/login', status: 401, type: json, method: 'POST' },
    { path: '/', status: 403, type: json, headers: { host: 'evil.example' } },
    { path: '/', status: 403, type: json, headers: { origin: 'http://evil.example' } },
    { path: '/api/nothing', status: 404, type: json },
    { path: '/assets/nothing.js', status: 404, type: json },
    { path: '/login', status: 413, type: json, method: 'POST', headers: { 'content-length': '70000' } },
    { path: '/api/status', status: 500, type: json },
  ]
  for (const { path, status, type, method = 'GET', headers } of requests) {
    test(`bears the headers that keep a browser in check: ${method} ${path} (${status})`, async () => {
      const { port } = await serving({ token: TOKEN, status: () => expect.unreachable('a fault') })
      const usual = { host: `127.0.0.1:${port}`, authorization: `Bearer ${TOKEN}`, connection: 'close' }
      const lines = Object.entries({ ...usual, ...headers }).map(([name, value]) => `${name}: ${value}`)
      const answer = await raw(port, `${method} ${path} HTTP/1.1`, ...lines)
      expect(answer.status).toBe(status)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect([...answer.headers.keys()]).not.toContain('access-control-allow-origin')
      expect([...answer.headers.keys()]).not.toContain('strict-transport-security')
      if (status >= 400) expect(Object.keys(JSON.parse(answer.text))).toEqual(['error'])
    })
  }

  for (const path of ['/', '/assets/main.js', '/api/runs', '/api/nothing', '/assets', '/notes.txt']) {
    test(`to HEAD ${path} is that to GET without its body`, async () => {
      const { port } = await serving()
      const ask = (method: string) =>
        raw(port, `${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close')
      const [head, whole] = [await ask('HEAD'), await ask('GET')]
      expect([head.status, head.text]).toEqual([whole.status, ''])
      for (const name of ['content-type', 'content-security-policy', 'cache-control', 'last-modified'])
        expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)])
    })
  }

  test('about a fault of ours says what it was', async () => {
    const at = await serving({
      status: () => {
        throw new Error('a fault')
      },
    })
    expect(await (await fetch(url(at, '/api/status'))).json()).toEqual({ error: 'a fault' })
  })
})

describe('the dashboard', () => {
  const traversals = [
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/%2e%2e%2fsecret.html',
    '/..%2fsecret.html',
    '/..%252fsecret.html',
    '/..%5csecret.html',
    '/assets/..%2f..%2fsecret.html',
    '//secret.html',
    '/./../secret.html',
    '/.%00./secret.html',
    '/assets/../../secret.html',
    '/assets/%2e%2e/%2e%2e/secret.html',
    '/assets/..%2f../secret.html',
    '/assets/..%252f..%252fsecret.html',
    '/assets/..%5c..%5csecret.html',
    '/assets/%c0%ae%c0%ae/%c0%ae%c0%ae/secret.html',
    '/assets/%',
  ]
  for (const path of traversals) {
    test(`gives nothing beyond its folder: ${path}`, async () => {
      const { port } = await serving()
      const { status, text } = await raw(port, `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close')
      expect(text).not.toContain('SECRET')
      expect(status).toBe(404)
    })
  }

  test('gives nothing for a path with a backslash, which is no path', async () => {
    const { port } = await serving()
    const request = [`Host: 127.0.0.1:${port}`, 'Connection: close']
    const answer = await raw(port, 'GET /assets/..\\..\\secret.html HTTP/1.1', ...request)
    expect([answer.status, answer.text.includes('SECRET')]).toEqual([400, false])
  })

  const absent = [
    '/notes.txt',
    '/assets',
    '/assets/',
    '/assets/missing.js',
    '/assets/main.js/x.js',
    '/assets/folder.js',
    '/assets/folder.js/',
    '/assets/dangling.js',
    '/assets/a%00.js',
    `/assets/${'x'.repeat(5000)}.js`,
  ]
  for (const path of absent) {
    test(`has nothing at ${path.slice(0, 30)}`, async () => {
      const { port } = await serving()
      const answer = await raw(port, `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close')
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/json')
    })
  }

  test('follows a link in its folder, which only those can make who could put the file itself there', async () => {
    const response = await fetch(url(await serving(), '/assets/linked.js'))
    expect([response.status, await response.text()]).toEqual([200, 'LINKED'])
  })

  test('is read and not written to', async () => {
    const at = await serving()
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(url(at, '/assets/main.js'), { method })).status).toBe(404)
  })
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
    expect(response.headers.get('set-cookie')).toBe(`nanwatch_token=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`)
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
    const rest = ['/api/runs', '/api/status', '/api/samples?series=1', '/api/runs?x=.js', '/notes.txt', '/missing.js']
    for (const path of [...rest, '/assets', '/assets/missing.js', '/assets/%2e%2e/api/runs', '/assets/..%2fapi/runs']) {
      expect([path, await status(path)]).toEqual([path, 401])
    }
  })

  test('is needed to learn which runs there are, even from a refusal', async () => {
    const at = await serving({ token: TOKEN })
    await at.commit(losses([1]))
    for (const name of ['a', 'none']) expect((await fetch(url(at, `/api/learn/x.js?run=${name}`))).status).toBe(401)
  })

  test('gives none where there is no token to know', async () => {
    expect((await login(await serving(), '{"token":""}')).status).toBe(401)
  })
})
