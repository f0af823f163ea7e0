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
  'printedDecimals',
  'zeroOnTruth',
  'zeroOffTruth',
  'nan',
  'infinite',
  'outOfRange',
  'badLabel',
  'notNormalised',
  'worst',
  'maxLogit',
] as const

export function symptomsOf(measure: BatchMeasure): Symptoms {
  return Object.fromEntries(SYMPTOMS.map((name) => [name, measure[name]])) as Symptoms
}

/** Whether a 0 or 1 of the batch is one. In a log of few decimals it is any number that rounds to it; states of older versions do not say. */
export function isInFull({ printedDecimals }: Pick<Symptoms, 'printedDecimals'>): boolean {
  return (printedDecimals ?? null) === null
}
