import type { Confidence } from '../../protocol/alert.ts'

/** The confidences, the surest first. */
export const SUREST_FIRST: readonly Confidence[] = ['proven', 'strong', 'likely', 'weak']

/** The least sure of several confidences; `proven` for none. */
export function leastSure(confidences: readonly Confidence[]): Confidence {
  return SUREST_FIRST.findLast((confidence) => confidences.includes(confidence)) ?? 'proven'
}
