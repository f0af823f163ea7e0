/** A log file as found under a root that the user gave. */
export interface FoundFile {
  /** The path by which nanwatch opens it. */
  readonly path: string
  /** Path below the root with `/` between its parts; empty when the root is the file itself. */
  readonly below: string
}

/** Words that name what a file holds and not which run it belongs to. */
const GENERIC_WORDS = new Set(
  (
    'train training trainer val valid validation eval evaluation test metric metrics loss losses log logs history ' +
    'progress result results summary scalar scalars output out err error stdout stderr std console run state ' +
    'prediction predictions pred preds prob probs logit logits label labels batch batches dump dumps ' +
    'epoch step steps rank worker gpu node csv json tensorboard events tfevents'
  ).split(' '),
)

/**
 * Names the run that each file found under one root belongs to.
 *
 * The files of one job folder are one run, named by the folder's path below
 * the root. Files that are each other's twins (the same kind of file under
 * names of their own, `lr0.1.log` beside `lr0.2.log`) are a run each, named by
 * their own path. So is a file given itself or alone in the root. `known`
 * holds the runs already given: they never change.
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
        isOwnRun(file, files, folder) ? file.below || rootName : folder || rootRun(rootName, files, runs),
      )
    }
  }
  return runs
}

function isOwnRun(file: FoundFile, inFolder: readonly FoundFile[], folder: string): boolean {
  if (file.below === '') return true
  if (folder === '' && inFolder.length === 1) return true
  return (
    !isGeneric(file) && inFolder.some((other) => other !== file && !isGeneric(other) && ending(other) === ending(file))
  )
}

/** The run of the root's own files: one that began alone keeps its name when others join it. */
function rootRun(rootName: string, files: readonly FoundFile[], runs: ReadonlyMap<string, string>): string {
  for (const file of files) {
    const run = runs.get(file.path)
    if (run !== undefined && isGeneric(file)) return run
  }
  return rootName
}

function isGeneric({ below }: FoundFile): boolean {
  const name = below.slice(below.lastIndexOf('/') + 1).toLowerCase()
  const words = name.split(/[^a-z]+/).filter((word) => word !== '')
  const stem = words.length > 1 ? words.slice(0, -1) : words
  return stem.every((word) => GENERIC_WORDS.has(word))
}

function ending({ below }: FoundFile): string {
  const dot = below.lastIndexOf('.')
  return dot > below.lastIndexOf('/') ? below.slice(dot).toLowerCase() : ''
}
