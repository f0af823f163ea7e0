/** Names of folders that always hold a part of the job in the folder above. */
const PARTS =
  /^(?:checkpoints?|ckpts?|checkpoint[-_]\d+|epoch[-_]?\d+|global_step\d+|files|vis_data|metrics|training_dynamics|preds?|predictions?|probs?|logits?|dumps?|train|training|val|valid|validation|eval|evaluation|test|(?:(?:local|global)[-_])?rank[-_.]?\d{1,4})$/

/** Names of folders that hold a part of the job in the folder above if that one has logs of its own. Otherwise they hold many jobs. */
const SHELVES =
  /^(?:logs?|runs?|tb|tb_logs|tensorboard|tensorboard_logs|lightning_logs|csv|csv_logs|events|wandb|outputs?|out|results?)$/

/** Names of folders that a logger makes anew for each job: `version_0`, `20260801_101500`, `Nov25_10-00-00_host`, `run-20260801_101500-ab12`. */
const INSTANCES =
  /^(?:version_\d+|(?:(?:offline-)?run-)?\d{8}[-_T]?\d{4,6}(?:-\w{1,32})?|\d{4}-\d{2}-\d{2}[-_T ]?(?:\d{2}[-_:.]?\d{2}(?:[-_:.]?\d{2})?)?|[a-z]{3}\d{2}_\d{2}-\d{2}-\d{2}_.{0,64})$/

/**
 * Maps each folder with logs to the folder of its job, which most often is the same. All are paths below one root.
 *
 * A job also writes into folders below its own: checkpoints, TensorBoard files,
 * dumps of its predictions. A folder that a logger makes for each job belongs to
 * the job above it only while it is the only one there.
 */
export function jobFolders(folders: Iterable<string>): ReadonlyMap<string, string> {
  const withFiles = new Set(folders)
  const instances = instancesByShelf(withFiles)
  const isRootAJob = withFiles.has('') || topParts(withFiles).size > 1
  const jobs = new Map<string, string>()
  for (const folder of withFiles) {
    const job = jobOf(folder, withFiles, instances)
    jobs.set(folder, job === '' && !isRootAJob ? topOf(folder) : job)
  }
  return jobs
}

function jobOf(
  folder: string,
  withFiles: ReadonlySet<string>,
  instances: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  let job = folder
  let isCertain = true
  for (let at = folder; at !== ''; ) {
    const name = nameOf(at)
    const above = parentOf(at)
    const isPart = PARTS.test(name) || isOfTorchrun(name, nameOf(above))
    const isLoneInstance = INSTANCES.test(name) && instances.get(above)?.size === 1
    if (!isPart && !isLoneInstance && !SHELVES.test(name)) break
    isCertain &&= isPart
    if (isCertain || withFiles.has(above)) {
      job = above
      isCertain = true
    }
    at = above
  }
  return job
}

/** torchrun writes the output of each rank into a folder of its own: `attempt_0/3/stderr.log`. */
function isOfTorchrun(name: string, above: string): boolean {
  return /^\d{1,4}$/.test(name) && /^attempt_\d+$/.test(above)
}

/** The folders right below the root that hold a part of a job. If there are two, the root is the folder of that job. */
function topParts(folders: Iterable<string>): ReadonlySet<string> {
  return new Set([...folders].map(topOf).filter((top) => PARTS.test(nameOf(top))))
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
