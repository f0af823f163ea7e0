import { firstMemberName, isZip } from '../arrays/zip.ts'
import type { Container } from './container.ts'
import { MAX_DUMP_BYTES } from './dump-file.ts'
import { isLabelName, isPredictionName } from './prediction-fields.ts'

/** Predictions that were pickled, as `torch.save` does: known, and never read. */
export const pickle: Container<null> = {
  name: 'pickle',
  about: 'Predictions in a pickle (.pt, .pkl) are refused: to read one means to run it. Checkpoints are passed over.',
  example: 'step0008.pt',
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  recognises: ({ bytes }) => (isZip(bytes) ? firstMemberName(bytes).endsWith('/data.pkl') : isPickle(bytes)),

  mayHoldData({ bytes }) {
    const words = wordsOf(bytes)
    return words.some(isPredictionName) && words.some(isLabelName)
  },

  start: () => null,

  parse({ offset }, state) {
    const detail =
      'predictions in a pickle, which runs code when it is read: save them with np.savez or safetensors.torch.save_file'
    return { results: [{ offset, result: { kind: 'reject', reason: 'refused', detail } }], state }
  },
}

const MAX_WORDS = 4096
const MAX_WORD_BYTES = 64

/** PROTO, a version, and the marks that the pickle of a container begins with. */
function isPickle(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80 || bytes[1] === undefined || bytes[1] < 2 || bytes[1] > 5) return false
  return [FRAME, 0x7d, 0x5d, 0x63, 0x28, 0x58, 0x8a, 0x29].includes(bytes[2] ?? -1)
}

/** The short texts of a pickle, which are the keys of its dicts among others, without reading it as one. */
function wordsOf(bytes: Uint8Array): readonly string[] {
  const words: string[] = []
  for (let at = 0; at + 2 < bytes.length && words.length < MAX_WORDS; at++) {
    const isShort = bytes[at] === SHORT_TEXT
    const isLong = bytes[at] === TEXT && bytes[at + 2] === 0 && bytes[at + 3] === 0 && bytes[at + 4] === 0
    if (!isShort && !isLong) continue
    const length = bytes[at + 1]!
    const start = at + (isShort ? 2 : 5)
    if (length === 0 || length > MAX_WORD_BYTES || start + length > bytes.length) continue
    const word = bytes.subarray(start, start + length)
    if (word.every((byte) => byte > 0x20 && byte < 0x7f)) words.push(String.fromCharCode(...word))
  }
  return words
}

const FRAME = 0x95
/** BINUNICODE with four bytes of length, SHORT_BINUNICODE with one. */
const TEXT = 0x58
const SHORT_TEXT = 0x8c
