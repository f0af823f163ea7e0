import type { Alert } from '../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../src/protocol/json.ts'
import type { Lesson, TopicsAnswer } from '../src/protocol/lesson.ts'
import type { RunSummary, SeriesInfo } from '../src/protocol/run.ts'
import type {
  AlertsAnswer,
  EnvelopeAnswer,
  ErrorAnswer,
  Gap,
  Reject,
  RunsAnswer,
  SamplesAnswer,
  SeriesAnswer,
} from '../src/protocol/wire.ts'

/** A request that got no answer, or a refusal. The message is fit for the page. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** Whether the server wants a token first. */
  readonly isLocked: boolean

  constructor(message: string, options?: ErrorOptions & { isLocked?: boolean }) {
    super(message, options)
    this.isLocked = options?.isLocked ?? false
  }
}

/** The part of GET /api/status that is shown here. */
export interface Status {
  readonly roots: readonly string[]
  readonly problems: readonly { readonly where: string; readonly reason: string; readonly since: string }[]
}

/** The server's queries, each as a promise that fails with an `ApiError` only. */
export interface Api {
  runs(): Promise<readonly RunSummary[]>
  alerts(): Promise<readonly Alert[]>
  series(run: string): Promise<readonly SeriesInfo[]>
  samples(seriesId: number, afterOrdinal: number): Promise<SamplesAnswer>
  envelope(seriesId: number, buckets: number): Promise<EnvelopeAnswer>
  /** The newest lines that should have held data but do not read. */
  rejects(run: string): Promise<readonly Reject[]>
  /** Stretches of bytes that went away before they could be read. */
  gaps(run: string): Promise<readonly Gap[]>
  /** What can be learned, and from which runs. */
  topics(): Promise<TopicsAnswer>
  /** One lesson with the numbers of this run, or of the newest that has any. */
  lesson(topic: string, run: string | null): Promise<Lesson>
  /** What the daemon watches. */
  status(): Promise<Status>
  /** Shows the token; the browser keeps it from then on. */
  login(token: string): Promise<void>
}

const TIMEOUT_MS = 20_000

/** Queries to the server that this page came from. `baseUrl` may hold a path: the page works behind a proxy. */
export function api(baseUrl: string, fetch: typeof globalThis.fetch): Api {
  const get = async <T>(path: string, query: Record<string, string | number> = {}): Promise<T> => {
    const url = new URL(`api/${path}`, baseUrl)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    return read<T>(`api/${path}`, await answerTo(fetch, url))
  }
  return {
    runs: async () => (await get<RunsAnswer>('runs')).runs,
    alerts: async () => (await get<AlertsAnswer>('alerts')).alerts,
    series: async (run) => (await get<SeriesAnswer>('series', { run })).series,
    samples: (series, after) => get('samples', { series, after }),
    envelope: (series, buckets) => get('envelope', { series, buckets }),
    rejects: async (run) => (await get<{ rejects: readonly Reject[] }>('rejects', { run })).rejects,
    gaps: async (run) => (await get<{ gaps: readonly Gap[] }>('gaps', { run })).gaps,
    topics: () => get('learn'),
    lesson: (topic, run) => get(`learn/${encodeURIComponent(topic)}`, run === null ? {} : { run }),
    status: () => get('status'),
    login: async (token) => {
      const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: encodeJson({ token }) }
      read('login', await answerTo(fetch, new URL('login', baseUrl), request))
    },
  }
}

async function answerTo(
  fetch: typeof globalThis.fetch,
  url: URL,
  request: RequestInit = {},
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    throw new ApiError('The server does not answer.', { cause })
  }
}

function read<T>(path: string, { status, text }: { status: number; text: string }): T {
  try {
    const answer = decodeJson<T & Partial<ErrorAnswer>>(text)
    if (status < 400) return answer
    const sentence = [answer.error ?? `HTTP ${status}`, answer.hint].filter(Boolean).join(' ')
    throw new ApiError(sentence, { isLocked: status === 401 })
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    throw new ApiError(`/${path} gave an answer that cannot be read (HTTP ${status}).`, { cause })
  }
}
