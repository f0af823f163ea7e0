import { isPerStepName } from '../formats/file-names.ts'
import type { FoundFile } from './naming.ts'

/** The names of text files that are one of the numbered files of a dump, such as `dynamics_epoch_3.jsonl`. */
const NUMBERED_LINES =
  /(?:step|iter|iteration|epoch|batch|preds?|predictions?|probs|logits|dump)[-_.]?\d+\.(?:jsonl|ndjson|csv|tsv)$/i
/** Finds the last number in a name, and the text before and after it. */
const LAST_NUMBER = /^(.*?)(\d{1,15})(\D*)$/

/** A file of a dump, and its number there. */
export interface Member {
  /** The path of the dump: the path of the file with `*` in place of its number. */
  readonly dump: string
  readonly number: number
}

/**
 * The dump that a file belongs to by its name; null for a file that belongs to none.
 *
 * The files that a job writes one for each step are one dump: `preds/step_*.npz`.
 */
export function memberOf(path: string): Member | null {
  const slash = path.lastIndexOf('/') + 1
  const name = path.slice(slash)
  if (!isPerStepName(name) && !NUMBERED_LINES.test(name)) return null
  const found = LAST_NUMBER.exec(name)
  if (found === null) return null
  const [, before = '', number = '', after = ''] = found
  return { dump: `${path.slice(0, slash)}${before}*${after}`, number: Number(number) }
}

/** Whether a followed path stands for many files. */
export function isDumpPath(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).includes('*')
}

/** The files with each dump as one path, in the place of its first member. */
export function withDumps(files: readonly FoundFile[]): readonly FoundFile[] {
  const seen = new Set<string>()
  const together: FoundFile[] = []
  for (const file of files) {
    const dump = file.below === '' ? null : memberOf(file.path)
    if (dump === null) {
      together.push(file)
    } else if (!seen.has(dump.dump)) {
      seen.add(dump.dump)
      together.push({ path: dump.dump, below: memberOf(file.below)!.dump })
    }
  }
  return together
}
