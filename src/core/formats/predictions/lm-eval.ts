import { parseNumber } from '../../literals/number.ts'
import {
  isObject,
  NonFiniteNumber,
  NumberArray,
  type RecordObject,
  type RecordValue,
} from '../../literals/record-value.ts'
import type { PredictionArrays } from './prediction-record.ts'

/**
 * The sample of a line of lm-evaluation-harness (`samples_<task>_<date>.jsonl`), or null for another record.
 *
 * It holds the log-likelihood of each choice, `[["-3.75", "False"], …]`. These
 * are not normalised over the choices, so they are logits of a choice.
 */
export function lmEvalSample(record: RecordObject): PredictionArrays | null {
  if (!Object.hasOwn(record, 'doc_id') || !Object.hasOwn(record, 'target')) return null
  const answers = record['filtered_resps'] ?? record['resps']
  if (!Array.isArray(answers) || answers.length < 2) return null
  const logLikelihoods = answers.map(logLikelihood)
  const label = labelOf(record, answers.length)
  if (label === null || logLikelihoods.includes(null)) return null
  const values = Float64Array.from(logLikelihoods as readonly number[])
  const labels = { kind: 'hard', classes: Float64Array.of(label) } as const
  return { kind: 'logits', dtype: null, n: 1, k: values.length, values, labels, epoch: null, isSample: true }
}

/** The number of `["-3.75", "False"]`, be it in further brackets; null for a text that was generated. */
function logLikelihood(answer: RecordValue): number | null {
  let pair = answer
  while (Array.isArray(pair) && Array.isArray(pair[0])) pair = pair[0] as RecordValue
  if (pair instanceof NumberArray) return pair.values.length === 2 ? pair.values[0]! : null
  if (!Array.isArray(pair) || pair.length !== 2 || !isTruth(pair[1]!)) return null
  return numberOf(pair[0]!)
}

function isTruth(value: RecordValue): boolean {
  return typeof value === 'boolean' || value === 'True' || value === 'False'
}

function numberOf(value: RecordValue): number | null {
  if (typeof value === 'number') return value
  if (value instanceof NonFiniteNumber) return Number(value.value)
  const number = typeof value === 'string' ? parseNumber(value) : null
  return number === null ? null : Number(number.value)
}

/** The index of the right choice: the target is one, or the text of the choice. */
function labelOf({ target, doc }: RecordObject, choices: number): number | null {
  const index = numberOf(target!)
  if (index !== null && Number.isInteger(index) && index >= 0 && index < choices) return index
  const texts = isObject(doc) ? doc['choices'] : undefined
  const place = Array.isArray(texts) ? texts.indexOf(target) : -1
  return place >= 0 && place < choices ? place : null
}
