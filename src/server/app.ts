import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { lesson, topicList } from '../core/lessons/lesson-of-topic.ts'
import { published } from '../protocol/alert.ts'
import { encodeJson } from '../protocol/json.ts'
import type { TopicsAnswer } from '../protocol/lesson.ts'
import type { AlertsAnswer, ErrorAnswer, RunsAnswer, SeriesAnswer } from '../protocol/wire.ts'
import type { AlertFilter, Reader } from '../store/store.ts'
import { type GuardSettings, isSameToken, judge, tokenCookie } from './guard.ts'
import { demoSubject } from './lessons/demo-subject.ts'
import { runsToLearnFrom } from './lessons/run-subject.ts'
import { subjectOf } from './lessons/subject.ts'

export interface AppOptions {
  readonly reader: Reader
  readonly guard: GuardSettings
  /** The folder with the built dashboard. */
  readonly dashboard: string
  readonly status: () => object
  readonly forget: (run: string) => Promise<void>
}

const SECURITY_HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // Behind a proxy with TLS it would forbid plain HTTP to everything else that runs under the name of the host.
  strictTransportSecurity: false,
}

const MOST_BODY_BYTES = 64 * 1024
const SAMPLES_LIMIT = 10_000
const MOST_SAMPLES = 100_000
const MOST_BUCKETS = 5000

/** The routes: queries as JSON, the dashboard's files, and the few requests that change something. */
export function app({ reader, guard, dashboard, status, forget }: AppOptions): Hono {
  const routes = new Hono()

  routes.use(secureHeaders(SECURITY_HEADERS))
  routes.use((c, next) => {
    c.header('cache-control', 'no-store')
    return next()
  })
  routes.use(admit({ ...guard, token: null }))
  routes.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: (c) => problem(c, 413, `a body may have at most ${MOST_BODY_BYTES} bytes`),
    }),
  )
  routes.onError((error, c) => problem(c, 500, error.message))
  routes.notFound((c) => problem(c, 404, `nothing at ${c.req.path}`))

  routes.post('/login', async (c) => {
    const { token } = await fields(c)
    if (guard.token === null || typeof token !== 'string' || !isSameToken(token, guard.token))
      return problem(c, 401, 'wrong token')
    c.header('set-cookie', tokenCookie(token))
    return answer(c, { ok: true })
  })
  // The page comes before the token: a browser has none until the page has asked for it.
  routes.on('GET', ['/', '/index.html', '/favicon.svg', '/assets/*'], serveStatic({ root: dashboard }))
  routes.use(admit(guard))

  routes.get('/api/status', (c) => answer(c, status()))
  routes.get('/api/runs', async (c) => answer(c, { runs: await reader.runs() } satisfies RunsAnswer))
  routes.get('/api/alerts', async (c) => {
    const { run, state } = c.req.query()
    if (state !== undefined && state !== 'firing' && state !== 'resolved')
      return problem(c, 400, 'state: firing or resolved')
    const filter: AlertFilter = { ...(run === undefined ? {} : { run }), ...(state === undefined ? {} : { state }) }
    return answer(c, { alerts: (await reader.alerts(filter)).map(published) } satisfies AlertsAnswer)
  })
  routes.get('/api/alerts/:id', async (c) => {
    const all = await reader.alerts({ withParts: true })
    const asked = all.find(({ id }) => id === c.req.param('id'))
    if (asked === undefined) return problem(c, 404, 'alert: no such alert')
    const whole = all.filter(({ id }) => id === asked.partOf)
    return answer(c, { alerts: [asked, ...whole].map(published) } satisfies AlertsAnswer)
  })
  routes.get('/api/series', async (c) =>
    answer(c, { series: await reader.series(c.req.query('run')) } satisfies SeriesAnswer),
  )
  routes.get('/api/rejects', async (c) => answer(c, { rejects: await reader.rejects(c.req.query('run') ?? '', 200) }))
  routes.get('/api/gaps', async (c) => answer(c, { gaps: await reader.gaps(c.req.query('run') ?? '') }))
  routes.get('/api/samples', async (c) => {
    const id = integer(c, 'series')
    const after = integer(c, 'after') ?? -1
    const limit = Math.min(Math.max(1, integer(c, 'limit') ?? SAMPLES_LIMIT), MOST_SAMPLES)
    const found = id === null ? null : await reader.samples(id, after, limit)
    return found === null ? problem(c, 404, 'series: no such series') : answer(c, found)
  })
  routes.get('/api/envelope', async (c) => {
    const id = integer(c, 'series')
    const buckets = Math.min(Math.max(1, integer(c, 'buckets') ?? 1000), MOST_BUCKETS)
    const found = id === null ? null : await reader.envelope(id, buckets)
    return found === null ? problem(c, 404, 'series: no such series') : answer(c, found)
  })

  routes.get('/api/learn', async (c) =>
    answer(c, { topics: topicList(), runs: await runsToLearnFrom(reader) } satisfies TopicsAnswer),
  )
  routes.get('/api/learn/:topic', (c) =>
    reader.snapshot(async (view) => {
      const { run, demo } = c.req.query()
      const step = integer(c, 'step')
      if (run !== undefined && !(await isKnown(view, run))) return problem(c, 404, `${run}: no such run`)
      const subject = demo === undefined ? await subjectOf(view, run ?? null, step) : demoSubject(step)
      if (subject === null) return problem(c, 404, 'step: no batch of predictions was read at it')
      const found = lesson(c.req.param('topic'), subject)
      return found === null ? problem(c, 404, 'topic: no such topic') : answer(c, found)
    }),
  )

  // A page of another site cannot send this header without asking first, and it is never allowed to.
  routes.post('/api/forget', async (c) => {
    if (c.req.header('x-nanwatch') !== '1') return problem(c, 403, 'the header x-nanwatch: 1 is required')
    const { run } = await fields(c)
    if (typeof run !== 'string') return problem(c, 400, 'run: a name is required')
    if (!(await isKnown(reader, run))) return problem(c, 404, `${run}: no such run`)
    await forget(run)
    return answer(c, { forgotten: run })
  })

  return routes
}

/** Lets a request pass, or answers with why not. */
function admit(settings: GuardSettings): MiddlewareHandler {
  return async (c, next) => {
    const verdict = judge(c.req.header(), settings)
    return verdict.isAllowed ? next() : problem(c, verdict.status, verdict.error)
  }
}

async function isKnown(reader: Reader, run: string): Promise<boolean> {
  return (await reader.runs()).some((known) => known.run === run)
}

function answer(c: Context, body: object, status: ContentfulStatusCode = 200): Response {
  return c.body(encodeJson(body), status, { 'content-type': 'application/json; charset=utf-8' })
}

function problem(c: Context, status: ContentfulStatusCode, error: string): Response {
  return answer(c, { error } satisfies ErrorAnswer, status)
}

/** The fields of a JSON object in the body; none where there is no such thing. */
async function fields(c: Context): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = await c.req.json()
    return typeof body === 'object' && body !== null ? { ...body } : {}
  } catch {
    // Not JSON: the client is told which field is missing.
    return {}
  }
}

function integer(c: Context, name: string): number | null {
  const text = c.req.query(name) ?? ''
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null
}
