import { batch, computed, effect, signal } from '@preact/signals'
import type { ServerMessage } from '../src/protocol/wire.ts'
import { everyFrame } from './animation-frame.ts'
import { type Api, ApiError, api } from './api.ts'
import { dispatch, range, shownGroups, state, view } from './page-store.ts'
import { repeat } from './repeat.ts'
import { seriesLoader } from './series-loader.ts'
import { browserSurroundings, socket } from './socket.ts'
import type { StatePart } from './state.ts'

const RUNS_REST_MS = 1500
const SERIES_REST_MS = 400

const surroundings = browserSurroundings(location.href)
/** The server's queries. */
export const server: Api = api(location.href, (...request) => fetch(...request))

/** Rises whenever samples arrive: what draws them reads it. */
export const samplesVersion = signal(0)
/** Keys of the charts that are in sight; only their samples are loaded. */
export const chartsInSight = signal<ReadonlySet<string>>(new Set())

/** The samples of the shown run. */
export const samples = seriesLoader(
  server,
  surroundings,
  everyFrame(() => samplesVersion.value++),
  (failure) => dispatch({ type: 'load', part: 'samples', failure }),
)

const refreshRuns = repeat(
  () => load('runs', async () => dispatch({ type: 'runs', runs: await server.runs() })),
  RUNS_REST_MS,
  surroundings,
)

const refreshSeries = repeat(
  () =>
    load('series', async () => {
      const run = view.peek().run
      if (run !== null) dispatch({ type: 'series', run, list: await server.series(run) })
    }),
  SERIES_REST_MS,
  surroundings,
)

const refreshAlerts = repeat(
  () =>
    load('alerts', async () => {
      const { load: number, loaded } = state.peek().alerts
      if (!loaded) dispatch({ type: 'alerts', load: number, alerts: await server.alerts() })
    }),
  0,
  surroundings,
)

/** Connects the page to the server: the lists over HTTP, then every entry as it is written. */
export function goLive(): void {
  const selected = computed(() => view.value.run)
  effect(() => {
    samples.clear()
    if (selected.value !== null) refreshSeries()
  })
  const wanted = computed(() =>
    shownGroups.value
      .filter(({ key }) => chartsInSight.value.has(key))
      .flatMap(({ lines }) => lines.map(({ info }) => info)),
  )
  effect(() => samples.want(wanted.value))
  effect(() => samples.zoom(range.value))
  const load = computed(() => state.value.alerts.load)
  effect(() => {
    void load.value
    refreshAlerts()
  })
  refreshRuns()
  follow()
}

function follow(): void {
  const inbox: ServerMessage[] = []
  // A burst of messages costs one draw: they wait here for the next frame.
  const flush = everyFrame(() => batch(() => inbox.splice(0).forEach(receive)))
  const line = socket(surroundings, {
    position: () => {
      // What waits here has been received: asking for it again would only bring echoes.
      batch(() => inbox.splice(0).forEach(receive))
      return { epoch: state.peek().connection.epoch, lastSeq: state.peek().connection.lastSeq }
    },
    message: (message) => {
      inbox.push(message)
      flush()
    },
    phase: (phase) => dispatch({ type: 'line', phase }),
  })
  window.addEventListener('online', line.wake)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) line.wake()
  })
}

function receive(message: ServerMessage): void {
  const { epoch } = state.peek().connection
  dispatch({ type: 'message', message, atMs: Date.now() })
  if (message.type === 'heartbeat') return
  refreshRuns()
  if (message.type === 'welcome') {
    if (epoch !== null && !message.resumed) samples.clear()
    refreshSeries()
  }
  const run = view.peek().run
  if (message.type === 'changed' && run !== null && message.runs.includes(run)) refreshSeries()
}

async function load(part: StatePart, request: () => Promise<void>): Promise<boolean> {
  try {
    await request()
    dispatch({ type: 'load', part, failure: null })
    return true
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.isLocked) dispatch({ type: 'locked' })
    else dispatch({ type: 'load', part, failure: error.message })
    return false
  }
}
