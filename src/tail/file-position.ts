import type { Cursor } from '../core/reading/cursor.ts'

export type Position = Pick<Cursor, 'offset' | 'generation' | 'encoding' | 'container' | 'isBinary' | 'inLongLine'>

/** The beginning of a file that nothing is known of. */
export const START: Position = {
  offset: 0,
  generation: 0,
  encoding: 'utf-8',
  container: null,
  isBinary: false,
  inLongLine: false,
}
