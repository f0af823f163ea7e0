/** How one training stack writes, and which reader reads it. */
export interface Dialect {
  readonly stack: string
  /** Where it writes: a path, or where its console goes. */
  readonly where: string
  /** Lines as the stack writes them. */
  readonly lines: readonly string[]
  /** The name of the format that reads them. */
  readonly readBy: string
}

/** Where the output of a job goes that writes to no file of its own. */
export const CONSOLE = 'console'
