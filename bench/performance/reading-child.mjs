/**
 * Reads files into records as the program does, piece by piece, and prints how many values it found, as JSON.
 *
 *     node reading-child.mjs MODULES FILE ...
 *
 * MODULES is the folder of a build, this one's or an older one's, with its modules one by one.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const PIECE_BYTES = 1024 * 1024

const [modules, ...files] = process.argv.slice(2)
const at = (path) => join(modules, 'core', path)
const load = (path) => import(pathToFileURL(at(path)).href)
const { splitLines } = await load('reading/lines.js')
const { BUILT_IN } = await load('formats/format-set.js')
const { readLogLine, finishLog } = await load('formats/source-readers.js')
const { startReader } = await load(
  existsSync(at('formats/reader-state.js')) ? 'formats/reader-state.js' : 'formats/reader.js',
)
const readerOf = existsSync(at('templates/templated-log.js')) ? await byTemplates() : byFormats

let samples = 0
const piece = Buffer.alloc(PIECE_BYTES)
for (const file of files) read(file)
console.log(JSON.stringify({ samples }))

function read(file) {
  const readPiece = readerOf(file)
  let state = { reader: startReader() }
  const descriptor = openSync(file, 'r')
  for (let next = 0; ; ) {
    const bytes = piece.subarray(0, readSync(descriptor, piece, 0, PIECE_BYTES, next))
    const isLast = bytes.length < PIECE_BYTES
    const split = splitLines(bytes, next, isLast)
    state = readPiece(state, split.lines)
    if (isLast) break
    // A line that is longer than a piece is passed over, as a line above the cap is.
    next = split.next > next ? split.next : next + bytes.length
  }
  closeSync(descriptor)
  count(finishLog(state, file, BUILT_IN).results)
}

/** What an older build has: each line by its format. */
function byFormats(file) {
  return (before, lines) => {
    let state = before
    for (const line of lines) {
      const step = readLogLine(state, line, file, BUILT_IN)
      count(step.results)
      state = step.state
    }
    return state
  }
}

/** What was learned of the lines of a file is kept from piece to piece. */
async function byTemplates() {
  const { LineTemplates, TemplatedLog } = await load('templates/templated-log.js')
  const { HEARING, isSilent } = await load('pipeline/silent-line.js')
  // An older build reads lines, not columns.
  const newer = TemplatedLog.prototype.readRun !== undefined
  return (file) => {
    const templates = new LineTemplates()
    return (before, lines) => {
      const parts = [before, file, BUILT_IN, templates, HEARING ?? isSilent]
      const log = TemplatedLog.ofText?.(...parts) ?? new TemplatedLog(...parts)
      for (let at = 0; at < lines.length; ) {
        const run = newer ? log.readRun(lines, at) : null
        if (run === null) count(newer ? log.read(lines, at++) : log.read(lines[at++]))
        else {
          countRun(run)
          at += run.length
        }
      }
      return log.state
    }
  }
}

/** Records as columns. */
function countRun(run) {
  for (let row = 0; row < run.length; row++) samples += run.templateOf(row).reading.scalars.length
}

function count(results) {
  for (const { result } of results) {
    if (result.kind !== 'records') continue
    for (const record of result.records) if (record.kind === 'scalars') samples += record.scalars.length
  }
}
