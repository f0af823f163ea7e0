import { isPerStepName } from '../formats/file-names.ts'
import type { FoundFile } from './naming.ts'

/** What a file of lines must be called to be one of a series of dumps: `dynamics_epoch_3.jsonl`. */
const NUMBERED_LINES =
  /(?:step|iter|iteration|epoch|batch|preds?|predictions?|probs|logits|dump)[-_.]?\d+\.(?:jsonl|ndjson|csv|tsv)$/i
/** The last number in the name, with what stands before and after it. */
const LAST_NUMBER = /^(.*?)(\d{1,15})(\D*)$/

/** A file of a dump, and where it stands in it. */
export interface Member {
  /** The path of the dump: the file's own with its number replaced by `*`. */
  readonly dump: string
  readonly number: number
}

/**
 * The dump that a file belongs to by its name, or null where it stands alone.
 *
 * A job that writes one file for each step writes one dump: `preds/step_*.npz`.
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

/** The files with the members of each dump put together, in the place of the first. */
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
