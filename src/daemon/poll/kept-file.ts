import type { FollowedFile } from '../../core/pipeline/commit.ts'
import { type FileState, NEW_FILE } from '../../core/state/file-state.ts'
import { decodeJson, encodeJson } from '../../protocol/json.ts'

/** A followed file in memory. Its state may be packed as JSON text, which takes a fraction of the room of objects. */
export type KeptFile = Omit<FollowedFile, 'state'> & { readonly state: FileState | string }

/** The file with its state as JSON text. The state that all new files share stays as it is. */
export function packed(file: KeptFile): KeptFile {
  return typeof file.state === 'string' || file.state === NEW_FILE ? file : { ...file, state: encodeJson(file.state) }
}

/** The file with its state as objects, as reading on needs it. */
export function unpacked(file: KeptFile): FollowedFile {
  const { state } = file
  return { ...file, state: typeof state === 'string' ? decodeJson<FileState>(state) : state }
}
