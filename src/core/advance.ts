import type { Reject } from '../protocol/wire.ts'
import type { FileState } from './file-state.ts'
import type { RejectReason } from './formats/format.ts'
import { finishReader, type LineResult, readLine } from './formats/reader.ts'
import { type Judged, Judgement } from './judgement.ts'
import type { Read, Rules } from './read.ts'
import type { Line } from './reading/lines.ts'
import { endingOf } from './runs/ending.ts'
import type { RunMemory } from './runs/memory.ts'

/** Everything that reading on changes in one file and its run: all of it lands, or none. */
export interface Advance extends Judged {
  readonly rejects: readonly Reject[]
}

const EXCERPT_CHARACTERS = 200

/**
 * Lines in, one value out: all of the watchdog's judgement, and none of its I/O.
 *
 * A fold, line by line: how the bytes were cut into reads changes nothing.
 */
export function advance(read: Read, file: FileState, memory: RunMemory, rules: Rules): Advance {
  const judgement = new Judgement(read, file, memory, rules)
  const rejects: Reject[] = read.longLines.map(({ offset, capBytes, excerpt }) => ({
    run: read.run,
    file: read.file,
    offset,
    reason: 'line-too-long',
    detail: `longer than ${capBytes} bytes`,
    excerpt: excerpt.slice(0, EXCERPT_CHARACTERS),
  }))

  if (read.turnsBinary) rejects.push(binaryFile(read))

  const take = ({ line, result }: LineResult) => {
    switch (result.kind) {
      case 'records':
        for (const record of result.records) judgement.record(record)
        if (result.unread !== undefined) rejects.push(rejectOf(read, line, 'too-many-values', result.unread))
        break
      case 'reject':
        rejects.push(rejectOf(read, line, result.reason, result.detail))
        break
      case 'skip': {
        const ending = endingOf(line.text)
        if (ending !== null) judgement.ending(ending)
      }
    }
  }

  let reader = file.reader
  for (const line of read.lines) {
    const step = readLine(reader, line)
    reader = step.state
    for (const result of step.results) take(result)
  }
  if (read.isFinal) {
    const last = finishReader(reader)
    reader = last.state
    for (const result of last.results) take(result)
  }

  if (read.damage) rejects.push(damagedFile(read, read.damage))

  return { ...judgement.outcome(reader, rejects.length), rejects }
}

function rejectOf({ run, file }: Read, { offset, text }: Line, reason: RejectReason, detail: string): Reject {
  return { run, file, offset, reason, detail, excerpt: text.slice(0, EXCERPT_CHARACTERS) }
}

function damagedFile({ run, file }: Read, { offset, reason }: NonNullable<Read['damage']>): Reject {
  const detail = `the compressed file is damaged or cut short (${reason}): its content after this byte is not read`
  return { run, file, offset, reason: 'damaged', detail, excerpt: '' }
}

function binaryFile({ run, file }: Read): Reject {
  const detail = 'not a text file: its first 4 KiB are those of a binary one'
  return { run, file, offset: 0, reason: 'binary', detail, excerpt: '' }
}
