import type { Line } from '../reading/lines.ts'

/** What a line says, without what others have put before it. */
export type Said = {
  readonly bare: string
  /** Whether a logger has told its level, which tells an error that was logged from one that nobody caught. */
  readonly hasLevel: boolean
}

/** What a line says; undefined where nothing stands before it. */
export function saidIn({ head, text }: Pick<Line, 'head' | 'text'>): Said | undefined {
  return head === undefined ? undefined : { bare: text, hasLevel: head.levelAt !== undefined }
}
