import type { Line } from '../reading/lines.ts'
import type { LastWords } from './last-words.ts'
import { type LineWriter, rankOfHead } from './rank-words.ts'
import { isException, TRACEBACK } from './traceback.ts'

/** What a line says, without what others have put before it. */
export type Said = {
  readonly bare: string
  /** Whether a logger has told its level, which tells an error that was logged from one that nobody caught. */
  readonly hasLevel: boolean
  /** A name before it that may be that of a logger or of an exception. */
  readonly name?: string
  /** The rank that wrote it, as far as what stands before it says so. */
  readonly writer?: LineWriter
}

/** What a line says; undefined where nothing stands before it. */
export function saidIn({ head, text }: Pick<Line, 'head' | 'text'>): Said | undefined {
  if (head === undefined) return undefined
  const writer = rankOfHead(head)
  const name = head.text.endsWith(': ') ? CLASS.exec(head.text)?.[1] : undefined
  return {
    bare: text,
    hasLevel: head.hasLevel === true,
    ...(name !== undefined && { name }),
    ...(writer !== null && { writer }),
  }
}

/** `zmq.error.Again: `, `lab.data.BadShard: `. Loggers are mostly called after modules, in small letters. */
const CLASS = /(?:^|[\s:])((?:[A-Za-z_]\w{0,60}\.){1,8}_?[A-Z]\w{0,20}[a-z]\w{0,60}): $/

/**
 * What of a line the last words go by: a traceback and an exception by themselves, for a collector may have put a level
 * before each line; any other message with the level that it was logged at.
 */
export function wordsOf({ open }: Pick<LastWords, 'open'>, text: string, said: Said | undefined): string {
  if (said === undefined) return text
  const { bare, hasLevel, name } = said
  const isError = bare.startsWith(TRACEBACK) || isException(bare)
  if (open === null && !isError && hasLevel) return text
  return name === undefined || isError || bare.startsWith(' ') ? bare : `${name}: ${bare}`
}
