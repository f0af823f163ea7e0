import type { ProjectCopy } from './project-copy.ts'

/** One thing that may be added to the program: its file, its line, and what shows that it works. */
export interface Extension {
  readonly name: string
  /** Writes the file, and the line in the list. */
  add(copy: ProjectCopy): Promise<void>
  /** Fails unless the compiled program has it. */
  shows(copy: ProjectCopy): Promise<void>
}
