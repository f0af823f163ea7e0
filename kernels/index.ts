export { readNumbers } from './numbers'
export { exponentials, inspect, normalise } from './row'
export { sumLogs, sumProbabilities } from './row-sums'
