import { LineTemplates } from './templated-log.ts'

/** Of so many files, those that were read last, the templates are kept. */
const MOST_FILES = 64

/** What to tell of a file of those that were misread. */
export const MISREAD =
  'a line was read by what had been learned of its like, and is read otherwise by its format: values before it may be wrong. From here on each line is read anew. Please report it with a few lines of the log'

/** What has been learned of the lines of each file. It is kept beside the states, and is no part of them. */
export class TemplateShelf {
  readonly #ofFiles = new Map<string, LineTemplates>()
  readonly #misread = new Set<string>()

  /** The files of which a line was read otherwise than their format does. */
  get misread(): ReadonlySet<string> {
    return this.#misread
  }

  of(path: string): LineTemplates {
    const templates = this.#ofFiles.get(path) ?? new LineTemplates(undefined, () => this.#misread.add(path))
    // The oldest stand first.
    this.#ofFiles.delete(path)
    this.#ofFiles.set(path, templates)
    if (this.#ofFiles.size > MOST_FILES) this.#ofFiles.delete(this.#ofFiles.keys().next().value!)
    return templates
  }
}
