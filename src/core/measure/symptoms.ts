import type { BatchMeasure } from './prediction-batch.ts'

/** What of a batch's measures says that something is wrong with it: all that is kept of them in memory. */
export type Symptoms = Pick<BatchMeasure, (typeof SYMPTOMS)[number]>

const SYMPTOMS = [
  'n',
  'used',
  'k',
  'epsilon',
  'crossEntropy',
  'crossEntropyClipped',
  'zeroOnTruth',
  'zeroOffTruth',
  'nan',
  'infinite',
  'outOfRange',
  'badLabel',
  'notNormalised',
  'worst',
] as const

export function symptomsOf(measure: BatchMeasure): Symptoms {
  return Object.fromEntries(SYMPTOMS.map((name) => [name, measure[name]])) as Symptoms
}
