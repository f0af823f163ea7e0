import fc from 'fast-check'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OwedNotification } from '../../src/core/alerts/outbox.ts'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { NEW_FILE } from '../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../src/core/state/run-memory.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import { isFinite, metricValue } from '../../src/protocol/value.ts'
import type { EntryBody } from '../../src/protocol/wire.ts'
import type { Reader, Store } from '../../src/store/store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import {
  AT,
  alert,
  commit,
  cursor,
  fileUpdate,
  followedFile,
  hopelessBatch,
  LOG,
  losses,
  run,
  sample,
} from './commits.ts'

/** One database, empty at first, that can be opened and closed at will. */
export interface Place {
  open(): Promise<Store>
  /** Only once it has been opened. */
  read(): Reader
}

/** What every store must do. A new one that passes is done. */
export function testStore(name: string, makePlace: () => Promise<Place>): void {
  describe(`the ${name} store`, () => {
    let place: Place
    let store: Store
    let reader: Reader

    beforeEach(async () => {
      place = await makePlace()
      store = await place.open()
      reader = place.read()
      onTestFinished(async () => {
        reader.close()
        await store.close()
      })
    })

    /** Closes it as a daemon that stops does, and opens it again. */
    const reopen = async () => {
      await store.close()
      store = await place.open()
    }

    describe('applies a commit whole', () => {
      test('with everything in it', async () => {
        await store.commit(everything())
        expect(await pictureOf(store, reader)).toMatchObject({
          resumption: { files: [{ path: LOG }], runs: [{ run: 'a' }], scannedRoots: new Set(['/runs']) },
          alerts: [{ id: 'alert-1' }],
          series: [{ metric: 'loss', samples: 2, nonFinite: 1 }],
          rejects: [{ reason: 'broken-json' }],
          gaps: [{ reason: 'the file was truncated' }],
          entries: [{ type: 'gap' }, { type: 'alert' }],
          owed: { key: 'alert-1/firing' },
        })
      })

      const broken: Record<string, (whole: Commit) => Commit> = {
        'a sample whose number is taken': (whole) => withFile(whole, { samples: [sample(7, 1), sample(7, 2)] }),
        'raw text above its cap': (whole) => withFile(whole, { samples: [sample(7, NaN, { raw: 'n'.repeat(65) })] }),
        'a batch whose number is taken': (whole) => withFile(whole, { batches: [hopelessBatch(9), hopelessBatch(9)] }),
        'a state that no run can be in': (whole) => ({ ...whole, runs: [run('a', { state: 'lost' as 'idle' })] }),
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
      for (const [what, breaking] of Object.entries(broken)) {
        test(`or not at all: ${what}`, async () => {
          await store.commit(losses([1, 2]))
          const before = await pictureOf(store, reader)

          await expect(store.commit(breaking(everything(2)))).rejects.toThrow(StoreError)
          expect(await pictureOf(store, reader)).toEqual(before)

          await store.commit(everything(2))
          expect(reader.series()[0]).toMatchObject({ samples: 4 })
        })
      }

      test('and a store that is opened again has it', async () => {
        await store.commit(everything())
        const before = await pictureOf(store, reader)
        await reopen()
        expect(await pictureOf(store, reader)).toEqual(before)
      })
    })

    describe('keeps values exactly', () => {
      const values = [0, 1.5, -2.25e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, NaN, Infinity, -Infinity]
      for (const value of values) {
        test(`${value} in a sample, and in the raw text beside it`, async () => {
          await store.commit(losses([value]))
          expect(reader.samples(1, -1, 10)?.value).toEqual([metricValue(value)])
        })
      }

      test('any double', async () => {
        const all = fc.sample(fc.double(), { numRuns: 2000, seed: 1 })
        await store.commit(losses(all))
        // SQLite's REAL does not keep the sign of a zero.
        expect(reader.samples(1, -1, all.length)?.value).toEqual(all.map((value) => metricValue(value + 0)))
      })

      for (const value of ['NaN', 'Infinity', '-Infinity'] as const) {
        test(`${value} in an alert, in the entry that tells of it, in a batch and in what is owed`, async () => {
          const told = alert({ value })
          await store.commit(
            commit({
              runs: [run('a', { memory: { ...EMPTY_MEMORY, lastLoss: value } })],
              files: [fileUpdate({}, { batches: [{ ...hopelessBatch(0), reportedLoss: value }] })],
              transitions: firing(told),
              entries: [{ type: 'alert', alert: told, isNews: true }],
              owed: [owed('key', told)],
            }),
          )
          expect(reader.alerts({})).toEqual([told])
          expect(reader.entriesAfter(0, 10)).toEqual([{ type: 'alert', alert: told, isNews: true, seq: 1, at: AT }])
          expect(reader.runs()[0]?.lastLoss).toBe(value)
          expect((await store.outbox.due('hook', 0))?.transition.alert).toEqual(told)
        })
      }

      test('a step and an offset beyond 2^31, and a step that is missing', async () => {
        const big = 2 ** 53 - 1
        const samples = [sample(0, 1, { step: big, offset: big }), sample(1, 2, { step: null, offset: null })]
        await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
        expect(reader.samples(1, -1, 10)?.step).toEqual([big, null])
      })
    })

    describe('answers with samples', () => {
      test('in order of reading, in pages that say whether more follow', async () => {
        await store.commit(losses([5, 4, 3, 2, 1]))
        expect(reader.samples(1, -1, 2)).toMatchObject({ ordinal: [0, 1], value: [5, 4], more: true })
        expect(reader.samples(1, 1, 3)).toMatchObject({ ordinal: [2, 3, 4], value: [3, 2, 1], more: false })
        expect(reader.samples(1, 4, 3)).toMatchObject({ ordinal: [], more: false })
      })

      test('and with nothing for a series that does not exist', () => {
        expect(reader.samples(1, -1, 10)).toBeNull()
        expect(reader.envelope(1, 10)).toBeNull()
      })

      test('that turned out to belong to the next attempt', async () => {
        await store.commit(losses([1, 2, 3]))
        const moves = [{ metric: 'loss', ordinal: 2, attempt: 1 }]
        const samples = [sample(3, 4, { attempt: 1 })]
        await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples, moves })] }))
        expect(reader.samples(1, -1, 10)).toMatchObject({ attempt: [0, 0, 1, 1], value: [1, 2, 3, 4] })
      })

      test('one series for each metric of each file', async () => {
        const samples = [sample(0, 1), sample(0, 2, { metric: 'lr', role: 'learning_rate' })]
        await store.commit(
          commit({
            runs: [run('a')],
            files: [fileUpdate({}, { samples }), fileUpdate({ path: '/runs/a/val.log' }, { samples })],
          }),
        )
        expect(reader.series('a').map(({ file, metric, role }) => [file, metric, role])).toEqual([
          [LOG, 'loss', 'train_loss'],
          [LOG, 'lr', 'learning_rate'],
          ['/runs/a/val.log', 'loss', 'train_loss'],
          ['/runs/a/val.log', 'lr', 'learning_rate'],
        ])
        expect(reader.series('b')).toEqual([])
      })
    })

    test('answers with the last batches of a file up to a step, in order of reading', async () => {
      const batches = [0, 1, 2, 3].map(hopelessBatch)
      await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { batches })] }))
      const steps = (until: number | null, limit: number) => reader.batches(LOG, until, limit).map(({ step }) => step)
      expect(steps(null, 10)).toEqual([0, 1, 2, 3])
      expect(steps(2, 2)).toEqual([1, 2])
      expect(steps(-1, 2)).toEqual([])
      const { measure, reportedLoss } = batches[3]!
      expect(reader.batches(LOG, null, 1)).toEqual([{ step: 3, attempt: 0, measure, reportedLoss }])
      expect(reader.batches('/runs/none.log', null, 10)).toEqual([])
    })

    describe('sums a series up', () => {
      test('so that no extreme and no non-finite value is hidden', async () => {
        const series = fc.array(
          fc.oneof({ weight: 8, arbitrary: fc.double() }, fc.constantFrom(NaN, Infinity, -Infinity)),
          {
            minLength: 1,
            maxLength: 120,
          },
        )
        let runs = 0
        await fc.assert(
          fc.asyncProperty(series, fc.integer({ min: 1, max: 40 }), async (values, buckets) => {
            const name = `run-${runs++}`
            const samples = values.map((value, i) => sample(i, value))
            const files = [fileUpdate({ path: `/runs/${name}`, run: name }, { samples })]
            await store.commit(commit({ runs: [run(name)], files }))

            const [{ id } = { id: -1 }] = reader.series(name)
            const summed = reader.envelope(id, buckets)!
            const size = Math.ceil(values.length / buckets)
            const parts = chunks(values, size)
            expect(summed.min.length).toBeLessThanOrEqual(buckets)
            expect(summed.min).toEqual(parts.map((part) => extreme(part, Math.min)))
            expect(summed.max).toEqual(parts.map((part) => extreme(part, Math.max)))
            expect(summed.fromStep).toEqual(parts.map((_, i) => i * size * 10))
            expect(summed.toStep).toEqual(parts.map((part, i) => (i * size + part.length - 1) * 10))
            expect(summed.lastOrdinal).toBe(values.length - 1)
            expect(summed.nonFinite).toEqual(firstNonFinites(values, size))
          }),
          { seed: 2, numRuns: 150 },
        )
      })

      test('of thousands of NaNs, without listing each', async () => {
        await store.commit(losses([1, ...Array.from({ length: 5000 }, () => NaN), 2]))
        const summed = reader.envelope(1, 10)!
        expect(summed.nonFinite).toHaveLength(10)
        expect(summed.nonFinite[0]).toEqual({ step: 10, ordinal: 1, value: 'NaN' })
        expect(summed.series.nonFinite).toBe(5000)
      })

      test('whose samples have no step', async () => {
        const samples = [1, 2, 3].map((value, i) => sample(i, value, { step: null }))
        await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
        expect(reader.envelope(1, 2)).toMatchObject({ fromStep: [null, null], toStep: [null, null], min: [1, 3] })
      })
    })

    describe('keeps alerts', () => {
      test('as they were last, one for each id', async () => {
        await store.commit(commit({ runs: [run('a')], transitions: firing(alert()) }))
        const resolved = alert({ state: 'resolved', resolvedStep: 900, headline: 'over' })
        await store.commit(
          commit({ runs: [run('a')], transitions: [{ kind: 'resolved', alert: resolved, isNews: true }] }),
        )
        expect(reader.alerts({})).toEqual([resolved])
        expect(reader.alerts({ state: 'firing' })).toEqual([])
        expect(reader.alerts({ run: 'a', state: 'resolved' })).toEqual([resolved])
        expect(reader.alerts({ run: 'b' })).toEqual([])
      })

      test('and lists the newest first', async () => {
        const times = ['2026-03-01T12:00:00.000Z', '2026-03-03T12:00:00.000Z', '2026-03-02T12:00:00.000Z']
        const alerts = times.map((detectedAt, i) => alert({ id: `alert-${i}`, detectedAt }))
        await store.commit(commit({ runs: [run('a')], transitions: firing(...alerts) }))
        expect(reader.alerts({}).map(({ id }) => id)).toEqual(['alert-1', 'alert-2', 'alert-0'])
      })

      test('and leaves out those that are part of another, unless they are asked for', async () => {
        const [whole, part] = [alert({ id: 'whole', rule: 'spike' }), alert({ id: 'part', partOf: 'whole' })]
        await store.commit(commit({ runs: [run('a')], transitions: firing(whole, part) }))
        const worse = { ...whole, rule: 'non-finite' as const }
        await store.commit(commit({ runs: [run('a')], transitions: firing(worse) }))
        expect(reader.alerts({})).toEqual([worse])
        expect(reader.alerts({ state: 'firing', withParts: true }).map(({ id }) => id)).toEqual(['part', 'whole'])
        expect(reader.runs()[0]).toMatchObject({ critical: 1 })
      })

      test('and counts the firing ones in the summary of their run', async () => {
        const alerts = [
          alert({ id: '1' }),
          alert({ id: '2', severity: 'warning' }),
          alert({ id: '3', severity: 'warning' }),
          alert({ id: '4', severity: 'warning', state: 'resolved' }),
          alert({ id: '5', severity: 'info' }),
        ]
        await store.commit(commit({ runs: [run('a')], transitions: firing(...alerts) }))
        expect(reader.runs()).toMatchObject([{ run: 'a', critical: 1, warning: 2 }])
      })
    })

    describe('numbers entries', () => {
      test('strictly rising over commits and restarts, and answers with those after a number', async () => {
        const heads: number[] = []
        for (let i = 0; i < 5; i++) {
          heads.push(await store.commit(commit({ entries: [stateEntry(`r${i}`), stateEntry(`s${i}`)] })))
          if (i % 2 === 0) await reopen()
        }
        const seqs = reader.entriesAfter(0, 100).map(({ seq }) => seq)
        expect(seqs).toHaveLength(10)
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
        expect(heads.at(-1)).toBe(seqs.at(-1))
        expect(reader.head()).toBe(seqs.at(-1))
        expect(reader.entriesAfter(seqs[6]!, 2).map(({ seq }) => seq)).toEqual(seqs.slice(7, 9))
        expect(reader.entriesAfter(seqs[9]!, 2)).toEqual([])
      })

      test('and a commit without one answers with the newest there is', async () => {
        expect(await store.commit(losses([1]))).toBe(0)
        expect(await store.commit(commit({ entries: [stateEntry('a')] }))).toBe(1)
        expect(await store.commit(losses([]))).toBe(1)
      })

      test('within an epoch that is the same after a restart', async () => {
        const epoch = reader.epoch()
        expect(epoch).not.toBe('')
        await reopen()
        expect(reader.epoch()).toBe(epoch)
        const other = await makePlace()
        const otherStore = await other.open()
        const otherReader = other.read()
        expect(otherReader.epoch()).not.toBe(epoch)
        otherReader.close()
        await otherStore.close()
      })
    })

    describe('owes notifications', () => {
      const owe = (...notifications: OwedNotification[]) => store.commit(commit({ owed: notifications }))

      test('once for each key and sink, however often they are committed', async () => {
        await owe(owed('k'), owed('k'), owed('k', alert(), 'other'))
        await owe(owed('k'))
        for (const sink of ['hook', 'other']) {
          const first = await store.outbox.due(sink, 0)
          expect(first).toMatchObject({ key: 'k', attempts: 0 })
          await store.outbox.markDelivered(first!.id)
          expect(await store.outbox.due(sink, 0)).toBeNull()
        }
        await owe(owed('k'))
        expect(await store.outbox.due('hook', 0)).toBeNull()
      })

      test('until they are marked, and no longer', async () => {
        await owe(owed('1', alert({ id: '1' })), owed('2', alert({ id: '2' })))
        const first = await store.outbox.due('hook', 0)
        expect(await store.outbox.due('hook', 0)).toEqual(first)
        await reopen()
        expect(await store.outbox.due('hook', 0)).toEqual(first)
        await store.outbox.markRefused(first!.id, 'HTTP 404')
        expect(await store.outbox.due('hook', 0)).toMatchObject({ key: '2' })
      })

      test('not before the time they were put off to, and counts the tries', async () => {
        await owe(owed('k'))
        const first = await store.outbox.due('hook', 1000)
        await store.outbox.postpone(first!.id, 5000, 'HTTP 500')
        expect(await store.outbox.due('hook', 4999)).toBeNull()
        expect(await store.outbox.nextDueMs('hook')).toBe(5000)
        expect(await store.outbox.due('hook', 5000)).toMatchObject({ key: 'k', attempts: 1 })
      })

      test('and says when the first of several is due again', async () => {
        await owe(owed('1', alert({ id: '1' })), owed('2', alert({ id: '2' })))
        for (const untilMs of [9000, 5000]) {
          await store.outbox.postpone((await store.outbox.due('hook', 0))!.id, untilMs, 'HTTP 500')
        }
        expect(await store.outbox.nextDueMs('hook')).toBe(5000)
        expect(await store.outbox.due('hook', 5000)).toMatchObject({ key: '2' })
      })

      test('of one alert in their order, while those of other alerts go on', async () => {
        await owe(owed('1/firing', alert({ id: '1' })), owed('1/resolved', alert({ id: '1', state: 'resolved' })))
        await owe(owed('2/firing', alert({ id: '2' })))
        const first = await store.outbox.due('hook', 0)
        await store.outbox.postpone(first!.id, 5000, 'HTTP 500')

        const other = await store.outbox.due('hook', 0)
        expect(other).toMatchObject({ key: '2/firing' })
        await store.outbox.markDelivered(other!.id)
        expect(await store.outbox.due('hook', 0)).toBeNull()
        expect(await store.outbox.nextDueMs('hook')).toBe(5000)

        await store.outbox.markDelivered(first!.id)
        expect(await store.outbox.due('hook', 0)).toMatchObject({ key: '1/resolved' })
      })

      test('to nobody when nothing is owed', async () => {
        expect(await store.outbox.due('hook', 0)).toBeNull()
        expect(await store.outbox.nextDueMs('hook')).toBeNull()
      })
    })

    describe('lets a daemon read on', () => {
      test('from exactly what the last one committed', async () => {
        const file = followedFile({
          cursor: cursor(4096, { generation: 3, inLongLine: true }),
          state: { ...NEW_FILE, counts: { samples: 12, batches: 3, rejects: 1 } },
          backfillUntil: 1234,
        })
        const past = { ...file, cursor: cursor(8192, { inode: '7', isEnded: true }), backfillUntil: 0 }
        const unread = followedFile({ path: '/runs/b/log', run: 'b', name: 'log' })
        const memory = { ...EMPTY_MEMORY, lastStep: 7, lastLoss: 'Infinity' as const }
        await store.commit(
          commit({
            runs: [run('a', { memory, state: 'failed', backfill: true, readAt: '2026-02-01T00:00:00.000Z' }), run('b')],
            files: [
              { ...fileUpdate(), file },
              { ...fileUpdate(), file: unread },
            ],
            pastFiles: [past],
            scannedRoots: ['/runs', '/more'],
          }),
        )
        await reopen()
        expect(await store.resumption()).toEqual({
          scannedRoots: new Set(['/runs', '/more']),
          files: [file, unread],
          pastFiles: [past],
          runs: [
            { run: 'a', memory, state: 'failed', backfill: true, lastReadAt: '2026-02-01T00:00:00.000Z' },
            { run: 'b', memory: EMPTY_MEMORY, state: 'running', backfill: false, lastReadAt: AT },
          ],
          forgotten: [],
        })
      })

      test('and keeps when bytes last arrived where a commit brings none', async () => {
        await store.commit(commit({ runs: [run('a', { readAt: '2026-02-01T00:00:00.000Z' })] }))
        await store.commit(commit({ runs: [run('a', { state: 'idle', readAt: null })] }))
        expect(reader.runs()).toMatchObject([
          { state: 'idle', firstSeenAt: AT, lastReadAt: '2026-02-01T00:00:00.000Z' },
        ])
      })

      test('and says where it serves', async () => {
        expect(reader.daemon()).toBeNull()
        await store.announce({ url: 'http://127.0.0.1:1', pid: 1, startedAt: AT })
        await store.announce({ url: 'http://127.0.0.1:2', pid: 2, startedAt: AT })
        expect(reader.daemon()).toEqual({ url: 'http://127.0.0.1:2', pid: 2, startedAt: AT })
      })
    })

    describe('forgets a run', () => {
      test('with all that was read of it, and leaves a mark for its files', async () => {
        await store.commit(everything())
        const other = fileUpdate({ path: '/runs/b/log', run: 'b', cursor: cursor(10) }, { samples: [sample(0, 1)] })
        await store.commit(commit({ runs: [run('b')], files: [other] }))
        const entries = reader.entriesAfter(0, 100)

        await store.forget('a')
        expect(reader.runs().map(({ run: name }) => name)).toEqual(['b'])
        expect(reader.series().map(({ run: name }) => name)).toEqual(['b'])
        expect(reader.alerts({})).toEqual([])
        expect(reader.rejects('a', 10)).toEqual([])
        expect(reader.gaps('a')).toEqual([])
        expect(reader.samples(1, -1, 10)).toBeNull()
        for (const table of ['samples', 'batches', 'files']) {
          const left = [...reader.query(`SELECT count(*) FROM ${table}`).rows()]
          expect([table, left]).toEqual([table, [[table === 'batches' ? 0 : 1]]])
        }
        expect(reader.entriesAfter(0, 100)).toEqual(entries)

        await reopen()
        expect(await store.resumption()).toMatchObject({
          files: [{ path: '/runs/b/log' }],
          runs: [{ run: 'b' }],
          forgotten: [{ path: LOG, cursor: cursor(200) }],
        })
      })

      test('that begins anew when something else is read under its name', async () => {
        await store.commit(everything())
        await store.forget('a')
        await store.commit(losses([9]))
        expect(reader.series('a')).toMatchObject([{ samples: 1, nonFinite: 0 }])
      })

      test('but not one that it does not have', async () => {
        await store.commit(losses([1]))
        const before = await pictureOf(store, reader)
        await expect(store.forget('b')).rejects.toThrow(StoreError)
        expect(await pictureOf(store, reader)).toEqual(before)
      })
    })

    test('refuses a second writer with words that say what to do', async () => {
      await expect(place.open()).rejects.toThrow(/another nanwatch is writing this database.*--db/)
      await store.commit(losses([1]))
      await reopen()
    })

    test('answers readers with what was committed before they asked, while the writer goes on', async () => {
      await store.commit(losses(Array.from({ length: 500 }, (_, i) => i)))
      const rows = reader.query('SELECT ordinal FROM samples ORDER BY ordinal').rows()
      rows.next()
      const more = Array.from({ length: 500 }, (_, i) => sample(500 + i, i))
      await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples: more })] }))
      expect([...rows]).toHaveLength(499)
      expect(reader.series()[0]?.samples).toBe(1000)
    })
  })
}

/** A commit of the run `a` that brings something of every kind. Its samples are numbered from `first`. */
function everything(first = 0): Commit {
  const told = alert()
  const gap = { run: 'a', file: LOG, offset: 100, bytes: null, reason: 'the file was truncated' }
  const reject = { run: 'a', file: LOG, offset: 50, reason: 'broken-json', detail: 'no value', excerpt: '{"a":' }
  return commit({
    runs: [run('a', { memory: { ...EMPTY_MEMORY, lastLoss: 'NaN' } })],
    files: [
      fileUpdate(
        { cursor: cursor(200) },
        {
          samples: [sample(first, 1), sample(first + 1, NaN)],
          moves: [{ metric: 'loss', ordinal: first, attempt: 1 }],
          batches: [hopelessBatch(first)],
          rejects: [reject],
        },
      ),
    ],
    transitions: firing(told),
    gaps: [gap],
    entries: [
      { type: 'gap', gap },
      { type: 'alert', alert: told, isNews: true },
    ],
    owed: [owed('alert-1/firing', told)],
    scannedRoots: ['/runs'],
  })
}

/** Everything that can be asked of a store. */
async function pictureOf(store: Store, reader: Reader) {
  return {
    resumption: await store.resumption(),
    owed: await store.outbox.due('hook', 0),
    runs: reader.runs(),
    alerts: reader.alerts({}),
    series: reader.series(),
    samples: reader.series().map(({ id }) => reader.samples(id, -1, 1000)),
    batches: [...reader.query('SELECT * FROM batches').rows()],
    rejects: reader.rejects('a', 100),
    gaps: reader.gaps('a'),
    entries: reader.entriesAfter(0, 1000),
    head: reader.head(),
  }
}

function withFile(whole: Commit, parts: Parameters<typeof fileUpdate>[1]): Commit {
  return { ...whole, files: [...whole.files, fileUpdate({ path: '/runs/a/second.log' }, parts)] }
}

function firing(...alerts: readonly Alert[]): Commit['transitions'] {
  return alerts.map((one) => ({ kind: 'firing', alert: one, isNews: true }))
}

function owed(key: string, of: Alert = alert(), sink = 'hook'): OwedNotification {
  return { key, sink, transition: { kind: 'firing', alert: of, isNews: true } }
}

function stateEntry(name: string): EntryBody {
  return { type: 'run', run: name, state: 'running', backfill: false }
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}

function extreme(part: readonly number[], of: (...values: number[]) => number): number | null {
  const finite = part.filter((value) => Number.isFinite(value))
  return finite.length === 0 ? null : of(...finite) + 0
}

function firstNonFinites(values: readonly number[], size: number) {
  const seen = new Set<string>()
  return values.flatMap((value, ordinal) => {
    const key = `${Math.floor(ordinal / size)} ${value}`
    if (isFinite(metricValue(value)) || seen.has(key)) return []
    seen.add(key)
    return [{ step: ordinal * 10, ordinal, value: metricValue(value) }]
  })
}
