import type { FileSystem } from '../tail/file-system.ts'

/**
 * What is wrong with the file system of the database, or null. The write-ahead
 * log needs memory that all its readers share, which no network gives them.
 */
export function placeProblem({ name, tellsOfWrites }: FileSystem): string | null {
  // The upper layer of an overlay, where files are written, is a local file system.
  if (tellsOfWrites || name === 'overlay') return null
  return `it is on a file system ${name}: programs on other machines that open it may damage it. Name a local file with --db`
}
