import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { FollowedFile } from '../../core/pipeline/commit.ts'
import { type FileState, NEW_FILE } from '../../core/state/file-state.ts'
import { decodeJson, encodeJson } from '../../protocol/json.ts'

/** A followed file in memory. Its state may be packed as compressed JSON, which takes a small part of the room of objects. */
export type KeptFile = Omit<FollowedFile, 'state'> & { readonly state: FileState | PackedState }

/** Deflated JSON, a byte a character: a string lies in the heap and leaves no gaps, as many small buffers would. */
type PackedState = string

/** A state has a few kilobytes: the fastest level and small tables pack it in 20 µs to a third. */
const PACKING = { level: 1, windowBits: 13, memLevel: 5 }

/** The file with its state packed. The state that all new files share stays as it is. */
export function packed(file: KeptFile): KeptFile {
  if (typeof file.state === 'string' || file.state === NEW_FILE) return file
  return { ...file, state: deflateRawSync(encodeJson(file.state), PACKING).toString('latin1') }
}

/** The file with its state as objects, as reading on needs it. */
export function unpacked(file: KeptFile): FollowedFile {
  const { state } = file
  if (typeof state !== 'string') return { ...file, state }
  return { ...file, state: decodeJson<FileState>(inflateRawSync(Buffer.from(state, 'latin1')).toString()) }
}
