import type { RecordValue } from '../../literals/record-value.ts'
import type { Frame } from '../../reading/frame.ts'
import type { RejectReason } from '../../records/format.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import { type DocumentState, NOTHING_TOLD } from '../documents/document-state.ts'
import { DOCUMENT_SHAPES } from '../documents/index.ts'
import { isValueStart, skipSpace, valueEnd } from '../documents/json-extent.ts'
import { areTrainingRows, rowTrack } from '../documents/row-records.ts'
import type { DocumentShape } from '../documents/shape.ts'
import { streamedListIn } from '../documents/streamed-list.ts'
import { newsOf, type Track } from '../documents/track.ts'
import type { Container, FrameResult, ParsedFrame } from './container.ts'
import { looksLikeDocument } from './looks-like-document.ts'

/** Half a million records, whose reading takes a gigabyte; no writer keeps a longer history in JSON. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
/** What one commit should hold at most. */
const MAX_POINTS = 250_000
/** Names and objects of a document: as many as so much text can hold. */
const MAX_PARTS = Number.POSITIVE_INFINITY
/** More than any training has metrics. */
const MAX_TRACKS = 1024

/** Documents that are large, always there, and no history: a checkpoint has a copy of each. */
const NO_HISTORIES = new Set(['tokenizer.json', 'vocab.json'])

/**
 * A JSON document that is written whole, again and again, or once at the end.
 *
 * Each version is compared with what was told of the one before it, so only new
 * points come out. Several values one after the other are the records of a log
 * that was dumped piece by piece.
 */
export const jsonDocument: Container<DocumentState> = jsonDocumentOf(DOCUMENT_SHAPES)

/** A container for documents of the given kinds, of which the first that knows a document reads it. */
export function jsonDocumentOf(shapes: readonly DocumentShape[]): Container<DocumentState> {
  return {
    name: 'json-document',
    about: 'A JSON document with the history of a training: trainer_state.json, metrics.json, history.json and others.',
    example: shapes[0]?.example ?? '',
    names: ['*.json'],
    framing: 'whole',
    maxFileBytes: MAX_DOCUMENT_BYTES,
    recognises: looksLikeDocument,
    // What a user has described may be any part of a document.
    ...(shapes === DOCUMENT_SHAPES && {
      listIn: ({ name, bytes }) => (isHistory(name) ? streamedListIn(bytes) : null),
    }),
    start: () => NOTHING_TOLD,
    kindOf: ({ kind }) => kind,
    parse: (frame, state, name) => parse(frame, state, name, shapes),
  }
}

function parse(
  { bytes, offset }: Frame,
  state: DocumentState,
  name: string,
  shapes: readonly DocumentShape[],
): ParsedFrame<DocumentState> {
  if (!isHistory(name)) return { results: [], state }
  const { values, offsets, isOpen, stray } = valuesOf(bytes)
  if (values.length === 0 && isOpen) return { results: [], state, isIncomplete: true }
  const documents: RecordValue[] = []
  for (const [index, value] of values.entries()) {
    const parsing = parsePythonJson(value, MAX_PARTS)
    if (!parsing.ok) return rejected(offset + offsets[index]!, parsing.reason, parsing.detail, state)
    documents.push(parsing.value)
  }
  if (stray !== null) return rejected(offset + stray, 'broken-json', `byte ${stray}: text after the value`, state)

  const { kind, tracks, isOver } = tracksOf(documents, offsets, name, shapes)
  if (tracks.length > MAX_TRACKS) {
    const detail = `${tracks.length} series in one document, where at most ${MAX_TRACKS} are read: split it`
    return rejected(offset, 'refused', detail, state)
  }
  // It may be the beginning of a version that is still being written, such as the first of several values.
  if (tracks.length === 0) return { results: [], state, ...(isOpen ? { isIncomplete: true } : {}) }
  const news = newsOf(tracks, state.tracks, MAX_POINTS)
  return {
    results: news.results.map((result) => ({ offset, result })),
    state: { kind, tracks: news.memories },
    ...(isOpen ? { isIncomplete: true } : {}),
    ...(news.hasMore ? { hasMore: true } : {}),
    ...(isOver && !news.hasMore ? { exitCode: 0 } : {}),
  }
}

function isHistory(name: string): boolean {
  return !NO_HISTORIES.has(name.toLowerCase())
}

interface Values {
  readonly values: readonly string[]
  /** The byte at which each value begins. */
  readonly offsets: readonly number[]
  /** Whether the file ends within a value, or before the first. */
  readonly isOpen: boolean
  /** Where something stands that is no object and no list, or null. */
  readonly stray: number | null
}

function valuesOf(bytes: Uint8Array): Values {
  const values: string[] = []
  const offsets: number[] = []
  const decoder = new TextDecoder()
  let at = skipSpace(bytes, 0)
  while (at < bytes.length) {
    if (!isValueStart(bytes, at)) return { values, offsets, isOpen: false, stray: at }
    const end = valueEnd(bytes, at)
    if (end === null) return { values, offsets, isOpen: true, stray: null }
    values.push(decoder.decode(bytes.subarray(at, end)))
    offsets.push(at)
    at = skipSpace(bytes, end)
  }
  return { values, offsets, isOpen: values.length === 0, stray: null }
}

function tracksOf(
  documents: readonly RecordValue[],
  offsets: readonly number[],
  name: string,
  shapes: readonly DocumentShape[],
): { readonly kind: string | null; readonly tracks: readonly Track[]; readonly isOver: boolean } {
  const [first] = documents
  if (documents.length > 1 || first === undefined) {
    if (!areTrainingRows(documents)) return { kind: null, tracks: [], isOver: false }
    return {
      kind: 'json-series',
      tracks: [rowTrack({ name: '', rows: documents, prefix: '', offsets })],
      isOver: false,
    }
  }
  for (const shape of shapes) {
    const tracks = shape.read(first, name)
    if (tracks !== null) return { kind: shape.name, tracks, isOver: shape.isOver?.(first) === true }
  }
  return { kind: null, tracks: [], isOver: false }
}

function rejected(
  offset: number,
  reason: RejectReason,
  detail: string,
  state: DocumentState,
): ParsedFrame<DocumentState> {
  const result: FrameResult = { offset, result: { kind: 'reject', reason, detail } }
  return { results: [result], state }
}
