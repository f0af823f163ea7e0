import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { finishReader, type ReaderStep, readLine, startReader } from '../../../src/core/formats/reader.ts'
import {
  type HiddenRecord,
  hiddenInLine,
  hiddenInRecord,
  nothingHidden,
} from '../../../src/core/hidden/hidden-values.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'

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
  let reader = startReader()
  let hidden = nothingHidden()
  const keep = (seen: { state: typeof hidden; hidden: readonly HiddenRecord[] }) => {
    hidden = seen.state
    found.push(...seen.hidden)
  }
  const take = (step: ReaderStep) => {
    reader = step.state
    for (const { line, result } of step.results) {
      if (result.kind !== 'records') keep(hiddenInLine(hidden, line.text, line.offset))
      else {
        for (const record of result.records) {
          found.push(record)
          keep(hiddenInRecord(hidden, record))
        }
      }
    }
  }
  for (const line of splitLines(readFileSync(path), 0, true).lines) take(readLine(reader, line, path, BUILT_IN))
  take(finishReader(reader, path, BUILT_IN))
  return found
}
