import type { Subject } from '../../core/lessons/topic.ts'
import type { Reader } from '../../store/store.ts'
import { demoSubject } from './demo-subject.ts'
import { runSubject, runsToLearnFrom } from './run-subject.ts'

/**
 * What a lesson speaks of: the batch of this run, or of the newest that has any, at this step or at the most telling one.
 *
 * A run that logged no predictions has nothing to show, so the demo stands in
 * for it. Null where no batch was read at the step.
 */
export async function subjectOf(reader: Reader, run: string | null, step: number | null): Promise<Subject | null> {
  const runs = await runsToLearnFrom(reader)
  const chosen = run === null ? runs[0] : runs.find((each) => each === run)
  return chosen === undefined ? demoSubject(step) : runSubject(reader, chosen, step)
}
