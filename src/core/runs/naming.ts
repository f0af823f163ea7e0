import { CONTAINERS } from '../formats/containers/index.ts'
import { jobFolders } from './job-folder.ts'

/** A log file as found under a root that the user gave. */
export interface FoundFile {
  /** The path by which nanwatch opens it. */
  readonly path: string
  /** Path below the root with `/` between its parts; empty when the root is the file itself. */
  readonly below: string
  /** The name of its run where the file itself says it, as a tracker's database does. */
  readonly ownRun?: string
}

/** Words that say what a file holds, and not which run it belongs to. */
const GENERIC_WORDS = new Set([
  ...(
    'train training trainer val valid validation eval evaluation test metric metrics loss losses log logs history ' +
    'progress result results summary scalar scalars output out err error errors debug info warning warnings internal ' +
    'stdout stderr std console state prediction predictions pred preds prob probs logit logits label labels ' +
    'batch batches dump dumps epoch step steps rank worker gpu node csv json jsonl txt'
  ).split(' '),
  ...CONTAINERS.flatMap(({ nameWords = [] }) => nameWords),
])

/** What a file was called before gzip compressed it. */
export function nameWithoutGz(name: string): string {
  return name.toLowerCase().endsWith('.gz') ? name.slice(0, -'.gz'.length) : name
}

/**
 * Names the run that each file found under one root belongs to.
 *
 * The files of one job folder, and of the folders below it that hold a part of
 * the job, are one run, named by the folder's path below the root. Files that are each other's twins (the same kind of file under
 * names of their own, `lr0.1.log` beside `lr0.2.log`) are a run each, named by
 * their own path. So is a file given itself or alone in the root; what joins
 * it there later, and is no twin, belongs to it. `known` holds the runs already
 * given, below other roots too: they never change, and no other job gets their
 * names. A compressed log counts by the name that it had before.
 */
export function nameRuns(
  rootName: string,
  found: readonly FoundFile[],
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const runs = new Map(known)
  const taken = namesElsewhere(found, known)
  const folders = grouped(found, ({ below }) => folderOf(below))
  const jobs = jobFolders(folders.keys())
  const own = new Map([...folders].map(([folder, files]) => [folder, ownNames(files)]))
  for (const [job, files] of grouped(found, ({ below }) => jobs.get(folderOf(below))!)) {
    const joined = runSoFar(files, known)
    for (const file of files) {
      if (runs.has(file.path)) continue
      if (file.ownRun !== undefined) {
        runs.set(file.path, freeName(file.ownRun, file.path, taken))
        continue
      }
      const isAlone = job === '' && files.length === 1
      const hasOwnRun = isAlone || hasTwin(file, own.get(folderOf(file.below))!)
      if (hasOwnRun) runs.set(file.path, freeName(nameWithoutGz(file.below || rootName), file.path, taken))
      else runs.set(file.path, joined ?? freeName(job || rootName, pathOf(job, file), taken))
    }
  }
  return runs
}

function grouped(
  files: readonly FoundFile[],
  keyOf: (file: FoundFile) => string,
): ReadonlyMap<string, readonly FoundFile[]> {
  const groups = new Map<string, FoundFile[]>()
  for (const file of files) {
    const key = keyOf(file)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [file])
    else group.push(file)
  }
  return groups
}

/** The whole path of a folder that is given below the root of `file`. */
function pathOf(job: string, { path, below }: FoundFile): string {
  const root = path.slice(0, path.length - below.length)
  return job === '' ? folderOf(root) || root : root + job
}

/** The runs of files that are not below this root: another job may have the same name there. */
function namesElsewhere(found: readonly FoundFile[], known: ReadonlyMap<string, string>): ReadonlySet<string> {
  const first = found[0]
  if (first === undefined) return new Set()
  const root = first.path.slice(0, first.path.length - first.below.length)
  return new Set([...known].filter(([path]) => !path.startsWith(root)).map(([, run]) => run))
}

/** The name, with as much of the path before it as tells it from those that are taken. */
function freeName(name: string, path: string, taken: ReadonlySet<string>): string {
  const parts = path.split('/')
  let free = name
  for (let count = name.split('/').length + 1; taken.has(free) && count <= parts.length; count++) {
    free = parts.slice(-count).join('/')
  }
  return free
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The names of their own that files of each ending have, without those that say only what a file holds. */
function ownNames(files: readonly FoundFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  for (const file of files) {
    const own = ownName(file)
    if (own !== '') names.set(ending(file), (names.get(ending(file)) ?? new Set()).add(own))
  }
  return names
}

function hasTwin(file: FoundFile, own: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return ownName(file) !== '' && (own.get(ending(file))?.size ?? 0) > 1
}

/** The run that the files of one folder have been given so far, if it is one and the same. */
function runSoFar(files: readonly FoundFile[], known: ReadonlyMap<string, string>): string | null {
  const runs = new Set(files.map(({ path }) => known.get(path)).filter((run) => run !== undefined))
  return runs.size === 1 ? [...runs][0]! : null
}

/** What a file's name says beyond what the file holds: `resnet` for `resnet_train.log`, nothing for `metrics.jsonl`. */
function ownName({ below }: FoundFile): string {
  const name = nameWithoutGz(below.slice(below.lastIndexOf('/') + 1))
  const words = name
    .slice(0, name.length - ending({ below }).length)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !GENERIC_WORDS.has(word.replace(/\p{N}+/gu, '')))
  return words.some((word) => /\p{L}/u.test(word)) ? words.join(' ') : ''
}

/** The ending of the name, such as `.log`; a number after the last dot, as of a rotated log, is none. */
function ending({ below }: Pick<FoundFile, 'below'>): string {
  return /\.[a-z][a-z0-9]*$/i.exec(nameWithoutGz(below))?.[0].toLowerCase() ?? ''
}
