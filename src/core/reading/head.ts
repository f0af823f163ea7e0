/** What others have put before a line of a job, and what it says. */
export type Head = {
  /** The characters that were taken off. */
  readonly text: string
  /** Whether the level of a logger stands in it. */
  readonly hasLevel?: true
  /** The rank that wrote the line, where its mark is of nothing else. */
  readonly rank?: number
  /** Another name of who wrote it: a process, a pod, a node. */
  readonly worker?: string
  /** When it was written, as the line has it. */
  readonly time?: string
}
