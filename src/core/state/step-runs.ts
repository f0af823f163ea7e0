/** Steps in ascending order as runs of equal distances; plain JSON. A log that counts evenly is one run, however long it is. */
export type StepRuns = readonly StepRun[]

type StepRun = readonly [first: number, distance: number, last: number]

/** Of a log that counts less evenly, only the first steps are kept. */
const MAX_RUNS = 32

/**
 * Adds steps that are above `least`. Returns the same runs where none is above the last one, or there is no room for any.
 */
export function withSteps(runs: StepRuns, steps: ArrayLike<number>, least: number): StepRuns {
  let [first, distance, last] = runs.at(-1) ?? [null, 0, Number.NEGATIVE_INFINITY]
  const closed: StepRun[] = []
  let isSame = true
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!
    if (step <= last || step <= least) continue
    if (first === null) first = step
    else if (first === last || step === last + distance) distance = step - last
    else if (Math.max(1, runs.length) + closed.length < MAX_RUNS) {
      closed.push([first, distance, last])
      first = step
      distance = 0
    } else continue
    last = step
    isSame = false
  }
  return isSame || first === null ? runs : [...runs.slice(0, -1), ...closed, [first, distance, last]]
}

export function holdsStep(runs: StepRuns, step: number): boolean {
  return runs.some(
    ([first, distance, last]) =>
      step === first || step === last || (step > first && step < last && (step - first) % distance === 0),
  )
}
