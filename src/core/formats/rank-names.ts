/** A name of a file or folder that is one of several processes of a job. */
export interface ProcessName {
  /** The name without what tells the processes apart. */
  readonly rest: string
  /** The rank of the process; null where the name only tells the node, or a number within it. */
  readonly rank: number | null
  /** The number that the name gives, whatever it counts. */
  readonly number: number
}

/** `rank_3`, `worker-3`, `proc3`, `globalrank-3`. What LoRA calls a rank is none. */
const RANK =
  /(?<![a-z])(?<!(?:lora|local)[-_.]?)(?:global[-_]?)?(?:rank|worker|proc|process)[-_.]?(\d{1,6})(?![\da-z])/gi
/** The number of a process within its node. Where no node is named it is the rank, if it is called one. */
const WITHIN_NODE =
  /(?<![a-z])(?:(local[-_]?(?:rank|proc))|gpu|cuda|device|npu|xpu|hpu|tpu)[-_.]?(\d{1,4})(?![\da-z])/gi
/** `node3`, `host-3`, `pod-3`, `nid00003`, `ip-10-0-1-12`: their order is not that of the ranks. */
const NODE = /(?<![a-z])(?:(?:node|host|pod|machine|nid|cn|compute)[-_.]?\d{1,6}(?![\da-z])|ip(?:-\d{1,3}){4}(?!\d))/gi

/** What Slurm makes of `%j.%t`, `%x-%j-%t` and `%j.%s.%t`, without the ending. In `%A_%a` the number is that of another job. */
const AFTER_JOB =
  /(?:^|[-_.])(?:(?!(?:19|20)\d\d(?:\D|\d{4}(?:\D|$)))[1-9]\d{3,}|(?:slurm|job|srun)[-_.]?\d+)(?:_\d+)?(?:\.\d{1,3})?([-.](\d{1,4}))$/i
/** Slurm calls its own logs `.out` and `.err`. In the name of another one, two numbers with a dash are a job and a rank if the first is long. */
const SURE = /\.\d+$|[-_.]\d{5,}-\d+$/
/** What Open MPI 5 makes of `--output file=x`: `x.prterun-host-4242@1.3.out`. */
const OF_PRRTE = /(?:@\d+)(\.(\d+))$/
/** `out.3`, `stdout.3`; older versions of Open MPI write `out.1.3`. */
const OF_STREAM = /^(?:out|err|stdout|stderr|output|error)((?:\.\d{1,4})?\.(\d{1,4}))$/i
/** `w3` and nothing else. */
const SHORT = /^w((\d{1,3}))$/i

/** The ending of a name, such as `.log`. A number after the last dot, as in the name of a rotated log, is no ending. */
export function endingOf(name: string): string {
  return /\.[a-z][a-z0-9]*$/i.exec(name)?.[0].toLowerCase() ?? ''
}

/** What a name tells of the process whose log it is; null where it tells of none. */
export function processNameOf(name: string): ProcessName | null {
  return processWordsOf(name) ?? byNumbers(name)
}

/** The rank of the process whose log a file is, by its name and those of the two folders above; null where they do not say. */
export function rankInPath(path: string): number | null {
  const names = path.split('/').slice(-3)
  return processWordsOf(names.join('/'))?.rank ?? byNumbers(names.at(-1) ?? '')?.rank ?? null
}

/** The number of the process whose log a file is, by its name or that of its folder; null where they tell of none. */
export function processInPath(path: string): number | null {
  const [folder, name] = path.split('/').slice(-2)
  return (processNameOf(name ?? folder ?? '') ?? (name === undefined ? null : processWordsOf(folder!)))?.number ?? null
}

/** The same by words alone, as folders are named: `node3`, `worker_3`. */
export function processWordsOf(name: string): ProcessName | null {
  const rest = name.replace(RANK, '').replace(WITHIN_NODE, '').replace(NODE, '')
  if (rest === name) return null
  const rank = [...name.matchAll(RANK)].at(-1)?.[1]
  const [, called, local] = [...name.matchAll(WITHIN_NODE)].at(-1) ?? []
  const node = [...name.matchAll(NODE)].at(-1)?.[0]
  const isAlone = called !== undefined && node === undefined
  const number = Number(rank ?? local ?? /\d+$/.exec(node ?? '')?.[0])
  return { rest: trimmed(rest), rank: toRank(rank ?? (isAlone ? local : undefined)), number }
}

function byNumbers(name: string): ProcessName | null {
  const ending = endingOf(name)
  const stem = name.slice(0, name.length - ending.length)
  const isSlurm = ['.out', '.err'].includes(ending) || (['.log', '.txt'].includes(ending) && SURE.test(stem))
  const slurm = isSlurm ? AFTER_JOB.exec(stem) : null
  const [, cut, digits] = slurm ?? OF_PRRTE.exec(stem) ?? OF_STREAM.exec(stem) ?? SHORT.exec(stem) ?? []
  if (cut === undefined) return null
  return { rest: `${stem.slice(0, stem.length - cut.length)}${ending}`, rank: toRank(digits), number: Number(digits) }
}

/** The highest number that is taken for a rank. */
const MAX_RANK = 1023

function toRank(digits: string | undefined): number | null {
  return digits === undefined || Number(digits) > MAX_RANK ? null : Number(digits)
}

/** `log.txt.` → `log.txt`, `train_.log` → `train.log`, `a__b` → `a_b`. */
function trimmed(rest: string): string {
  return rest
    .replace(/[-_.]+(?=\.[a-z][a-z\d]*$)/i, '')
    .replace(/([-_.])[-_.]+/g, '$1')
    .replace(/^[-_]+|[-_.]+$/g, '')
    .replace(/^\.(?=.+\.)/, '')
}
