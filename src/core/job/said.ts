import type { Line } from '../reading/lines.ts'
import { type LineWriter, rankOfHead } from './rank-words.ts'

/** What a line says, without what others have put before it. */
export type Said = {
  readonly bare: string
  /** Whether a logger has told its level, which tells an error that was logged from one that nobody caught. */
  readonly hasLevel: boolean
  /** The rank that wrote it, as far as what stands before it says so. */
  readonly writer?: LineWriter
}

/** What a line says; undefined where nothing stands before it. */
export function saidIn({ head, text }: Pick<Line, 'head' | 'text'>): Said | undefined {
  if (head === undefined) return undefined
  const writer = rankOfHead(head)
  return { bare: text, hasLevel: head.levelAt !== undefined, ...(writer !== null && { writer }) }
}
