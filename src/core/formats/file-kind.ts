import { containerNamed } from './containers/index.ts'
import type { ReaderState } from './reader-state.ts'

/** What a file has turned out to be: the kind of document, where its container reads several; null while unknown. */
export function fileKindOf({ format, inner }: ReaderState): string | null {
  const container = format === null ? null : containerNamed(format)
  return container?.kindOf?.(inner) ?? format
}
