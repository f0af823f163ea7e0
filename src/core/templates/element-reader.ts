import { elementResult } from '../formats/documents/document-pass.ts'
import type { LineReader } from './line-reading.ts'

/** Reads the elements of a list that count their steps: nothing of the one depends on those before. Nobody speaks in a document. */
export const ELEMENT_READER: LineReader = {
  read: (state, line) => ({ state, results: [{ line, result: elementResult(line, null) }] }),
  isSilent: () => true,
  countsEpochs: () => false,
}
