import type { Reject } from '../protocol/wire.ts'
import type { FileState } from './file-state.ts'
import type { ParseResult } from './formats/format.ts'
import { readFrame } from './formats/frame-reader.ts'
import { finishReader, type LineResult, readLine } from './formats/reader.ts'
import { type Judged, Judgement } from './judgement.ts'
import type { Read, Rules } from './read.ts'
import { endingOf } from './runs/ending.ts'
import type { RunMemory } from './runs/memory.ts'

/** Everything that reading on changes in one file and its run: all of it lands, or none. */
export interface Advance extends Judged {
  readonly rejects: readonly Reject[]
  /** Whether the cursor stays where it was: the file is being written, or holds more than one commit should. */
  readonly isToBeReadAgain: 'when-changed' | 'now' | null
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
        if (result.unread !== undefined)
          rejects.push(rejectOf(read, line.offset, { reason: 'too-many-values', detail: result.unread }, line.text))
        break
      case 'reject':
        rejects.push(rejectOf(read, line.offset, result, line.text))
        break
      case 'skip': {
        const ending = endingOf(line.text)
        if (ending !== null) judgement.ending(ending)
      }
    }
  }

  let reader = file.reader
  let isToBeReadAgain: Advance['isToBeReadAgain'] = null
  if (read.frames) {
    const { container, name, frames, damage } = read.frames
    for (const frame of frames) {
      const step = readFrame(reader, container, frame, name)
      // Half a file says nothing yet; of a finished one it is all that there will be.
      if (step.isIncomplete && !read.isFinal) {
        isToBeReadAgain = 'when-changed'
        break
      }
      reader = step.state
      for (const { offset, result } of step.results) {
        if (result.kind === 'records') for (const record of result.records) judgement.record(record)
        if (result.kind === 'reject') rejects.push(rejectOf(read, offset, result, ''))
      }
      if (step.isIncomplete) rejects.push(rejectOf(read, frame.offset, CUT_SHORT, ''))
      if (step.hasMore) isToBeReadAgain = 'now'
    }
    if (damage !== null) rejects.push(rejectOf(read, 0, { reason: 'broken-frame', detail: damage }, ''))
  }
  for (const line of read.lines) {
    const step = readLine(reader, line, read.file)
    reader = step.state
    for (const result of step.results) take(result)
  }
  if (read.isFinal) {
    const last = finishReader(reader, read.file)
    reader = last.state
    for (const result of last.results) take(result)
  }

  if (read.damage) rejects.push(rejectOf(read, read.damage.offset, damaged(read.damage.reason), ''))

  return { ...judgement.outcome(reader, rejects.length), rejects, isToBeReadAgain }
}

const CUT_SHORT = { reason: 'broken-frame', detail: 'the file ends before its content does' } as const

type Problem = Pick<Extract<ParseResult, { kind: 'reject' }>, 'reason' | 'detail'>

function rejectOf({ run, file }: Read, offset: number, { reason, detail }: Problem, text: string): Reject {
  return { run, file, offset, reason, detail, excerpt: text.slice(0, EXCERPT_CHARACTERS) }
}

function damaged(why: string): Problem {
  const detail = `the compressed file is damaged or cut short (${why}): its content after this byte is not read`
  return { reason: 'damaged', detail }
}

function binaryFile({ run, file }: Read): Reject {
  const detail = 'not a text file: its first 4 KiB are those of a binary one'
  return { run, file, offset: 0, reason: 'binary', detail, excerpt: '' }
}
