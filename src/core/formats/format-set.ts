import type { Format } from '../records/format.ts'
import type { Container } from './containers/container.ts'
import { jsonDocument } from './containers/json-document.ts'
import { FORMATS } from './index.ts'

/** The formats in which files are read: those that a user has described, and the built-in ones. */
export interface FormatSet {
  /** One line of one of these settles what a file is, whatever its other lines look like. */
  readonly described: readonly Format[]
  /** All of them, the described first. */
  readonly all: readonly Format[]
  readonly byName: ReadonlyMap<string, Format>
  /** The container for JSON documents, the described first. */
  readonly document: Container
}

export const BUILT_IN: FormatSet = {
  described: [],
  all: FORMATS,
  byName: named(FORMATS),
  document: jsonDocument as unknown as Container,
}

/** Formats by their names. */
export function named(formats: readonly Format[]): ReadonlyMap<string, Format> {
  return new Map(formats.map((format) => [format.name, format]))
}
