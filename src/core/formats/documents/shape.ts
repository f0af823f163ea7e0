import type { RecordValue } from '../../literals/record-value.ts'
import type { Track } from './track.ts'

/** One kind of JSON document that holds series. */
export interface DocumentShape {
  readonly name: string
  /** One sentence for `nanwatch formats` and the docs. */
  readonly about: string
  readonly example: string
  /** The series of a document of this kind, or null for one of another kind. `fileName` is that of the file. */
  read(document: RecordValue, fileName: string): readonly Track[] | null
  /** Whether a document of this kind says that its training is over. Without this, none does. */
  isOver?(document: RecordValue): boolean
}
