import { expect, test } from 'vitest'
import type { AlertFilter } from '../../../src/store/store.ts'
import { alert, commit, run } from '../commits.ts'
import { firing, type OpenSubject } from './subject.ts'

/** One alert for each id, as it was last. */
export function testAlerts(open: OpenSubject): void {
  test('as they were last, one for each id', async () => {
    const { store, reader } = await open()
    await store.commit(commit({ runs: [run('a')], transitions: firing(alert()) }))
    const resolved = alert({ state: 'resolved', resolvedStep: 900, headline: 'over' })
    await store.commit(commit({ runs: [run('a')], transitions: [{ kind: 'resolved', alert: resolved, isNews: true }] }))
    expect(await reader.alerts({})).toEqual([resolved])
    expect(await reader.alerts({ state: 'firing' })).toEqual([])
    expect(await reader.alerts({ run: 'a', state: 'resolved' })).toEqual([resolved])
    expect(await reader.alerts({ run: 'b' })).toEqual([])
  })

  test('once, however often the same commit is made', async () => {
    const { store, reader } = await open()
    const twice = commit({ runs: [run('a')], transitions: firing(alert(), alert(), alert({ id: 'other' })) })
    await store.commit(twice)
    await store.commit(twice)
    expect((await reader.alerts({})).map(({ id }) => id)).toEqual(['other', 'alert-1'])
    expect(await reader.runs()).toMatchObject([{ critical: 2 }])
  })

  test('and lists the newest first', async () => {
    const { store, reader } = await open()
    const times = ['2026-03-01T12:00:00.000Z', '2026-03-03T12:00:00.000Z', '2026-03-02T12:00:00.000Z']
    const alerts = times.map((detectedAt, i) => alert({ id: `alert-${i}`, detectedAt }))
    await store.commit(commit({ runs: [run('a')], transitions: firing(...alerts) }))
    expect((await reader.alerts({})).map(({ id }) => id)).toEqual(['alert-1', 'alert-2', 'alert-0'])
    // One that changes stays where it was, and so do those of one moment.
    await store.commit(commit({ runs: [run('a')], transitions: firing({ ...alerts[0]!, headline: 'worse' }) }))
    const later = ['x', 'y', 'z'].map((id) => alert({ id, detectedAt: times[2]! }))
    await store.commit(commit({ runs: [run('a')], transitions: firing(...later, { ...later[0]!, headline: 'worse' }) }))
    expect((await reader.alerts({})).map(({ id }) => id)).toEqual(['alert-1', 'z', 'y', 'x', 'alert-2', 'alert-0'])
  })

  test('and leaves out those that are part of another, unless they are asked for', async () => {
    const { store, reader } = await open()
    const [whole, part] = [alert({ id: 'whole', rule: 'spike' }), alert({ id: 'part', partOf: 'whole' })]
    await store.commit(commit({ runs: [run('a')], transitions: firing(whole, part) }))
    const worse = { ...whole, rule: 'non-finite' as const }
    await store.commit(commit({ runs: [run('a')], transitions: firing(worse) }))
    expect(await reader.alerts({})).toEqual([worse])
    expect((await reader.alerts({ state: 'firing', withParts: true })).map(({ id }) => id)).toEqual(['part', 'whole'])
    expect(await reader.runs()).toMatchObject([{ critical: 1 }])
    // One that comes to be a part, or ceases to be one, is listed as it is then.
    await store.commit(commit({ runs: [run('a')], transitions: firing({ ...part, partOf: null }) }))
    expect((await reader.alerts({})).map(({ id }) => id)).toEqual(['part', 'whole'])
  })

  test('and finds those of a run, in a state, with their parts, and of all three together', async () => {
    const { store, reader } = await open()
    const transitions = ['a', 'b'].flatMap((name) =>
      (['firing', 'resolved'] as const).flatMap((state) =>
        [null, 'whole'].map((partOf) => ({ id: `${name}-${state}-${partOf ?? 'alone'}`, run: name, state, partOf })),
      ),
    )
    await store.commit(
      commit({ runs: [run('a'), run('b')], transitions: firing(...transitions.map((each) => alert(each))) }),
    )
    for (const name of [undefined, 'a', 'b', 'c'])
      for (const state of [undefined, 'firing', 'resolved'] as const)
        for (const withParts of [undefined, false, true]) {
          const filter = { run: name, state, withParts }
          const given = Object.entries(filter).filter(([, value]) => value !== undefined)
          const found = await reader.alerts(Object.fromEntries(given) as AlertFilter)
          const expected = transitions.filter(
            (each) =>
              (name ?? each.run) === each.run &&
              (state ?? each.state) === each.state &&
              (withParts === true || each.partOf === null),
          )
          expect([filter, found.map(({ id }) => id).sort()]).toEqual([filter, expected.map(({ id }) => id).sort()])
        }
  })
}
