import { rankInPath } from '../formats/rank-names.ts'
import type { Head } from '../reading/head.ts'

/** What somebody else says of the end of a rank. */
export type Told = {
  readonly rank: number
  readonly how: 'killed' | 'failed' | 'stopped'
  /** The exit code, where the launcher gives it; less than 0 for a signal. */
  readonly code?: number
  /** What the rank said last, where its lines have a mark. */
  readonly said?: string
}

/** The highest number that is taken for a rank. The words of each rank of a file are saved by themselves. */
const MAX_RANK = 1023
/** The most ranks that one line may tell of. */
const MOST_TOLD = 64

/** torchrun writes `attempt_0/3/stderr.log`. */
const OF_TORCHRUN = /(?:^|\/)attempt_\d+\/(\d{1,4})\/std(?:out|err)\.log$/i
/** What `srun -l`, `pbsdsh` and the `-l` of MPICH and Intel MPI put before a line. */
const LABEL = /^(?:(\d{1,4}): |\[(\d{1,4})\]: |\[(\d{1,4})\] )/
/** `[2/4] `, `rank=2 `, `INFO:root:[Rank 2] `, `worker-2 | `, `[pod/train-worker-2/pytorch] `. */
const HINT =
  /^(?:\[(\d{1,4})\/\d{1,4}\] |rank=(\d{1,4}),? |(?:[\w.-]{0,40}[-_.])?(?:worker|rank)[-_.]?(\d{1,4})(?:\s{0,20}\| | [a-z][\w-]{1,40} (?=\S))|\[pod\/[\w./-]{0,80}(?:worker|rank)[-_.]?(\d{1,4})(?:\/[\w./-]{0,80})?\] |[^[\]]{0,60}\[rank[ :=]?(\d{1,4})\] )/i
const MOST_HINT_CHARS = 240
/** What NCCL's watchdog and gloo put into a line of their own. */
const OWN_NAME = /^.{0,160}?\[rank (\d{1,4})\] (?:watchdog|caught|some nccl|found|nccl|monitored)/

/** The rank whose log a file is, by its path; null where the path does not say. */
export function rankOfPath(path: string): number | null {
  return rankIn(OF_TORCHRUN.exec(path)?.[1]) ?? rankInPath(path)
}

/** Who wrote a line. A number before it is only a `label`, and what may name something else only a hint. */
export interface LineWriter {
  readonly rank: number
  readonly isLabel: boolean
  readonly isHint?: true
}

/**
 * How launchers mark whose line it is: `[rank3]:`, `[default3]:`, `rank 3:`, `(rank 3) `, `[1,3]<stdout>:`. Before it may
 * stand the node that pdsh names, or its address, the number of `srun -l`, and the time of `mpirun --timestamp-output`.
 */
const MARK =
  /^(?:\w[\w.-]{0,60}: (?=\[(?:rank|default)\d{1,5}\]:)|(?:\w{3} ){2}[ \d]\d \d\d:\d\d:\d\d \d{4} ?(?=\[))?(?:\[(?:rank|default) ?(\d{1,5})\]|rank ?(\d{1,5}) ?[:|]|\(rank[ :=]?(\d{1,5})\) |\[\d{1,3},(\d{1,5})\]<std(?:out|err)>:)/i
const MOST_MARK_CHARS = 96

/** The rank whose mark stands before a line; null for a line without one. */
function rankMarked(text: string): number | null {
  const found = MARK.exec(text.slice(0, MOST_MARK_CHARS))
  return found === null ? null : rankIn(found.slice(1).find((digits) => digits !== undefined))
}

/** What a number before a line is taken for, a name that says rank, and one that may be that of another process. */
const NUMBERED = /^rank(\d{1,4})$/
const NAMED = /(?:^|[-_.])rank[-_.](\d{1,4})$/i
const WORKER = /(?:^|[-_.])(?:worker|trainer|proc|process|learner)[-_. ]?(\d{1,4})(?:\/[\w./-]{0,80})?$/i

/** The rank that wrote a line, by what stands before it; null where that names none. */
export function rankOfHead({ rank, worker = '' }: Pick<Head, 'rank' | 'worker'>): LineWriter | null {
  const named = rankIn(rank ?? NAMED.exec(worker)?.[1])
  if (named !== null) return { rank: named, isLabel: false }
  const label = worker === '' ? null : rankIn(NUMBERED.exec(worker)?.[1])
  if (label !== null) return { rank: label, isLabel: true }
  const hint = worker === '' ? null : rankIn(WORKER.exec(worker)?.[1])
  return hint === null ? null : { rank: hint, isLabel: true, isHint: true }
}

/** The rank that wrote a line, by its mark; null for a line without one. */
export function rankOfLine(line: string): LineWriter | null {
  const tagged = rankMarked(line)
  if (tagged !== null) return { rank: tagged, isLabel: false }
  const label = LABEL.exec(line)
  const rank = label === null ? null : rankIn(label[1] ?? label[2] ?? label[3])
  if (rank !== null) return { rank, isLabel: true }
  const hinted = HINT.exec(line.slice(0, MOST_HINT_CHARS))
  const hint = hinted === null ? null : rankIn(hinted.slice(1).find((digits) => digits !== undefined))
  return hint === null ? null : { rank: hint, isLabel: true, isHint: true }
}

/** The rank that names itself in the words of a watchdog. */
export function rankNamedIn(line: string): number | null {
  return line.includes('[Rank ') ? rankIn(OWN_NAME.exec(line.toLowerCase())?.[1]) : null
}

function rankIn(digits: string | number | undefined): number | null {
  return digits === undefined || Number(digits) > MAX_RANK ? null : Number(digits)
}

const SIGNALS = /(killed|out of memory|segmentation fault|aborted|bus error|floating point)|(terminated)/
const CODE = /exited on signal (\d+)|exited with exit code (\d+)/
/** `tasks 0-2,5: Terminated` of srun, `process rank 3 with PID 12 … exited on signal 9` of Open MPI, and an abort of MPI. */
const TELLS =
  /^srun: error: \S+: tasks? ([\d,-]+): (.+)|process rank (\d+) with pid \d+ (.+)|mpi_abort was invoked on (rank) (\d+)/
/** The first line of a pair, as Open MPI, torchrun and Intel MPI write them, and the second. */
const NAMES_RANK = /\bprocess name: \[\[\d+,\d+\],(\d+)\]|\brank\s*: (\d+) \(local_rank|= +rank (\d+) pid/
export const GIVES_CODE = /\bexit ?code\s*: +(-?\d+)|\bkilled by signal: (\d+)/

/** The rank whose exit code the next line of a launcher gives. */
export function rankHeaded(line: string): number | null {
  const [, openMpi, torch, intelMpi] = NAMES_RANK.exec(line.toLowerCase()) ?? []
  return rankIn(openMpi ?? torch ?? intelMpi)
}

/** What the line of a launcher tells of the end of ranks. `headed` is the rank that the line above it names. */
export function toldIn(line: string, headed: number | null): readonly Told[] {
  const text = line.toLowerCase()
  const [, exit, ended] = (headed === null ? null : GIVES_CODE.exec(text)) ?? []
  const code = exit !== undefined ? Number(exit) : ended === undefined ? null : -Number(ended)
  if (headed !== null && code !== null) return [{ rank: headed, how: howOfCode(code), code }]
  const found = TELLS.exec(text)
  if (found === null) return []
  const [, tasks, ofTasks, ofMpi, mpiEnd, , aborted] = found
  const words = ofTasks ?? mpiEnd ?? ''
  const [, signal, exited] = CODE.exec(words) ?? []
  const given = signal !== undefined ? -Number(signal) : exited === undefined ? null : Number(exited)
  const how = aborted !== undefined ? 'failed' : given === null ? howOf(words) : howOfCode(given)
  const told = { how, ...(given !== null && { code: given }) }
  return ranksIn(tasks ?? ofMpi ?? aborted ?? '').map((rank) => ({ rank, ...told }))
}

/** How a process ended that somebody else tells of, in words. */
export function wordsOfEnd(who: string, code: number): string {
  return `${who} ended with ${code < 0 ? `signal ${-code}` : `exit code ${code}`}`
}

/** Whether words of an end are those of `wordsOfEnd` about a rank: who wrote them is another. */
export function tellsOfRank(words: string): boolean {
  return /^rank \d+ ended with /.test(words)
}

/** Whether torchrun says above its table which process it looked at first. */
export function isAboveTable(line: string): boolean {
  return /\(exitcode: -?\d+\) local_rank: \d/.test(line)
}

function howOf(words: string): Told['how'] {
  const [, killed, terminated] = SIGNALS.exec(words) ?? []
  if (terminated !== undefined) return 'stopped'
  return killed === undefined ? 'failed' : 'killed'
}

function howOfCode(code: number): Told['how'] {
  if (code === -15 || code === 143) return 'stopped'
  return code < 0 || code > 128 ? 'killed' : 'failed'
}

/** `0-2,5` → 0, 1, 2, 5. */
export function ranksIn(list: string): readonly number[] {
  const parts = list.split(/, ?| and /).filter((part) => /^\d/.test(part))
  const ranks = parts.flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number)
    return Array.from({ length: Math.max(0, Math.min(to - from + 1 || 0, MOST_TOLD)) }, (_, at) => from + at)
  })
  return ranks.filter((rank) => rank <= MAX_RANK).slice(0, MOST_TOLD)
}
