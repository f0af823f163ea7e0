import type { Reject } from '../protocol/wire.ts'
import type { Transition } from './alerts/incidents.ts'
import type { DetectorSettings } from './detect/settings.ts'
import type { FileState } from './file-state.ts'
import { finishReader, type LineResult, readLine } from './formats/reader.ts'
import { Judgement, type PlacedBatch, type PlacedSample, type SampleMove } from './judgement.ts'
import type { Line } from './reading/lines.ts'
import { endingOf } from './runs/ending.ts'
import type { RunMemory } from './runs/memory.ts'

/** What one read of one file brought in. */
export interface Read {
  readonly run: string
  /** The path by which nanwatch opens the file. */
  readonly file: string
  readonly lines: readonly Line[]
  /** Lines above the cap: where they began, how long they are so far, and how they began. */
  readonly longLines: readonly LongLine[]
  /** True once the writer has left: nothing more will be appended. */
  readonly isFinal: boolean
  /** Bytes before this offset were old news when the file was first seen. */
  readonly backfillUntil: number
  readonly nowIso: string
}

export interface LongLine {
  readonly offset: number
  readonly capBytes: number
  readonly excerpt: string
}

export interface Rules {
  /** The ε of the clipped cross-entropy. */
  readonly epsilon: number
  readonly detectors: DetectorSettings
}

/** Everything that reading on changes in one file and its run: all of it lands, or none. */
export interface Advance {
  readonly file: FileState
  readonly memory: RunMemory
  readonly samples: readonly PlacedSample[]
  readonly moves: readonly SampleMove[]
  readonly batches: readonly PlacedBatch[]
  readonly rejects: readonly Reject[]
  readonly transitions: readonly Transition[]
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

  const take = ({ line, result }: LineResult) => {
    switch (result.kind) {
      case 'records':
        for (const record of result.records) judgement.record(record)
        break
      case 'reject':
        rejects.push({
          run: read.run,
          file: read.file,
          offset: line.offset,
          reason: result.reason,
          detail: result.detail,
          excerpt: line.text.slice(0, EXCERPT_CHARACTERS),
        })
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

  return { ...judgement.outcome(reader, rejects.length), rejects }
}
