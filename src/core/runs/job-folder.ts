import { type ProcessName, processWordsOf } from '../formats/rank-names.ts'

/** Names of folders that always hold a part of the job in the folder above. */
const PARTS =
  /^(?:checkpoints?|ckpts?|checkpoint[-_]\d+|epoch[-_]?\d+|global_step\d+|files|vis_data|metrics|training_dynamics|preds?|predictions?|probs?|logits?|dumps?|train|training|val|valid|validation|eval|evaluation|test)$/

/** Names of folders that hold a part of the job in the folder above if that one has logs of its own. Otherwise they hold many jobs. */
const SHELVES =
  /^(?:logs?|runs?|tb|tb_logs|tensorboard|tensorboard_logs|lightning_logs|csv|csv_logs|events|wandb|outputs?|out|results?)$/

/** Names of folders that a logger makes anew for each job: `version_0`, `20260801_101500`, `Nov25_10-00-00_host`, `run-20260801_101500-ab12`. */
const INSTANCES =
  /^(?:version_\d+|(?:(?:offline-)?run-)?\d{8}[-_T]?\d{4,6}(?:-\w{1,32})?|\d{4}-\d{2}-\d{2}[-_T ]?(?:\d{2}[-_:.]?\d{2}(?:[-_:.]?\d{2})?)?|[a-z]{3}\d{2}_\d{2}-\d{2}-\d{2}_.{0,64})$/

/**
 * Maps each folder with logs to the folder of its job, which most often is the same. All are paths below one root,
 * which may be the folder of a job itself.
 *
 * A job also writes into folders below its own: checkpoints, TensorBoard files,
 * dumps of its predictions. A folder that a logger makes for each job belongs to
 * the job above it only while it is the only one there. So does one of the logs of processes, whatever it is called: the
 * log of their launcher stands above it. `named` are the folders with logs of other jobs, called after these.
 */
export function jobFolders(
  folders: Iterable<string>,
  rootName = '',
  named: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const withFiles = new Set(folders)
  const instances = instancesByShelf(withFiles)
  const processes = processFolders(withFiles, rootName)
  const parts = { withFiles, instances, processes, launches: launchFolders(withFiles, processes, named) }
  const isRootAJob = withFiles.has('') || topParts(parts).size > 1
  const jobs = new Map<string, string>()
  for (const folder of withFiles) {
    const job = jobOf(folder, parts)
    jobs.set(folder, job === '' && !isRootAJob ? topOf(folder) : job)
  }
  return jobs
}

/** What is known of the folders below a root. */
interface Folders {
  readonly withFiles: ReadonlySet<string>
  /** The folders that a logger made for each job, by the folder above them. */
  readonly instances: ReadonlyMap<string, ReadonlySet<string>>
  /** The folders of single processes. */
  readonly processes: ReadonlySet<string>
  /** The folders of all that one launcher has started. */
  readonly launches: ReadonlySet<string>
}

/** The folder of the job whose process a folder belongs to, among folders given by whole paths; the folder itself where it is of none. */
export function jobsOfProcesses(folders: readonly string[]): ReadonlyMap<string, string> {
  const processes = processFolders(folders)
  const jobOfProcess = (folder: string): string => (processes.has(folder) ? jobOfProcess(parentOf(folder)) : folder)
  return new Map(folders.map((folder) => [folder, jobOfProcess(folder)]))
}

function jobOf(folder: string, { withFiles, instances, processes, launches }: Folders): string {
  let job = folder
  let isCertain = true
  for (let at = folder; at !== ''; ) {
    const name = nameOf(at)
    const above = parentOf(at)
    const isPart = PARTS.test(name) || processes.has(at)
    const isLoneInstance = INSTANCES.test(name) && instances.get(above)?.size === 1
    if (!isPart && !isLoneInstance && !SHELVES.test(name) && !launches.has(at)) break
    isCertain &&= isPart
    if (isCertain || withFiles.has(above)) {
      job = above
      isCertain = true
    }
    at = above
  }
  return job
}

/**
 * The folders that hold the log of one process each: `node3`, `rank_3`, and `llama-worker-3` where those beside it are
 * the others of the same job. torchrun writes `attempt_0/3/stderr.log`, and Open MPI `1/rank.3/stderr`.
 */
function processFolders(folders: Iterable<string>, rootName = ''): ReadonlySet<string> {
  const all = [...new Set([...folders].flatMap(withThoseAbove))]
  const named = all.flatMap((folder) => {
    const name = processWordsOf(nameOf(folder))
    return name === null ? [] : [{ folder, name }]
  })
  const above = new Map<string, ProcessName[]>()
  for (const { folder, name } of named) {
    const beside = above.get(parentOf(folder))
    if (beside === undefined) above.set(parentOf(folder), [name])
    else beside.push(name)
  }
  const processes = named
    .filter(({ folder, name }) => name.rest === '' || isOneJob(above.get(parentOf(folder))!))
    .map(({ folder }) => folder)
  const ofOpenMpi = named
    .map(({ folder }) => folder)
    .filter((folder) => /^rank\.\d+$/.test(nameOf(folder)) && /^\d+$/.test(nameOf(parentOf(folder))))
    .map(parentOf)
  const ofTorchrun = all.filter(
    (folder) => /^\d{1,4}$/.test(nameOf(folder)) && /^attempt_\d+$/.test(nameOf(parentOf(folder)) || rootName),
  )
  return new Set([...processes, ...ofOpenMpi, ...ofTorchrun])
}

/** The folders that hold nothing but folders of processes, and stand alone in theirs, whose own logs are of no other job. */
function launchFolders(
  withFiles: ReadonlySet<string>,
  processes: ReadonlySet<string>,
  named: ReadonlySet<string>,
): ReadonlySet<string> {
  const inside = new Map<string, string[]>()
  for (const folder of new Set([...withFiles].flatMap(withThoseAbove))) {
    const beside = inside.get(parentOf(folder))
    if (beside === undefined) inside.set(parentOf(folder), [folder])
    else beside.push(folder)
  }
  const isOfProcesses = (folder: string): boolean =>
    processes.has(folder) || (!withFiles.has(folder) && (inside.get(folder) ?? []).every(isOfProcesses))
  const alone = [...inside].flatMap(([above, [folder, ...others]]) =>
    folder === undefined || others.length > 0 || named.has(above) ? [] : [folder],
  )
  return new Set(alone.filter((folder) => !processes.has(folder) && isOfProcesses(folder)))
}

/** Whether names differ in nothing but numbers that count from 0. `lowrank_4` beside `lowrank_8` is another job. */
function isOneJob(processes: readonly ProcessName[]): boolean {
  const numbers = new Set(processes.map(({ number }) => number))
  const isCounted = processes.length > 1 && Array.from(numbers.keys()).every((number) => number < numbers.size)
  return isCounted && new Set(processes.map(({ rest }) => rest)).size === 1
}

function withThoseAbove(folder: string): readonly string[] {
  const parts = folder.split('/')
  return folder === '' ? [] : parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** The folders right below the root that hold a part of a job. If there are two, the root is the folder of that job. */
function topParts({ withFiles, processes }: Folders): ReadonlySet<string> {
  const isPart = (top: string) => PARTS.test(nameOf(top)) || processes.has(top)
  return new Set([...withFiles].map(topOf).filter(isPart))
}

/** The folders that a logger made for each job, by the folder above them. */
function instancesByShelf(withFiles: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const instances = new Map<string, Set<string>>()
  for (const folder of withFiles) {
    for (let at = folder; at !== ''; at = parentOf(at)) {
      if (!INSTANCES.test(nameOf(at))) continue
      const shelf = parentOf(at)
      instances.set(shelf, (instances.get(shelf) ?? new Set()).add(at))
    }
  }
  return instances
}

function topOf(folder: string): string {
  return folder.split('/', 1)[0]!
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1).toLowerCase()
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
}
