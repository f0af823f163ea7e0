import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type HiddenRecord,
  hiddenInLine,
  hiddenInRecord,
  nothingHidden,
} from '../../../src/core/hidden/hidden-values.ts'
import { splitLines, wholeText } from '../../../src/core/reading/lines.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'
import { readLog } from './lines.ts'

/** Real logs of other people's projects; they stay outside the project, and the tests run where they are. */
export const SHARED = resolve(import.meta.dirname, '../../../../shared')
export const hasSharedLogs = existsSync(SHARED)

export type Row = Readonly<Record<string, string>>

export function manifest(folder: 'corpus' | 'genuine'): readonly Row[] {
  const [head = '', ...rows] = readFileSync(`${SHARED}/${folder}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, column) => [names[column] ?? '', cell])))
}

/** All that is read in a text file, in its order: the records, and behind each what it hides. */
export function recordsOf(path: string): readonly LogRecord[] {
  const found: LogRecord[] = []
  let hidden = nothingHidden()
  const keep = (seen: { state: typeof hidden; hidden: readonly HiddenRecord[] }) => {
    hidden = seen.state
    found.push(...seen.hidden)
  }
  for (const { line, result } of readLog(splitLines(readFileSync(path), 0, true).lines, path).results) {
    if (result.kind !== 'records') keep(hiddenInLine(hidden, wholeText(line), line.offset))
    else {
      for (const record of result.records) {
        found.push(record)
        keep(hiddenInRecord(hidden, record))
      }
    }
  }
  return found
}
