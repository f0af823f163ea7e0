/** How the lines begin of clients that keep track of a job: Weights & Biases, Comet, ClearML, Neptune, SwanLab, MLflow, DVCLive. */
const OF_TRACKER =
  /^(?:\S{1,40} \S{1,20} - )?(?:\[?(?:wandb|w&b|comet(?:[._ ]?ml)?|clearml|neptune|swanlab|dvclive)\b[\]:.]?(?:\s|$)|\P{L}{0,4}view (?:run|experiment|project)\b.{0,200}\bat:? )/iu
/** The same of Neptune, where its name does not stand before it. */
const OF_NEPTUNE =
  /^(?:Shutting down background jobs|(?:Still )?[Ww]aiting for the remaining \d+ operations|All \d+ operations synced|Explore the metadata in the Neptune)/
/** Above its word that it is done with this. */
const ABOVE_DONE = 'Shutting down background jobs'

/** Whether a line is of a client that keeps track of a job, which says the same at its end whatever has become of it. */
export function isOfTracker(line: string, before: string): boolean {
  return OF_TRACKER.test(line) || OF_NEPTUNE.test(line) || before.includes(ABOVE_DONE)
}
