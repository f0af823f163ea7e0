import { onTestFinished } from 'vitest'
import type { OwedNotification } from '../../../src/core/alerts/outbox.ts'
import type { Commit } from '../../../src/core/pipeline/commit.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import type { Reader, Store } from '../../../src/store/store.ts'
import type { StoreFactory } from '../../../src/store/store-factory.ts'
import { alert, commit, cursor, fileUpdate, hopelessBatch, LOG, run, sample } from '../commits.ts'

/** A store that is tried, open for writing and for reading. */
export class Subject {
  readonly stores: StoreFactory
  readonly reader: Reader
  store: Store

  private constructor(stores: StoreFactory, store: Store, reader: Reader) {
    this.stores = stores
    this.store = store
    this.reader = reader
  }

  /** Opens it until the test ends. */
  static async open(stores: StoreFactory): Promise<Subject> {
    const { store } = await stores.openWriter()
    const subject = new Subject(stores, store, await stores.openReader())
    onTestFinished(async () => {
      await subject.reader.close()
      await subject.store.close()
    })
    return subject
  }

  /** Closes it as a daemon that stops does, and opens it again. */
  async reopen(): Promise<void> {
    await this.store.close()
    this.store = (await this.stores.openWriter()).store
  }

  /** Everything that can be asked. */
  async picture() {
    const { store, reader } = this
    const series = await reader.series()
    return {
      resumption: await store.resumption(),
      owed: await store.outbox.due('hook', 0),
      runs: await reader.runs(),
      alerts: await reader.alerts({ withParts: true }),
      series,
      samples: await Promise.all(series.map(({ id }) => reader.samples(id, -1, 1000))),
      envelopes: await Promise.all(series.map(({ id }) => reader.envelope(id, 10))),
      batches: await reader.batches(LOG, null, 1000),
      rejects: await reader.rejects('a', 100),
      gaps: await reader.gaps('a'),
      entries: await reader.entriesAfter(0, 1000),
      head: await reader.head(),
      daemon: await reader.daemon(),
    }
  }
}

/** Opens a store that holds nothing, another one with each call. */
export type OpenSubject = () => Promise<Subject>

/** A commit of the run `a` that brings something of every kind. Its samples are numbered from `first`. */
export function everything(first = 0): Commit {
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

export function firing(...alerts: readonly Alert[]): Commit['transitions'] {
  return alerts.map((one) => ({ kind: 'firing', alert: one, isNews: true }))
}

export function owed(key: string, of: Alert = alert(), sink = 'hook'): OwedNotification {
  return { key, sink, transition: { kind: 'firing', alert: of, isNews: true } }
}
