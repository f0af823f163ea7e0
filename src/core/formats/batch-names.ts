/** What PBS and SGE call the output and the errors of a job, and of a task of an array: `train.o4711`, `train.e4711.3`. */
const OF_BATCH_JOB = /^(.+)\.p?[oe](\d{3,}(?:[.-]\d{1,6})?)$/i

/** What the logs of one job of PBS or SGE have in common, `train.4711` for `train.o4711`; null for any other name. */
export function batchJobOf(name: string): string | null {
  const [, job, id] = OF_BATCH_JOB.exec(name) ?? []
  return job === undefined ? null : `${job}.${id}`
}
