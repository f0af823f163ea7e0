import { describe, expect, test } from 'vitest'
import { firingCount } from '../../dashboard/alert-list.ts'
import { type Action, EMPTY_STATE, reduce, type State } from '../../dashboard/state.ts'
import { EMPTY_VIEW } from '../../dashboard/view.ts'
import type { RunSummary } from '../../src/protocol/run.ts'
import type { Entry, EntryBody, ServerMessage } from '../../src/protocol/wire.ts'
import { AT, alert, run } from './nouns.ts'

const entry = (seq: number, body: EntryBody): Entry => ({ ...body, seq, at: AT })
const alertEntry = (seq: number, ...of: Parameters<typeof alert>): Entry =>
  entry(seq, { type: 'alert', alert: alert(...of), isNews: true })
const message = (sent: ServerMessage): Action => ({ type: 'message', message: sent, atMs: 1000 })
const entries = (head: number, ...list: Entry[]): Action => message({ type: 'entries', entries: list, head })
const welcome = (head: number, resumed: boolean, epoch = 'e'): Action =>
  message({ type: 'welcome', epoch, head, resumed, version: '1' })
const stateAfter = (...actions: Action[]): State => actions.reduce(reduce, EMPTY_STATE)
const ids = (state: State): string[] => state.alerts.alerts.map(({ id }) => id)

/** A page that has been welcomed by a server at entry 10, and has its lists. */
const OPEN: Action[] = [
  welcome(10, false),
  { type: 'alerts', load: 1, alerts: [] },
  entries(10, entry(10, { type: 'run', run: 'a', state: 'running', backfill: false })),
]

describe('entries', () => {
  test('are applied in order', () => {
    const state = stateAfter(...OPEN, entries(12, alertEntry(11, 'x'), alertEntry(12, 'x', { state: 'resolved' })))
    expect(state.alerts.alerts.map((one) => one.state)).toEqual(['resolved'])
    expect(state.connection.lastSeq).toBe(12)
  })

  test('with a sequence number that does not rise are ignored', () => {
    const state = stateAfter(
      ...OPEN,
      entries(12, alertEntry(12, 'x', { state: 'resolved' })),
      entries(12, alertEntry(12, 'x'), alertEntry(11, 'y')),
    )
    expect(ids(state)).toEqual(['x'])
    expect(state.alerts.alerts[0]?.state).toBe('resolved')
  })

  test('of an alert that became part of another take it from the list', () => {
    const state = stateAfter(
      ...OPEN,
      entries(13, alertEntry(11, 'x'), alertEntry(12, 'y'), alertEntry(13, 'x', { partOf: 'y' })),
    )
    expect(ids(state)).toEqual(['y'])
  })

  test('that say how a run goes change the run', () => {
    const state = stateAfter(
      ...OPEN,
      { type: 'runs', runs: [run('a')] },
      entries(11, entry(11, { type: 'run', run: 'a', state: 'failed', backfill: false })),
    )
    expect(state.runs?.[0]?.state).toBe('failed')
  })

  test('of a kind that this page does not know count, and change nothing else', () => {
    const strange = {
      ...entry(11, { type: 'gap', gap: { run: 'a', file: 'f', offset: 0, bytes: 1, reason: 'x' } }),
      type: 'strange',
    }
    const state = stateAfter(...OPEN, entries(11, strange as unknown as Entry))
    expect(state.connection.lastSeq).toBe(11)
    expect(state.alerts.alerts).toEqual([])
  })
})

describe('a first visit', () => {
  test('does not show the history as news, and does not undo the list with it', () => {
    const resolved = alert('old', { state: 'resolved' })
    const state = stateAfter(
      welcome(10, false),
      { type: 'alerts', load: 1, alerts: [resolved] },
      entries(10, alertEntry(3, 'old'), alertEntry(9, 'old', { state: 'resolved' })),
    )
    expect(state.alerts.alerts).toEqual([resolved])
    expect(state.alerts.unseen.size).toBe(0)
    expect(state.connection.lastSeq).toBe(9)
  })

  test('keeps an alert that arrives before the list does', () => {
    const state = stateAfter(welcome(10, false), entries(11, alertEntry(11, 'new')), {
      type: 'alerts',
      load: 1,
      alerts: [alert('old', { detectedAt: '2026-01-01' })],
    })
    expect(ids(state)).toEqual(['new', 'old'])
    expect([...state.alerts.unseen]).toEqual(['new'])
  })

  test('drops a list that was asked for before the welcome', () => {
    const state = stateAfter(welcome(10, false), { type: 'alerts', load: 0, alerts: [alert('early')] })
    expect(ids(state)).toEqual([])
    expect(state.alerts.loaded).toBe(false)
  })
})

describe('a reconnect', () => {
  test('counts the alerts that arrived while the page was away, each once', () => {
    const state = stateAfter(
      ...OPEN,
      welcome(14, true),
      entries(14, alertEntry(11, 'x'), alertEntry(12, 'x', { state: 'resolved' }), alertEntry(14, 'y')),
      entries(15, alertEntry(15, 'z')),
    )
    expect(state.alerts.whileAway).toBe(2)
    expect(ids(state).sort()).toEqual(['x', 'y', 'z'])
  })

  test('to another history drops the alerts and asks for the list again', () => {
    const before = stateAfter(...OPEN, entries(11, alertEntry(11, 'x')))
    const state = reduce(before, welcome(3, false, 'other'))
    expect(state.alerts).toMatchObject({ alerts: [], loaded: false, load: before.alerts.load + 1 })
    expect(state.connection).toMatchObject({ epoch: 'other', lastSeq: 0 })
  })

  test('that brings nothing says nothing', () => {
    expect(stateAfter(...OPEN, welcome(10, true)).alerts.whileAway).toBe(0)
  })
})

test('a live alert is new until somebody opens it', () => {
  const arrived = stateAfter(...OPEN, entries(11, alertEntry(11, 'x')))
  expect([...arrived.alerts.unseen]).toEqual(['x'])
  expect(arrived.alerts.announcement).toBe('New critical alert in a: step 90: loss is NaN.')
  expect(reduce(arrived, { type: 'open-alert', id: 'x' }).alerts.unseen.size).toBe(0)
})

test('an alert that resolves is no news', () => {
  const state = stateAfter(
    welcome(10, false),
    { type: 'alerts', load: 1, alerts: [alert('x')] },
    entries(11, alertEntry(11, 'x', { state: 'resolved' })),
  )
  expect(state.alerts.unseen.size).toBe(0)
  expect(firingCount(state.alerts.alerts, 'critical')).toBe(0)
})

test('an alert that the server does not call news is listed and not announced', () => {
  const backfill = entry(11, { type: 'alert', alert: alert('x', { backfill: true }), isNews: false })
  const state = stateAfter(...OPEN, entries(11, backfill))
  expect(ids(state)).toEqual(['x'])
  expect(state.alerts.unseen.size).toBe(0)
  expect(state.alerts.announcement).toBe('')
})

test('an alert that got worse after it was looked at is new again', () => {
  const warned = stateAfter(...OPEN, entries(11, alertEntry(11, 'x', { severity: 'warning' })), { type: 'seen' })
  expect([...reduce(warned, entries(12, alertEntry(12, 'x'))).alerts.unseen]).toEqual(['x'])
})

test('a page that is asked for a token shows no other failure, and is let in by the first list of runs', () => {
  const locked = stateAfter({ type: 'load', part: 'runs', failure: 'No.' }, { type: 'locked' })
  expect(locked).toMatchObject({ isLocked: true, failures: {} })
  expect(reduce(locked, { type: 'runs', runs: [] }).isLocked).toBe(false)
})

test('alerts are listed newest first, and by step where they were seen in one moment', () => {
  const alerts = [alert('a', { step: 5 }), alert('c', { step: 9 }), alert('b', { detectedAt: '2026-03-02' })]
  expect(ids(stateAfter(welcome(0, false), { type: 'alerts', load: 1, alerts }))).toEqual(['b', 'c', 'a'])
})

test('opening an alert shows its run around its step', () => {
  const state = stateAfter(
    { type: 'runs', runs: [run('a', { lastStep: 1000 }), run('b')] },
    { type: 'alerts', load: 0, alerts: [alert('x')] },
    { type: 'select-run', run: 'b' },
    { type: 'open-alert', id: 'x' },
  )
  expect(state.view).toEqual({ ...EMPTY_VIEW, run: 'a', range: { from: 30, to: 120 }, alert: 'x' })
})

describe('the first list of runs', () => {
  const runs = [
    run('old', { lastReadAt: '2026-01-01', state: 'finished' }),
    run('new', { state: 'finished' }),
    run('bad', { critical: 1, state: 'failed', lastReadAt: '2026-02-01' }),
  ]

  test('is sorted by activity', () => {
    expect(stateAfter({ type: 'runs', runs }).runs?.map((one) => one.run)).toEqual(['new', 'bad', 'old'])
  })

  test('selects a run in trouble before one that is well', () => {
    expect(stateAfter({ type: 'runs', runs }).view.run).toBe('bad')
  })

  test('leaves alone what the URL has selected', () => {
    expect(stateAfter({ type: 'view', view: { ...EMPTY_VIEW, run: 'gone' } }, { type: 'runs', runs }).view.run).toBe(
      'gone',
    )
  })
})

test('running jobs keep their places, whichever wrote last', () => {
  const [a, b] = [run('a', { firstSeenAt: '2026-02-01' }), run('b', { firstSeenAt: '2026-02-02' })]
  const order = (runs: RunSummary[]) => stateAfter({ type: 'runs', runs }).runs?.map((one) => one.run)
  expect(order([{ ...a, lastReadAt: '2026-03-02' }, b])).toEqual(['b', 'a'])
  expect(order([a, { ...b, lastReadAt: '2026-03-02' }])).toEqual(['b', 'a'])
})

test('series of a run that is no longer selected are not taken in', () => {
  const state = stateAfter(
    { type: 'runs', runs: [run('a'), run('b')] },
    { type: 'select-run', run: 'b' },
    { type: 'series', run: 'a', list: [] },
  )
  expect(state.series).toBeNull()
})

test('selecting another run forgets the zoom of this one', () => {
  const state = stateAfter(
    { type: 'runs', runs: [run('a'), run('b')] },
    { type: 'zoom', range: { from: 1, to: 2 } },
    { type: 'select-run', run: 'b' },
  )
  expect(state.view).toEqual({ ...EMPTY_VIEW, run: 'b' })
})

test('a lesson stays open when another run is selected, and gives way to an alert', () => {
  const learning = stateAfter(
    { type: 'runs', runs: [run('a', { lastStep: 1000 }), run('b')] },
    { type: 'alerts', load: 0, alerts: [alert('x')] },
    { type: 'learn', topic: 'crash' },
    { type: 'select-run', run: 'b' },
  )
  expect(learning.view).toEqual({ ...EMPTY_VIEW, run: 'b', lesson: 'crash' })
  expect(reduce(learning, { type: 'open-alert', id: 'x' }).view.lesson).toBeNull()
})

test('a failure is shown per part, and goes when that part could be loaded', () => {
  const failed = stateAfter(
    { type: 'load', part: 'runs', failure: 'No answer.' },
    { type: 'load', part: 'alerts', failure: 'No answer.' },
  )
  expect(reduce(failed, { type: 'load', part: 'runs', failure: null }).failures).toEqual({ alerts: 'No answer.' })
})

test('switching a chart to a logarithmic scale and back leaves no trace', () => {
  const on = stateAfter({ type: 'toggle-log', chart: 'loss' })
  expect(on.view.log).toEqual(['loss'])
  expect(reduce(on, { type: 'toggle-log', chart: 'loss' }).view).toEqual(EMPTY_VIEW)
})
