/** A log file as found under a root that the user gave. */
export interface FoundFile {
  /** The path by which nanwatch opens it. */
  readonly path: string
  /** Path below the root with `/` between its parts; empty when the root is the file itself. */
  readonly below: string
}

/** Words that say what a file holds, and not which run it belongs to. */
const GENERIC_WORDS = new Set(
  (
    'train training trainer val valid validation eval evaluation test metric metrics loss losses log logs history ' +
    'progress result results summary scalar scalars output out err error errors debug info warning warnings internal ' +
    'stdout stderr std console state prediction predictions pred preds prob probs logit logits label labels ' +
    'batch batches dump dumps epoch step steps rank worker gpu node csv json jsonl txt tensorboard events tfevents'
  ).split(' '),
)

/**
 * Names the run that each file found under one root belongs to.
 *
 * The files of one job folder are one run, named by the folder's path below
 * the root. Files that are each other's twins (the same kind of file under
 * names of their own, `lr0.1.log` beside `lr0.2.log`) are a run each, named by
 * their own path. So is a file given itself or alone in the root; what joins
 * it there later, and is no twin, belongs to it. `known` holds the runs already
 * given: they never change.
 */
export function nameRuns(
  rootName: string,
  found: readonly FoundFile[],
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const runs = new Map(known)
  const byFolder = new Map<string, FoundFile[]>()
  for (const file of found) {
    const folder = file.below.includes('/') ? file.below.slice(0, file.below.lastIndexOf('/')) : ''
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file])
  }
  for (const [folder, files] of byFolder) {
    for (const file of files) {
      if (runs.has(file.path)) continue
      runs.set(
        file.path,
        isOwnRun(file, files, folder) ? file.below || rootName : folder || rootRun(rootName, files, known),
      )
    }
  }
  return runs
}

function isOwnRun(file: FoundFile, inFolder: readonly FoundFile[], folder: string): boolean {
  if (file.below === '') return true
  if (folder === '' && inFolder.length === 1) return true
  const own = ownName(file)
  return own !== '' && inFolder.some((other) => isTwin(own, ownName(other)) && ending(other) === ending(file))
}

function isTwin(own: string, other: string): boolean {
  return other !== '' && other !== own
}

/** The run of the root's own files: the one that began alone, where there is one, or the root's. */
function rootRun(rootName: string, files: readonly FoundFile[], known: ReadonlyMap<string, string>): string {
  const runs = new Set(files.map(({ path }) => known.get(path)).filter((run) => run !== undefined))
  return runs.size === 1 ? [...runs][0]! : rootName
}

/** What a file's name says beyond what the file holds: `resnet` for `resnet_train.log`, nothing for `metrics.jsonl`. */
function ownName({ below }: FoundFile): string {
  const name = below.slice(below.lastIndexOf('/') + 1)
  const words = name
    .slice(0, name.length - ending({ below }).length)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !GENERIC_WORDS.has(word.replace(/\p{N}+/gu, '')))
  return words.some((word) => /\p{L}/u.test(word)) ? words.join(' ') : ''
}

/** The ending of the name, such as `.log`; a number after the last dot, as of a rotated log, is none. */
function ending({ below }: Pick<FoundFile, 'below'>): string {
  return /\.[a-z][a-z0-9]*$/i.exec(below)?.[0].toLowerCase() ?? ''
}
