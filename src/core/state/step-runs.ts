/** Steps in ascending order as runs of equal distances; plain JSON. A log that counts evenly is one run, however long it is. */
export type StepRuns = readonly StepRun[]

type StepRun = readonly [first: number, distance: number, last: number]

/** Of a log that counts less evenly, only the first steps are kept. */
const MAX_RUNS = 32

/**
 * Adds steps that are above `least`. Returns the same runs where none is above the last one, or there is no room for any.
 */
export function withSteps(runs: StepRuns, steps: ArrayLike<number>, least: number): StepRuns {
  const all = [...runs]
  let newest = all.pop()
  let isSame = true
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!
    if (step <= (newest?.[2] ?? least) || step <= least) continue
    if (newest === undefined) newest = [step, 0, step]
    else if (newest[0] === newest[2] || step === newest[2] + newest[1]) newest = [newest[0], step - newest[2], step]
    else if (all.length + 1 < MAX_RUNS) {
      all.push(newest)
      newest = [step, 0, step]
    } else continue
    isSame = false
  }
  return isSame || newest === undefined ? runs : [...all, newest]
}

export function holdsStep(runs: StepRuns, step: number): boolean {
  return runs.some(
    ([first, distance, last]) =>
      step === first || step === last || (step > first && step < last && (step - first) % distance === 0),
  )
}
