import { untagged } from './rank-marks.ts'

/** What a launcher, a container or a collector of logs puts before each line of a job. */
const WRAPPERS: readonly RegExp[] = [
  // srun -l, and pbsdsh
  /^\d{1,5}: /,
  /^\[\d{1,5}\]: /,
  // mpirun -l of MPICH and Intel MPI; a number behind it is that of a process which a shell tells of
  /^\[\d{1,4}(?:\/\d{1,4})?\] (?! *[+-]? *\d{2,} )/,
  // ranks that name themselves, behind the time and the level of a logger
  /^rank=\d{1,4},? /,
  /^[^[\]]{0,60}\[[Rr]ank[ :=]?\d{1,4}\] (?:(?:INFO|ERROR|CRITICAL)(?: -)? )?/,
  // pdsh, as DeepSpeed uses it
  /^(?:[a-z][\w-]{0,40}-)?(?:n|node|worker|host|gpu|ip|compute)-?\d[\w.-]{0,60}: /,
  // Ray
  /^\((?:[\w.]{1,80} )?pid=\d+(?:, ip=[\w.:]+)?\) /,
  // docker compose, and kubectl logs --prefix
  /^[\w.-]{1,60}\s{0,20}\| /,
  /^\[pod\/[\w./-]{1,160}\] /,
  // docker logs -t, kubectl logs --timestamps, CRI
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)(?: std(?:out|err) [FP])? /,
  // journalctl, syslog
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,60} [\w.-]{1,60}(?:\[\d+\])?: /,
]
/** Open MPI marks a line anew wherever the process wrote it in pieces. */
const MPI_MARK = /^\[\d{1,3},\d{1,5}\]<std(?:out|err)>:/
const MOST_WRAPPERS = 3
const MOST_CHARS = 240

/** The line as the job wrote it, its indentation included: without what others have put before it. */
export function unwrapped(line: string): string {
  const mark = MPI_MARK.exec(line)?.[0]
  let text = mark === undefined ? untagged(line) : line.split(mark).join('')
  for (let taken = 0; taken < MOST_WRAPPERS; taken++) {
    const head = text.slice(0, MOST_CHARS)
    const wrapper = WRAPPERS.map((pattern) => pattern.exec(head)).find((found) => found !== null)
    if (wrapper === undefined || wrapper === null) break
    text = untagged(text.slice(wrapper[0].length))
  }
  return text
}
