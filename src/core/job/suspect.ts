import { isOfTracker } from './tracker-words.ts'

/** An error that a job printed in a line of its own, and how many lines came after it. */
export type Suspect<About> = { readonly crash: About; readonly since: number; readonly isVague?: true }

/** More lines than these after an error show that the job outlived it. A job that ends writes some: what it leaks, say. */
const MOST_LINES_AFTER = 20
/** The same of an error of which no class knows. */
const MOST_LINES_AFTER_VAGUE = 2

/** What the job may have died of after one more line, as long as only a few came after it. The summary of a client counts for nothing. */
export function stillSuspect<About>(
  { suspect = null, before }: { readonly suspect?: Suspect<About> | null; readonly before: string },
  line: string,
): Suspect<About> | null {
  if (suspect === null || isOfTracker(line, before)) return suspect
  const most = suspect.isVague === true ? MOST_LINES_AFTER_VAGUE : MOST_LINES_AFTER
  return suspect.since >= most ? null : { ...suspect, since: suspect.since + 1 }
}
