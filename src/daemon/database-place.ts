import type { FileSystem } from '../tail/file-system.ts'

/**
 * What is wrong with the file system of the database, or null.
 *
 * The write-ahead log needs memory that all its readers share, and programs on
 * different machines share none.
 */
export function placeProblem({ name, hasEvents }: FileSystem): string | null {
  // An overlay writes its files to its upper layer, which is a local file system.
  if (hasEvents || name === 'overlay') return null
  return `it is on a file system ${name}: programs on other machines that open it may damage it. Name a local file with --db`
}
