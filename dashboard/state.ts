import type { Alert } from '../src/protocol/alert.ts'
import type { RunSummary, SeriesInfo } from '../src/protocol/run.ts'
import type { Entry, ServerMessage } from '../src/protocol/wire.ts'
import { type AlertList, NO_ALERTS, reloaded, withAnswer, withArrival, withSeen } from './alert-list.ts'
import { afterMessage, type Connection, NOT_CONNECTED } from './connection.ts'
import { EMPTY_VIEW, type Range, rangeAround, type View } from './view.ts'

/** What is loaded over HTTP. */
export type StatePart = 'runs' | 'alerts' | 'series' | 'samples'

/** Everything on the page but the samples, which live in the series store. */
export interface State {
  readonly connection: Connection
  /** Null until the first answer. Newest activity first. */
  readonly runs: readonly RunSummary[] | null
  readonly alerts: AlertList
  readonly series: { readonly run: string; readonly list: readonly SeriesInfo[] } | null
  readonly view: View
  /** Whether the feed shows every run or the selected one. */
  readonly feed: 'all' | 'run'
  /** What could not be loaded at the last try, and why, in one sentence each. */
  readonly failures: Readonly<Partial<Record<StatePart, string>>>
  /** Whether the server wants a token that it has not been shown. */
  readonly isLocked: boolean
}

export const EMPTY_STATE: State = {
  connection: NOT_CONNECTED,
  runs: null,
  alerts: NO_ALERTS,
  series: null,
  view: EMPTY_VIEW,
  feed: 'all',
  failures: {},
  isLocked: false,
}

export type Action =
  | { readonly type: 'message'; readonly message: ServerMessage; readonly atMs: number }
  | { readonly type: 'line'; readonly phase: 'connecting' | 'waiting' }
  | { readonly type: 'runs'; readonly runs: readonly RunSummary[] }
  | { readonly type: 'alerts'; readonly load: number; readonly alerts: readonly Alert[] }
  | { readonly type: 'series'; readonly run: string; readonly list: readonly SeriesInfo[] }
  | { readonly type: 'load'; readonly part: StatePart; readonly failure: string | null }
  | { readonly type: 'locked' }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'select-run'; readonly run: string }
  | { readonly type: 'learn'; readonly topic: string | null }
  | { readonly type: 'open-alert'; readonly id: string }
  | { readonly type: 'zoom'; readonly range: Range | null }
  | { readonly type: 'show-charts'; readonly charts: readonly string[] }
  | { readonly type: 'toggle-log'; readonly chart: string }
  | { readonly type: 'feed'; readonly feed: 'all' | 'run' }
  | { readonly type: 'seen' }
  | { readonly type: 'dismiss-away' }

/** The page after one thing has happened. Pure: the time comes with the action. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'message':
      return afterServer(state, action.message, action.atMs)
    case 'line':
      return { ...state, connection: { ...state.connection, phase: action.phase } }
    case 'runs':
      return withRuns(state, action.runs)
    case 'alerts':
      return { ...state, alerts: withAnswer(state.alerts, action.load, action.alerts) }
    case 'series':
      return action.run === state.view.run ? { ...state, series: { run: action.run, list: action.list } } : state
    case 'load':
      return withFailure(state, action.part, action.failure)
    case 'locked':
      return { ...state, isLocked: true, failures: {} }
    case 'view':
      return withView(state, action.view)
    case 'select-run':
      // A lesson stays open: it is told with the numbers of the other run.
      return action.run === state.view.run
        ? state
        : withView(state, { ...EMPTY_VIEW, run: action.run, lesson: state.view.lesson })
    case 'learn':
      return withView(state, { ...state.view, lesson: action.topic })
    case 'open-alert':
      return withOpenAlert(state, action.id)
    case 'zoom':
      return withView(state, { ...state.view, range: action.range })
    case 'show-charts':
      return withView(state, { ...state.view, charts: action.charts })
    case 'toggle-log':
      return withView(state, { ...state.view, log: toggled(state.view.log, action.chart) })
    case 'feed':
      return { ...state, feed: action.feed }
    case 'seen':
      return { ...state, alerts: { ...withSeen(state.alerts, null), whileAway: 0 } }
    case 'dismiss-away':
      return { ...state, alerts: { ...state.alerts, whileAway: 0 } }
  }
}

function afterServer(state: State, message: ServerMessage, atMs: number): State {
  if (message.type === 'changed') return state
  if (message.type === 'welcome' && !message.resumed) {
    // Another database, or the first visit: nothing of what is here is known to be true.
    const connection = afterMessage(state.connection, message, atMs)
    const isOther = state.connection.epoch !== null
    return { ...state, connection, alerts: reloaded(state.alerts), series: isOther ? null : state.series }
  }
  const applied = message.type === 'entries' ? message.entries.reduce(afterEntry, state) : state
  return { ...applied, connection: afterMessage(applied.connection, message, atMs) }
}

/** Applies an entry once: one that is not after the last is an echo. */
function afterEntry(state: State, entry: Entry): State {
  const { lastSeq, replay } = state.connection
  if (entry.seq <= lastSeq) return state
  const next = { ...state, connection: { ...state.connection, lastSeq: entry.seq } }
  // What was loaded over HTTP after the welcome holds the history already, and in its latest state.
  const isOld = entry.seq <= replay.until
  if (isOld && !replay.resumed) return next
  if (entry.type === 'alert') {
    return { ...next, alerts: withArrival(next.alerts, entry.alert, entry.isNews, isOld ? 'while-away' : 'live') }
  }
  return entry.type === 'run' ? { ...next, runs: next.runs?.map((run) => withState(run, entry)) ?? null } : next
}

function withState(run: RunSummary, entry: Extract<Entry, { type: 'run' }>): RunSummary {
  if (run.run !== entry.run) return run
  const { state, backfill, stateSince = null, stateKnownBy = null, stateReason = null } = entry
  return { ...run, state, backfill, stateSince, stateKnownBy, stateReason }
}

function withRuns(state: State, answer: readonly RunSummary[]): State {
  const runs = [...answer].sort(byActivity)
  return withView({ ...state, runs, isLocked: false }, state.view)
}

/** A view without a run gets one as soon as there are any: one in trouble before one that is well. */
function withView(state: State, asked: View): State {
  const run = asked.run ?? (state.runs?.find(({ critical }) => critical > 0) ?? state.runs?.[0])?.run ?? null
  const view = run === asked.run ? asked : { ...asked, run }
  return { ...state, view, series: state.series?.run === run ? state.series : null }
}

function withFailure(state: State, part: StatePart, failure: string | null): State {
  if ((state.failures[part] ?? null) === failure) return state
  const { [part]: _, ...others } = state.failures
  return { ...state, failures: failure === null ? others : { ...others, [part]: failure } }
}

function withOpenAlert(state: State, id: string): State {
  const alert = state.alerts.alerts.find((other) => other.id === id)
  if (alert === undefined) return state
  const { view } = state
  const lastStep = state.runs?.find((run) => run.run === alert.run)?.lastStep ?? null
  const range = alert.step === null ? null : rangeAround(alert.step, lastStep)
  const opened = withView(state, {
    ...(alert.run === view.run ? view : { ...EMPTY_VIEW, run: alert.run }),
    range,
    alert: id,
    lesson: null,
  })
  return { ...opened, alerts: withSeen(state.alerts, id) }
}

/**
 * Newest activity first. Running jobs are all active now, so among them the one
 * that began last comes first: sorted by their last line they would change
 * places under the mouse.
 */
function byActivity(a: RunSummary, b: RunSummary): number {
  const [aRuns, bRuns] = [isLive(a), isLive(b)]
  if (aRuns !== bRuns) return aRuns ? -1 : 1
  const [aAt, bAt] = aRuns ? [a.firstSeenAt, b.firstSeenAt] : [a.lastReadAt, b.lastReadAt]
  if (aAt !== bAt) return aAt > bAt ? -1 : 1
  return a.run < b.run ? -1 : 1
}

/** Whether a run's job is at work, as far as that is known. */
function isLive({ state }: RunSummary): boolean {
  return state === 'running' || state === 'starting'
}

function toggled(keys: readonly string[], key: string): readonly string[] {
  return keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key]
}
