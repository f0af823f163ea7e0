import type { JsonValue } from '../../../protocol/value.ts'
import type { Frame, FramingName } from '../../reading/frame.ts'
import type { ParseResult } from '../../records/format.ts'
import type { StreamedList } from '../documents/streamed-list.ts'

/** A parse result with the byte that it speaks of. */
export interface FrameResult {
  readonly offset: number
  readonly result: ParseResult
}

export interface ParsedFrame<State extends JsonValue> {
  readonly results: readonly FrameResult[]
  readonly state: State
  /** The file ends in the middle of its value: it is being written, and is read again when it has changed. */
  readonly isIncomplete?: true
  /** The code with which the process has ended, where the frame notes it; a signal is below 0, and 0 where training is over. */
  readonly exitCode?: number
  /** The frame holds more than one commit should: it is parsed again at once, with the new state. */
  readonly hasMore?: true
}

/** What is known of a file before it is read: enough to say what kind it is. */
export interface FileHead {
  /** The file's name without its folder. */
  readonly name: string
  /** Its first bytes: at most `HEAD_BYTES`, fewer only where the file is no longer. */
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

/** How many bytes a container may look at to recognise a file. */
export const HEAD_BYTES = 64 * 1024

/**
 * A kind of file that is not read line by line, as a fold over its frames.
 *
 * Pure, like a `Format`: the state is plain JSON and is saved with the cursor.
 * A container of framing `whole` is given the file anew each time it was
 * rewritten, and answers with what it has not told before: its state says how far
 * it has come.
 */
export interface Container<State extends JsonValue = JsonValue> {
  readonly name: string
  /** One sentence for `nanwatch formats` and the docs. */
  readonly about: string
  /** How such a file looks, for people: an excerpt, or its usual name. */
  readonly example: string
  /** How such files are called, as patterns for `isNamed`: those are followed below a folder. */
  readonly names: readonly string[]
  /** Which of those names are followed. Without this, all are. */
  isFollowed?(name: string): boolean
  /** Words in such names that say what a file holds, and not which run it belongs to. */
  readonly nameWords?: readonly string[]
  /** A job writes one such file for each step: those whose names differ in a number are read as one dump. */
  readonly isPerStep?: true
  /** The shortest beginning that tells this kind from text. A shorter file of such a name is still being written. */
  readonly leastBytes?: number
  readonly framing: FramingName
  /** Whether the file is of this kind. It must be sure: what no container claims is read as text. */
  recognises(head: FileHead): boolean
  /**
   * Whether the file may hold data, by its head alone. One that does not, such as the weights
   * of a model, is passed over: nothing more of it is read. Without this, every file may.
   */
  mayHoldData?(head: FileHead): boolean
  /** Names of files beside it that are read with it, where they are there: `labels.npy` for `logits.npy`. */
  companions?(name: string): readonly string[]
  /** The list of records that is read element by element; null where the file is read as a whole. For framing `whole`. */
  listIn?(head: FileHead): StreamedList | null
  /** A file that is larger is refused unread, with this advice; for framing `whole`. */
  readonly maxFileBytes?: number
  /** Nothing but the head of such a file is read: `parse` is given that, once. */
  readonly readsHeadOnly?: true
  start(): State
  /** What the file has turned out to be, where a container reads several kinds; null while that is not known. */
  kindOf?(state: State): string | null
  /** Reads one frame; `name` is that of the file. Never throws: what does not read is a reject. */
  parse(frame: Frame, state: State, name: string): ParsedFrame<State>
}
