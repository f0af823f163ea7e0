import { DATA } from './data.ts'
import type { CauseEntry } from './entry.ts'
import { LOGARITHMS } from './logarithms.ts'
import { LOSS } from './loss.ts'
import { MODEL } from './model.ts'
import { TRAINING } from './training.ts'

/** Every cause, by its number. To add one, write its entry in the file of its family. */
export const CAUSES: readonly CauseEntry[] = [...LOGARITHMS, ...MODEL, ...DATA, ...LOSS, ...TRAINING].sort(
  (a, b) => a.number - b.number,
)

const BY_CODE = new Map(CAUSES.map((cause) => [codeOf(cause), cause]))

/** Its name in alerts, such as `R1-log-zero`. */
export function codeOf({ number, name }: CauseEntry): string {
  return `R${number}-${name}`
}

/** The entry of a code, or null for one that an alert of another version may hold. */
export function causeOf(code: string): CauseEntry | null {
  return BY_CODE.get(code) ?? null
}

/** The code with this number. */
export function codeAt(number: number): string {
  const cause = CAUSES.find((one) => one.number === number)
  if (cause === undefined) throw new RangeError(`no cause has the number ${number}`)
  return codeOf(cause)
}
