import { expect, test } from 'vitest'
import { commit, fileUpdate, losses, run, sample } from '../commits.ts'
import { everything, type OpenSubject, type Subject } from './subject.ts'

/** A reader sees what was committed, and of each commit all or nothing. */
export function testSnapshots(open: OpenSubject): void {
  test('that was before it asked', async () => {
    const at = await open()
    await at.store.commit(losses([1]))
    expect(await at.reader.series()).toMatchObject([{ samples: 1 }])
    await grow(at, 1)
    expect(await at.reader.series()).toMatchObject([{ samples: 2 }])
  })

  test('in one answer, while commits land', async () => {
    const at = await open()
    await at.store.commit(losses([0]))
    for (let i = 1; i < 50; i++) {
      const [, samples, summed] = await Promise.all([
        grow(at, i),
        at.reader.samples(1, -1, 1000),
        at.reader.envelope(1, 10),
      ])
      expect(samples?.value).toHaveLength(samples!.series.samples)
      expect(summed?.lastOrdinal).toBe(summed!.series.samples - 1)
    }
  })

  test('in all that it asks of a snapshot, though more is committed and all of it forgotten meanwhile', async () => {
    const at = await open()
    await at.store.commit(everything())
    const before = await at.picture()
    await at.reader.snapshot(async (view) => {
      await at.store.commit(everything(2))
      expect(await view.series()).toEqual(before.series)
      await at.store.forget('a')
      expect(await view.runs()).toEqual(before.runs)
      expect(await view.samples(1, -1, 1000)).toEqual(before.samples[0])
      expect(await view.envelope(1, 10)).toEqual(before.envelopes[0])
      expect(await view.alerts({})).toEqual(before.alerts)
      expect(await view.head()).toBe(before.head)
      // A snapshot within it is of the same moment.
      expect(await view.snapshot((inner) => inner.rejects('a', 100))).toEqual(before.rejects)
      // The others see what is new.
      expect(await at.reader.runs()).toEqual([])
    })
    expect(await at.reader.runs()).toEqual([])
    expect(await at.reader.snapshot((view) => view.runs())).toEqual([])
  })

  test('and answers with what was read of it, or fails as that failed', async () => {
    const at = await open()
    await at.store.commit(losses([1]))
    expect(await at.reader.snapshot(async (view) => [await view.head(), 'x'])).toEqual([0, 'x'])
    const failing = at.reader.snapshot(() => Promise.reject(new Error('of its own')))
    await expect(failing).rejects.toThrow('of its own')
    await grow(at, 1)
    expect(await at.reader.series()).toMatchObject([{ samples: 2 }])
  })

  test('in several snapshots at a time, each of its own moment', async () => {
    const at = await open()
    await at.store.commit(losses([0]))
    const seen: (number | undefined)[] = []
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const views: Promise<unknown>[] = []
    for (let i = 1; i <= 3; i++) {
      let isReady: () => void = () => undefined
      const ready = new Promise<void>((resolve) => {
        isReady = resolve
      })
      views.push(
        at.reader.snapshot(async (view) => {
          await view.head()
          isReady()
          await released
          seen.push((await view.series())[0]?.samples)
        }),
      )
      await ready
      await grow(at, i)
    }
    release()
    await Promise.all(views)
    expect(seen.sort()).toEqual([1, 2, 3])
  })
}

function grow({ store }: Subject, ordinal: number): Promise<number> {
  const samples = [sample(ordinal, ordinal)]
  return store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
}
