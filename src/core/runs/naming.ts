import { batchJobOf } from '../formats/batch-names.ts'
import { CONTAINERS } from '../formats/containers/index.ts'
import { endingOf, processNameOf } from '../formats/rank-names.ts'
import { jobFolders, jobsOfProcesses } from './job-folder.ts'

/** A log file as found under a root that the user gave. */
export interface FoundFile {
  /** The path by which nanwatch opens it. */
  readonly path: string
  /** Path below the root with `/` between its parts; empty when the root is the file itself. */
  readonly below: string
  /** The name of its run, where the file itself gives it as the database of a tracker does. */
  readonly ownRun?: string
}

/** Words in file names that say what a file holds, and not which run it belongs to. */
const GENERIC_WORDS = new Set([
  ...(
    'train training trainer val valid validation eval evaluation test metric metrics loss losses log logs history ' +
    'progress result results summary scalar scalars output out err error errors debug info warning warnings internal ' +
    'stdout stderr std console state prediction predictions pred preds prob probs logit logits label labels ' +
    'batch batches dump dumps epoch step steps launch launcher mpirun mpiexec srun torchrun terminal nohup ' +
    'csv json jsonl txt'
  ).split(' '),
  ...CONTAINERS.flatMap(({ nameWords = [] }) => nameWords),
])

/** Words that say so too, where no number stands behind them: with one, and if it is that of no process, they name a run. */
const PROCESS_WORDS = new Set(['rank', 'worker', 'gpu', 'node', 'proc', 'process', 'host'])

/** How files end that hold the errors of a job, whose output is called alike but for that. */
const OF_ERRORS = ['.err', '.stderr']

/** The name that a file had before gzip compressed it. */
export function nameWithoutGz(name: string): string {
  return name.toLowerCase().endsWith('.gz') ? name.slice(0, -'.gz'.length) : name
}

/**
 * Names the run of each file that was found under one root.
 *
 * The files of a job folder, and of the folders below it that hold a part of the
 * job, are one run. It is named by the path of the folder below the root.
 *
 * Twins are files of one kind under names of their own, such as `lr0.1.log`
 * beside `lr0.2.log`. Each is a run, named by its own path. The same is true of a
 * file that is the root itself or is alone in it. What joins it there later, and
 * is no twin, belongs to its run. The logs of the processes of one job are no
 * twins, nor are its output and its errors; those of two jobs in one folder are two runs, each named by what its
 * files have in common.
 *
 * `known` holds the runs that were named before, also below other roots. They
 * never change, and no other job gets their names. A compressed log counts under
 * the name that it had before.
 */
export function nameRuns(
  rootName: string,
  found: readonly FoundFile[],
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const runs = new Map(known)
  const taken = namesElsewhere(found, known)
  const folders = grouped(found, ({ below }) => folderOf(below))
  const own = new Map([...folders].map(([folder, files]) => [folder, ownNames(files)]))
  const named = new Set([...own].filter(([, names]) => isOfOthers(names)).map(([folder]) => folder))
  const jobs = jobFolders(folders.keys(), rootName, named)
  for (const [job, files] of grouped(found, ({ below }) => jobs.get(folderOf(below))!)) {
    const joined = runSoFar(files, known)
    const together = grouped(files, commonName)
    for (const file of files) {
      if (runs.has(file.path)) continue
      if (file.ownRun !== undefined) {
        runs.set(file.path, freeName(file.ownRun, file.path, taken))
        continue
      }
      const isAlone = job === '' && files.length === 1
      const hasOwnRun = isAlone || hasTwin(file, own.get(folderOf(file.below))!)
      const processes = together.get(commonName(file))!
      if (hasOwnRun && processes.length > 1 && processes.some(isPart)) {
        const name = commonName(file)
        runs.set(file.path, runSoFar(processes, known) ?? freeName(name, pathOf(name, file), taken))
      } else if (hasOwnRun) runs.set(file.path, freeName(nameWithoutGz(file.below || rootName), file.path, taken))
      else runs.set(file.path, joined ?? freeName(job || rootName, pathOf(job, file), taken))
    }
  }
  return runs
}

/** A job of which the user gave the logs of several processes, each by itself: how they would be found below its folder. */
export interface GivenJob {
  readonly rootName: string
  readonly found: readonly FoundFile[]
}

/**
 * The jobs whose processes' logs are given one by one, by the path of each. They are named as they would be below the
 * folder of their job, in whatever order they are given. `paths` maps each as it is opened to the whole path. A file that
 * is no log of a process, or the only one given of its job, has none.
 */
export function jobsOfGiven(paths: ReadonlyMap<string, string>): ReadonlyMap<string, GivenJob> {
  const above = jobsOfProcesses([...new Set([...paths.values()].map(folderOf))])
  const files = [...paths].map(([path, whole]) => ({ path, whole, folder: folderOf(whole), below: whole }))
  const groups = [...grouped(files, ({ folder }) => above.get(folder)!)].flatMap(([job, all]) => {
    const ofFolders = all.filter((file) => file.folder !== job || ownName(file) === '')
    const isOfSeveral = new Set(all.map(({ folder }) => folder).filter((folder) => folder !== job)).size > 1
    const alike = [...grouped(isOfSeveral ? [] : all, commonName).values()].filter((group) => group.every(isProcess))
    return [
      ...(isOfSeveral ? [{ job, group: ofFolders }] : []),
      ...alike.map((group) => ({ job: group[0]!.folder, group })),
    ]
  })
  const jobs = groups
    .filter(({ group }) => group.length > 1)
    .map(({ job, group }) => ({
      rootName: job.slice(job.lastIndexOf('/') + 1),
      found: group.map(({ path, whole }) => ({ path, below: whole.slice(job.length + 1) })),
    }))
  return new Map(jobs.flatMap((job) => job.found.map(({ path }) => [path, job] as const)))
}

function grouped<File>(files: readonly File[], keyOf: (file: File) => string): ReadonlyMap<string, readonly File[]> {
  const groups = new Map<string, File[]>()
  for (const file of files) {
    const key = keyOf(file)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [file])
    else group.push(file)
  }
  return groups
}

/** The whole path of a job folder, which is given as its path below the root of a file. */
function pathOf(job: string, { path, below }: FoundFile): string {
  const root = path.slice(0, path.length - below.length)
  return job === '' ? folderOf(root) || root : root + job
}

/** The names of runs below other roots, which another job may not get. */
function namesElsewhere(found: readonly FoundFile[], known: ReadonlyMap<string, string>): ReadonlySet<string> {
  const first = found[0]
  if (first === undefined) return new Set()
  const root = first.path.slice(0, first.path.length - first.below.length)
  return new Set([...known].filter(([path]) => !path.startsWith(root)).map(([, run]) => run))
}

/** The name, with as many folders of its path in front as it needs to differ from the names that are taken. */
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

/** The own names of the files, by ending. Files whose names say only what they hold have none. */
function ownNames(files: readonly FoundFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  for (const file of files) {
    const own = ownName(file)
    if (own !== '') names.set(ending(file), (names.get(ending(file)) ?? new Set()).add(own))
  }
  return names
}

/** How the log of a job is called by Slurm. It is that of a launcher. */
const OF_SLURM = /^slurm \d+$/

/** Whether logs with these names of their own are of other jobs than that of the processes whose folders stand beside them. */
function isOfOthers(names: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const all = new Set([...names.values()].flatMap((own) => [...own]))
  return all.size > 1 || [...all].some((name) => !OF_SLURM.test(name))
}

function hasTwin(file: FoundFile, own: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return ownName(file) !== '' && (own.get(ending(file))?.size ?? 0) > 1
}

/** The run that the files of a job have so far, if it is one and the same; else null. */
function runSoFar(files: readonly FoundFile[], known: ReadonlyMap<string, string>): string | null {
  const runs = new Set(files.map(({ path }) => known.get(path)).filter((run) => run !== undefined))
  return runs.size === 1 ? [...runs][0]! : null
}

/** A file's name without the words that say what it holds: `resnet` for `resnet_train.log`, empty for `metrics.jsonl`. */
function ownName(file: FoundFile): string {
  const name = nameOfJob(file)
  const words = name
    .slice(0, name.length - endingOf(name).length)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !PROCESS_WORDS.has(word) && !GENERIC_WORDS.has(word.replace(/\p{N}+/gu, '')))
  return words.some((word) => /\p{L}/u.test(word)) ? words.join(' ') : ''
}

function ending(file: FoundFile): string {
  return endingOf(nameOfJob(file))
}

/** A file's name without what tells the processes of its job apart. */
function nameOfJob({ below }: FoundFile): string {
  const name = nameWithoutGz(below.slice(below.lastIndexOf('/') + 1))
  return processNameOf(name)?.rest ?? batchJobOf(name) ?? name
}

function isProcess({ below }: FoundFile): boolean {
  return processNameOf(nameWithoutGz(below.slice(below.lastIndexOf('/') + 1))) !== null
}

/** Whether a file is one of several of its job: the log of a process, or what went to one of its streams. */
function isPart(file: FoundFile): boolean {
  const name = nameWithoutGz(file.below.slice(file.below.lastIndexOf('/') + 1))
  return isProcess(file) || batchJobOf(name) !== null || OF_ERRORS.includes(endingOf(name))
}

/** The path below the root that the logs of the processes of one job have in common: `slurm-9912` for `slurm-9912.3.out`. */
function commonName(file: FoundFile): string {
  const name = nameOfJob(file)
  const folder = folderOf(file.below)
  return `${folder}${folder === '' ? '' : '/'}${name.slice(0, name.length - endingOf(name).length) || name}`
}
