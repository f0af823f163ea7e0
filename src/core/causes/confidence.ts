import type { Confidence } from '../../protocol/alert.ts'

/** The confidences, from the surest on. */
export const SUREST_FIRST: readonly Confidence[] = ['proven', 'strong', 'likely', 'weak']

/** The least sure of several confidences. */
export function leastSure(confidences: readonly Confidence[]): Confidence {
  return SUREST_FIRST.findLast((confidence) => confidences.includes(confidence)) ?? 'proven'
}
