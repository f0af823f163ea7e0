import { basename } from 'node:path'
import { proposeFormat, type SeenLine } from '../core/formats/custom/propose.ts'
import { BUILT_IN } from '../core/formats/format-set.ts'
import type { LineResult } from '../core/formats/reader-state.ts'
import { finishLog, type LogReaderState, readLogLine } from '../core/formats/source-readers.ts'
import type { FollowedFile } from '../core/pipeline/commit.ts'
import { linesIn } from '../core/pipeline/content.ts'
import { NEW_FILE } from '../core/state/file-state.ts'
import { encodeJson } from '../protocol/json.ts'
import { fileReads } from './replay/file-reads.ts'
import { streamReads } from './replay/stream-reads.ts'
import { mustBeOneFile } from './scan-paths.ts'
import { STANDARD_INPUT } from './standard-input.ts'
import { type ExitCode, printable, type Terminal } from './terminal.ts'

/** So many lines show what recurs in a log. */
const MOST_LINES = 5000
const NONE = 'nothing to propose: in no line that recurs is a number that may be a loss, beside counts, times and rates'

/** Prints a description of the lines of a file that recur, as a configuration. */
export async function propose(path: string, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  if (path !== STANDARD_INPUT) await mustBeOneFile(path)
  const lines = await linesOf(path, terminal)
  const name = path === STANDARD_INPUT ? 'my-log' : `my-${basename(path)}`.slice(0, 64)
  const proposal = proposeFormat(lines, name)
  if (proposal === null) {
    terminal.stderr(`${printable(path)}: ${NONE}\n`)
    return 1
  }
  const { format, example, read, guessedLoss } = proposal
  if (isJson) {
    terminal.stdout(`${encodeJson({ type: 'proposal', format, example, read, lines: lines.length, guessedLoss })}\n`)
    return 0
  }
  terminal.stdout(`${encodeJson({ formats: [format] }, 2)}\n`)
  const guess = guessedLoss === null ? '' : `${guessedLoss} is taken for the loss, which is a guess: see "roles"\n`
  terminal.stderr(
    `reads ${read} of ${lines.length} lines, such as: ${printable(example.trim())}\n${guess}` +
      `put it into the configuration, edit it, and see what is read: nanwatch parse --config nanwatch.json ${printable(path)}\n`,
  )
  return 0
}

/** The first few thousand lines of a file, as the formats see them, in order. */
async function linesOf(path: string, terminal: Terminal): Promise<readonly SeenLine[]> {
  let file: FollowedFile = { path, run: path, name: path, cursor: null, state: NEW_FILE, backfillUntil: 0 }
  const reads = path === STANDARD_INPUT ? streamReads(terminal.stdin) : fileReads
  let state: LogReaderState = { reader: NEW_FILE.reader }
  const seen = new Map<number, SeenLine>()
  const note = (results: readonly LineResult[]) => {
    for (const { line, result } of results) {
      // One that waited for its format may have been told of before it was read.
      const isRead = result.kind === 'records' || seen.get(line.offset)?.isRead === true
      seen.set(line.offset, { text: line.text, isRead })
    }
  }
  for await (const read of reads(file, () => file, BUILT_IN)) {
    file = { ...file, cursor: read.cursor }
    for (const line of linesIn(read.content)) {
      const step = readLogLine(state, line, path, BUILT_IN)
      state = step.state
      note(step.results)
    }
    if (seen.size >= MOST_LINES) break
  }
  note(finishLog(state, path, BUILT_IN).results)
  return [...seen].sort(([one], [other]) => one - other).map(([, line]) => line)
}
