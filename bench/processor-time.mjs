// Processor time as Linux counts it: other programs change it less than the clock.
import { readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/** What the children of this process that have ended took, in their own code and in the kernel, with theirs. */
export function endedChildrenSeconds() {
  const fields = fieldsOf('self')
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND
}

/** What a process has taken so far, all of its threads together. */
export function secondsOf(pid) {
  const fields = fieldsOf(pid)
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

/** The fields behind the name, which may hold blanks and brackets. */
function fieldsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
