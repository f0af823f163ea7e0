import { phaseOf } from '../records/fields.ts'

/**
 * Whether a file holds what a job predicts of held-out data, by its name or a folder, seen from another file of the run.
 *
 * What both paths begin with says nothing: a job may as well stand below a folder `test`.
 */
export function isOfHeldOutData(path: string, seenFrom: string): boolean {
  if (path === seenFrom) return false
  const own = path.split('/')
  const other = seenFrom.split('/')
  const shared = own.findIndex((part, at) => part !== other[at])
  return own.slice(shared).some((part) => phaseOf(part) === 'validation')
}
