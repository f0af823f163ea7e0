import { expect, test } from 'vitest'
import type { Commit } from '../../../src/core/pipeline/commit.ts'
import type { Finite } from '../../../src/protocol/value.ts'
import { StoreError } from '../../../src/store/store-error.ts'
import { alert, commit, fileUpdate, followedFile, hopelessBatch, LOG, losses, run, sample } from '../commits.ts'
import { everything, firing, type OpenSubject, owed } from './subject.ts'

const BROKEN: Readonly<Record<string, (whole: Commit) => Commit>> = {
  'a sample whose number is taken': (whole) => withFile(whole, { samples: [sample(7, 1), sample(7, 2)] }),
  'a sample whose number was taken by an earlier commit': (whole) => ({
    ...whole,
    files: [...whole.files, fileUpdate({}, { samples: [sample(0, 1)] })],
  }),
  'a sample that is a bare NaN': (whole) => withFile(whole, { samples: [sample(7, 1, { value: NaN as Finite })] }),
  'raw text above its cap': (whole) => withFile(whole, { samples: [sample(7, NaN, { raw: 'n'.repeat(65) })] }),
  'a batch whose number is taken': (whole) => withFile(whole, { batches: [hopelessBatch(9), hopelessBatch(9)] }),
  'a state that no run can be in': (whole) => ({ ...whole, runs: [run('a', { state: 'mislaid' as 'lost' })] }),
  'a file of a run that it does not bring': (whole) => ({
    ...whole,
    files: [...whole.files, fileUpdate({ path: '/runs/b/log', run: 'b' })],
  }),
  'a past file of a run that it does not bring': (whole) => ({ ...whole, pastFiles: [followedFile({ run: 'b' })] }),
  'an alert of a run that it does not bring': (whole) => ({ ...whole, transitions: firing(alert({ run: 'b' })) }),
  'a bare NaN in an entry, the last but one to be written': (whole) => ({
    ...whole,
    entries: [{ type: 'gap', gap: { run: 'a', file: LOG, offset: NaN, bytes: null, reason: 'gone' } }],
  }),
  'a bare NaN in a notification, the last to be written': (whole) => ({
    ...whole,
    owed: [owed('alert-2/firing', alert({ id: 'alert-2', offset: NaN }))],
  }),
}

/** A commit lands whole or not at all, and nobody can change it afterwards. */
export function testCommits(open: OpenSubject): void {
  test('with everything in it', async () => {
    const at = await open()
    await at.store.commit(everything())
    expect(await at.picture()).toMatchObject({
      resumption: { files: [{ path: LOG }], runs: [{ run: 'a' }], scannedRoots: new Set(['/runs']) },
      alerts: [{ id: 'alert-1' }],
      series: [{ metric: 'loss', samples: 2, nonFinite: 1, keptFrom: 0 }],
      samples: [{ value: [1, 'NaN'], attempt: [1, 0] }],
      batches: [{ step: 0, reportedLoss: 'NaN' }],
      rejects: [{ reason: 'broken-json' }],
      gaps: [{ reason: 'the file was truncated' }],
      entries: [{ type: 'gap' }, { type: 'alert' }],
      owed: { key: 'alert-1/firing' },
    })
  })

  for (const [what, breaking] of Object.entries(BROKEN)) {
    test(`or not at all: ${what}`, async () => {
      const at = await open()
      await at.store.commit(losses([1, 2]))
      const before = await at.picture()

      await expect(at.store.commit(breaking(everything(2)))).rejects.toThrow(StoreError)
      expect(await at.picture()).toEqual(before)

      await at.store.commit(everything(2))
      expect(await at.reader.series()).toMatchObject([{ samples: 4 }])
    })
  }

  test('and a store that is opened again has it', async () => {
    const at = await open()
    await at.store.commit(everything())
    const before = await at.picture()
    await at.reopen()
    expect(await at.picture()).toEqual(before)
  })

  test('and it stays what it was when the objects that it came in are changed, or those that were given out', async () => {
    const at = await open()
    const given = structuredClone(everything())
    await at.store.commit(given)
    const before = await at.picture()
    spoil(given)
    expect(await at.picture()).toEqual(before)
    spoil(await at.picture())
    expect(await at.picture()).toEqual(before)
  })

  test('one after the other, in the order in which they were handed over', async () => {
    const at = await open()
    const heads = await Promise.all([0, 1, 2, 3].map((n) => at.store.commit(commit({ entries: [entryOf(n)] }))))
    expect(heads).toEqual([1, 2, 3, 4])
    expect((await at.reader.entriesAfter(0, 10)).map((entry) => entry.type === 'run' && entry.run)).toEqual([
      '0',
      '1',
      '2',
      '3',
    ])
  })
}

function entryOf(n: number) {
  return { type: 'run', run: String(n), state: 'running', backfill: false } as const
}

function withFile(whole: Commit, parts: Parameters<typeof fileUpdate>[1]): Commit {
  return { ...whole, files: [...whole.files, fileUpdate({ path: '/runs/a/second.log' }, parts)] }
}

/** Changes every field of every object in it, however deep. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Set) value.clear()
  for (const [key, inner] of Object.entries(value)) {
    spoil(inner)
    if (typeof inner !== 'object') Object.assign(value, { [key]: 'spoilt' })
  }
  if (Array.isArray(value)) value.length = 0
}
