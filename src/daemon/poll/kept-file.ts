import type { FollowedFile } from '../../core/pipeline/commit.ts'
import { type FileState, NEW_FILE } from '../../core/state/file-state.ts'
import { decodeJson, encodeJson } from '../../protocol/json.ts'

/** A followed file in memory. At rest its state is JSON text, which takes a fraction of the room of the objects. */
export type KeptFile = Omit<FollowedFile, 'state'> & { readonly state: FileState | string }

/** The file with its state as text, unless that is the one that all new files share. */
export function packed(file: KeptFile): KeptFile {
  return typeof file.state === 'string' || file.state === NEW_FILE ? file : { ...file, state: encodeJson(file.state) }
}

/** The file as it is read on. */
export function unpacked(file: KeptFile): FollowedFile {
  const { state } = file
  return { ...file, state: typeof state === 'string' ? decodeJson<FileState>(state) : state }
}
