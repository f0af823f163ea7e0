/** Steps in ascending order as runs of equal distances; plain JSON. A log that counts evenly is one run, however long it is. */
export type StepRuns = readonly StepRun[]

type StepRun = readonly [first: number, distance: number, last: number]

/** Of a log that counts less evenly, only the first steps are kept. */
const MAX_RUNS = 32

/** Adds a step. Returns the same runs where it is not above the last one, or there is no room for it. */
export function withStep(runs: StepRuns, step: number): StepRuns {
  const newest = runs.at(-1)
  if (newest === undefined) return [[step, 0, step]]
  const [first, distance, last] = newest
  if (step <= last) return runs
  if (first === last || step === last + distance) return runs.with(-1, [first, step - last, step])
  return runs.length < MAX_RUNS ? [...runs, [step, 0, step]] : runs
}

export function holdsStep(runs: StepRuns, step: number): boolean {
  return runs.some(
    ([first, distance, last]) =>
      step === first || step === last || (step > first && step < last && (step - first) % distance === 0),
  )
}
