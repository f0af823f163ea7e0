import { isAbsolute, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { databaseRunOf } from '../../core/runs/followed-path.ts'

/** Where a file is for programs that show it beside a repository. */
export interface SourcePlace {
  /** With forward slashes, relative to the current folder where it is below that. */
  readonly path: string
  /** The same as a URI reference: relative, or with `file:`. */
  readonly uri: string
  readonly isRelative: boolean
}

/** What standard input is called. */
const STANDARD_INPUT_NAME = 'stdin'

/** The place of a file that `check` has read; `-` is standard input, and of a database the run is left out. */
export function placeIn(file: string): SourcePlace {
  if (file === '-') return { path: STANDARD_INPUT_NAME, uri: STANDARD_INPUT_NAME, isRelative: true }
  const whole = resolve(databaseRunOf(file)?.path ?? file)
  const below = relative(process.cwd(), whole)
  const isRelative = below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
  if (!isRelative) return { path: whole.split(sep).join('/'), uri: pathToFileURL(whole).href, isRelative }
  const parts = below.split(sep)
  return { path: parts.join('/'), uri: parts.map(encodeURIComponent).join('/'), isRelative }
}
