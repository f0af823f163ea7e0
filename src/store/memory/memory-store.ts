import { errorMessage } from '../../protocol/error-message.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { applyCommit, forgetRun } from './apply-commit.ts'
import { type Contents, type ContentsHolder, copyOf } from './contents.ts'
import { memoryOutbox } from './memory-outbox.ts'

/** A store that writes into `holder` until it is closed. A change that fails leaves the contents as they were. */
export function memoryStore(holder: ContentsHolder, onClose: () => void): Store {
  let isClosed = false
  const change = (work: (next: Contents) => void): void => {
    if (isClosed) throw new StoreError('the store in memory is closed: open it again.')
    const next = copyOf(holder.contents)
    try {
      work(next)
    } catch (error) {
      const reason = errorMessage(error)
      throw new StoreError(`the store in memory: cannot write: ${reason}`, { cause: error })
    }
    holder.contents = next
  }
  return {
    async commit(commit) {
      change((next) => applyCommit(next, commit))
      return holder.contents.entries.length
    },
    async resumption() {
      const { roots, files, pastFiles, runs, forgotten } = holder.contents
      return structuredClone({
        scannedRoots: roots,
        files: [...files.values()],
        pastFiles,
        runs: [...runs.values()].map(({ firstSeenAt: _, ...run }) => run),
        forgotten: [...forgotten.values()],
      })
    },
    async announce(address) {
      change((next) => {
        next.daemon = { ...address }
      })
    },
    async forget(run) {
      if (!holder.contents.runs.has(run)) throw new StoreError(`${run}: no such run`)
      change((next) => forgetRun(next, run))
    },
    outbox: memoryOutbox(holder),
    async close() {
      isClosed = true
      onClose()
    },
  }
}
