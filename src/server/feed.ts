import type { Entry, Seq } from '../protocol/wire.ts'

/** Where entries come from, and word that there may be more of them. */
export interface History {
  entriesAfter(seq: Seq, limit: number): Promise<readonly Entry[]>
  /** Resolves after the next commit, or when `signal` aborts. */
  nextCommit(signal: AbortSignal): Promise<void>
}

const PAGE = 200

/**
 * Every entry after `seq`, old ones first and then new ones as they land,
 * each exactly once and in order, in pages.
 *
 * There is no separate live path to switch over to: a commit only wakes the
 * reader, which then asks the store, so what a follower sees is always what was
 * committed. `wake` is taken before the read, or a commit that lands while a
 * page is read would be missed. A slow follower pulls slowly: no queue grows.
 */
export async function* follow(history: History, seq: Seq, signal: AbortSignal): AsyncGenerator<readonly Entry[]> {
  let last = seq
  let wake = history.nextCommit(signal)
  while (!signal.aborted) {
    const page = await history.entriesAfter(last, PAGE)
    if (signal.aborted) return
    const newest = page.at(-1)
    if (newest !== undefined) {
      last = newest.seq
      yield page
    }
    if (page.length === PAGE) continue
    await wake
    wake = history.nextCommit(signal)
  }
}
