import { NO_LINES } from '../../core/pipeline/content.ts'
import { type FileRead, TO_THE_END } from '../../core/pipeline/read.ts'

/** A read that brings nothing, of a source that has no place on a disk and will not grow. */
export const NOTHING_READ: FileRead = {
  ...TO_THE_END,
  content: NO_LINES,
  cursor: {
    device: '0',
    inode: '0',
    headBytes: 0,
    headHash: '',
    offset: 0,
    anchorBytes: 0,
    anchorHash: '',
    generation: 0,
    encoding: 'utf-8',
    container: null,
    isBinary: false,
    inLongLine: false,
    isEnded: false,
  },
  isFinal: false,
  writtenMs: 0,
}

/** The last read of a source: its writer has left. */
export function noMore(offset: number): FileRead {
  return { ...NOTHING_READ, cursor: { ...NOTHING_READ.cursor, offset }, isFinal: true }
}
