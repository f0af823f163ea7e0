import { expect, test } from 'vitest'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { RUN_STATES } from '../../../src/protocol/run.ts'
import type { Gap, Reject } from '../../../src/protocol/wire.ts'
import { AT, alert, commit, fileUpdate, LOG, run, sample } from '../commits.ts'
import { firing, type OpenSubject } from './subject.ts'

const SECOND = '/runs/a/val.log'

/** The summary of a run, what could not be read of it, and what was lost. */
export function testRuns(open: OpenSubject): void {
  test('what its files came to and how it stands', async () => {
    const { store, reader } = await open()
    const state = { ...NEW_FILE, counts: { samples: 12, batches: 3, rejects: 1 } }
    const memory = { ...EMPTY_MEMORY, lastStep: 7, lastLoss: '-Infinity' as const }
    await store.commit(
      commit({
        runs: [run('a', { memory, state: 'failed', backfill: true, readAt: '2026-02-01T00:00:00.000Z' })],
        files: [fileUpdate({ state }, { samples: [sample(0, 1)] }), fileUpdate({ path: SECOND, state })],
        gaps: [gapOf(LOG, 1), gapOf(SECOND, 2), gapOf(LOG, 3)],
      }),
    )
    expect(await reader.runs()).toEqual([
      {
        run: 'a',
        state: 'failed',
        stateSince: AT,
        stateKnownBy: 'writes',
        stateReason: 'its log was written to',
        lastStep: 7,
        lastLoss: '-Infinity',
        hasLoss: true,
        files: [LOG, SECOND],
        samples: 24,
        batches: 6,
        rejects: 2,
        gaps: 3,
        critical: 0,
        warning: 0,
        firstSeenAt: AT,
        lastReadAt: '2026-02-01T00:00:00.000Z',
        backfill: true,
      },
    ])
    const grown = { ...NEW_FILE, counts: { samples: 13, batches: 3, rejects: 1 } }
    await store.commit({ ...commit({ runs: [run('a')], files: [fileUpdate({ state: grown })] }), atIso: '2026-04-01' })
    // What it was first seen as is over; when that was is not.
    expect(await reader.runs()).toMatchObject([
      { state: 'running', backfill: false, samples: 25, lastStep: null, firstSeenAt: AT, lastReadAt: AT },
    ])
  })

  test('whether a loss was read of it, or recomputed', async () => {
    const { store, reader } = await open()
    const series = {
      training: { metric: 'loss', role: 'train_loss' },
      validation: { metric: 'val_loss', role: 'val_loss' },
      recomputed: { metric: 'nanwatch/cross_entropy', role: 'other' },
      rates: { metric: 'lr', role: 'learning_rate' },
      entropies: { metric: 'nanwatch/entropy', role: 'other' },
    } as const
    const names = Object.keys(series) as (keyof typeof series)[]
    await store.commit(
      commit({
        runs: names.map((name) => run(name)),
        files: names.map((name) =>
          fileUpdate({ run: name, path: `/runs/${name}.log` }, { samples: [sample(0, 1, series[name])] }),
        ),
      }),
    )
    const found = await reader.runs()
    expect(
      found
        .filter(({ hasLoss }) => hasLoss)
        .map((one) => one.run)
        .sort(),
    ).toEqual(['recomputed', 'training', 'validation'])
  })

  test('every state that a run can be in', async () => {
    const { store, reader } = await open()
    await store.commit(commit({ runs: RUN_STATES.map((state) => run(state, { state })) }))
    expect((await reader.runs()).map(({ state }) => state).sort()).toEqual([...RUN_STATES].sort())
  })

  test('how many alerts are firing, by severity, and none that is part of another', async () => {
    const { store, reader } = await open()
    const alerts = [
      alert({ id: '1' }),
      alert({ id: '2', severity: 'warning' }),
      alert({ id: '3', severity: 'warning' }),
      alert({ id: '4', severity: 'warning', state: 'resolved' }),
      alert({ id: '5', severity: 'info' }),
      alert({ id: '6', severity: 'critical', partOf: '1' }),
    ]
    const others = [alert({ id: '7', run: 'b' }), alert({ id: '8', run: 'b', state: 'resolved' })]
    const runs = [run('a'), run('b')]
    await store.commit(commit({ runs, transitions: firing(...alerts, ...others) }))
    const counts = async () =>
      (await reader.runs()).map(({ run: name, critical, warning }) => [name, critical, warning])
    expect((await counts()).sort()).toEqual([
      ['a', 1, 2],
      ['b', 1, 0],
    ])
    const changed = [alert({ id: '2', severity: 'critical' }), alert({ id: '1', state: 'resolved' })]
    await store.commit(commit({ runs, transitions: firing(...changed) }))
    expect((await counts()).sort()).toEqual([
      ['a', 1, 1],
      ['b', 1, 0],
    ])
  })

  test('which was written last, and among those of one moment which was seen last', async () => {
    const { store, reader } = await open()
    const names = async () => (await reader.runs()).map(({ run: name }) => name)
    await store.commit(commit({ runs: [run('b'), run('a'), run('c')] }))
    expect(await names()).toEqual(['c', 'a', 'b'])
    await store.commit(commit({ runs: [run('b', { readAt: '2026-03-02T00:00:00.000Z' })] }))
    await store.commit(commit({ runs: [run('c', { readAt: '2026-01-01T00:00:00.000Z' })] }))
    await store.commit(commit({ runs: [run('a', { readAt: null, state: 'idle' })] }))
    expect(await names()).toEqual(['b', 'a', 'c'])
  })

  test('when bytes last arrived, which a commit that brings none does not change', async () => {
    const { store, reader } = await open()
    await store.commit(commit({ runs: [run('a', { readAt: '2026-02-01T00:00:00.000Z' })] }))
    await store.commit(commit({ runs: [run('a', { state: 'idle', readAt: null }), run('b', { readAt: null })] }))
    expect(await reader.runs()).toMatchObject([
      { run: 'b', lastReadAt: AT },
      { run: 'a', state: 'idle', firstSeenAt: AT, lastReadAt: '2026-02-01T00:00:00.000Z' },
    ])
  })

  test('which lines could not be read, the newest first, in all of its files', async () => {
    const { store, reader } = await open()
    const files = [LOG, SECOND].map((path) => fileUpdate({ path }, { rejects: [rejectOf(path, 1), rejectOf(path, 2)] }))
    await store.commit(commit({ runs: [run('a')], files }))
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { rejects: [rejectOf(LOG, 3)] })] }))
    await store.commit(commit({ runs: [run('b')], files: [fileUpdate({ path: '/b', run: 'b' })] }))
    const expected = [rejectOf(LOG, 3), rejectOf(SECOND, 2), rejectOf(SECOND, 1), rejectOf(LOG, 2), rejectOf(LOG, 1)]
    expect(await reader.rejects('a', 100)).toEqual(expected)
    expect(await reader.rejects('a', 2)).toEqual(expected.slice(0, 2))
    expect(await reader.rejects('b', 100)).toEqual([])
  })

  test('what was lost of its files, the oldest first, and when that was noticed', async () => {
    const { store, reader } = await open()
    const runs = [run('a')]
    await store.commit(commit({ runs, files: [fileUpdate(), fileUpdate({ path: SECOND })], gaps: [gapOf(SECOND, 9)] }))
    await store.commit({ ...commit({ runs, files: [fileUpdate()], gaps: [gapOf(LOG, 1)] }), atIso: '2026-04-01' })
    expect(await reader.gaps('a')).toEqual([
      { ...gapOf(SECOND, 9), at: AT },
      { ...gapOf(LOG, 1), at: '2026-04-01' },
    ])
    expect(await reader.gaps('b')).toEqual([])
  })
}

function gapOf(file: string, offset: number): Gap {
  return { run: 'a', file, offset, bytes: offset === 9 ? null : 100, reason: 'the file was truncated' }
}

function rejectOf(file: string, offset: number): Reject {
  return { run: 'a', file, offset, reason: 'broken-json', detail: `at ${offset}`, excerpt: '{"損失":' }
}
