import type { ParsedFrame } from '../../../../src/core/formats/containers/container.ts'
import { jsonDocument } from '../../../../src/core/formats/containers/json-document.ts'
import type { LogRecord } from '../../../../src/core/records/format.ts'

export type DocumentState = ReturnType<typeof jsonDocument.start>

/** What one version of a document gave. */
export interface Version {
  readonly records: readonly LogRecord[]
  readonly rejects: readonly string[]
  readonly isIncomplete: boolean
  /** Whether it says that training is over. */
  readonly isOver: boolean
  readonly state: DocumentState
}

/** Reads one version of a document to its end, however many parses that takes. */
export function readVersion(
  content: string | Uint8Array,
  state: DocumentState = jsonDocument.start(),
  name = 'metrics.json',
): Version {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const records: LogRecord[] = []
  const rejects: string[] = []
  let isIncomplete = false
  let isOver = false
  let now = state
  for (let hasMore = true; hasMore; ) {
    const parsed: ParsedFrame<DocumentState> = jsonDocument.parse({ offset: 0, bytes, companions: [] }, now, name)
    for (const { result } of parsed.results) {
      if (result.kind === 'records') records.push(...result.records)
      if (result.kind === 'reject') rejects.push(`${result.reason}: ${result.detail}`)
    }
    // Through JSON, as the store keeps it.
    now = JSON.parse(JSON.stringify(parsed.state))
    isIncomplete = parsed.isIncomplete ?? false
    isOver = parsed.exitCode === 0
    hasMore = parsed.hasMore ?? false
  }
  return { records, rejects, isIncomplete, isOver, state: now }
}
