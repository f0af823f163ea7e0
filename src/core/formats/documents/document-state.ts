import type { Proof, TrackMemories } from './track.ts'

/** What has been told of a document; plain JSON, saved with the cursor. */
export type DocumentState = {
  /** The kind of document, by the name of its shape; null while no series was found. */
  readonly kind: string | null
  readonly tracks: TrackMemories
  /** How far the version in hand was read, where that is read element by element. */
  readonly pass?: Pass
}

/** How far a list was read; plain JSON. */
export type Pass = {
  readonly count: number
  readonly proof: Proof
  /** The first element as a point, to know it again by. */
  readonly first: string
  /** Whether its elements count their steps, by the first of them that is a record; null before that. */
  readonly isCounted: boolean | null
}

export const NOTHING_TOLD: DocumentState = { kind: null, tracks: {} }
