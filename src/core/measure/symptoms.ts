import type { LongTarget, Sequences } from './aligned-sequences.ts'
import { DEFAULT_EPSILON } from './clip.ts'
import type { BatchMeasure } from './prediction-batch.ts'

type Measured = Pick<BatchMeasure, (typeof SYMPTOMS)[number]>

/** What of a batch's measures says that something is wrong with it: all that is kept of them in memory. */
export type Symptoms = Measured & {
  /** Of sequences that the loss aligns: a target that does not fit. */
  readonly longTarget?: LongTarget
  /** How many batches, from the first one on, were a column of nothing but ones, where a softmax over one unit shows in them. */
  readonly columnsOfOnes?: number
}

const SYMPTOMS = [
  'n',
  'used',
  'k',
  'dtype',
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
  'nanLabel',
  'questions',
  'notNormalised',
  'worst',
  'maxLogit',
  'closedRows',
  'zeroLogit',
] as const

/** How many rows have a label that is not ignored: of these the symptoms are counted. */
export function countedRows({ used, badLabel, nanLabel }: Pick<Symptoms, 'used' | 'badLabel' | 'nanLabel'>): number {
  return used + badLabel.count + (nanLabel?.count ?? 0)
}

export function symptomsOf(measure: BatchMeasure): Symptoms {
  return Object.fromEntries(
    SYMPTOMS.flatMap((name) => (measure[name] === undefined ? [] : [[name, measure[name]]])),
  ) as Measured
}

/** What is kept in memory of a batch in which a target does not fit: its loss is infinite whatever is predicted. */
export function symptomsOfSequences({ rows, classes }: Sequences, longTarget: LongTarget): Symptoms {
  const none = { count: 0, rows: [] }
  return {
    n: rows,
    used: rows,
    k: classes,
    dtype: null,
    epsilon: DEFAULT_EPSILON,
    crossEntropy: 'Infinity',
    crossEntropyClipped: 'Infinity',
    printedDecimals: null,
    zeroOnTruth: none,
    zeroOffTruth: none,
    nan: none,
    infinite: none,
    outOfRange: none,
    badLabel: none,
    notNormalised: none,
    worst: null,
    maxLogit: null,
    longTarget,
  }
}

/** Whether a 0 or 1 of the batch is one. In a log of few decimals it is any number that rounds to it; states of older versions do not say. */
export function isInFull({ printedDecimals }: Pick<Symptoms, 'printedDecimals'>): boolean {
  return (printedDecimals ?? null) === null
}

/** Whether the numbers are stored in half a precision, where 0 is anything below 3·10⁻⁸ that the job may have held in more. */
export function isInHalves({ dtype }: Pick<Symptoms, 'dtype'>): boolean {
  return dtype === 'float16' || dtype === 'bfloat16'
}
