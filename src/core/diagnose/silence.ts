import type { BuiltInRaise } from '../detect/finding.ts'
import { duration } from '../detect/wording.ts'
import type { Explanation } from './diagnosis.ts'

const WAITS = 'says where it waits: for another rank, for data, or for a disk.'
const UNSEEN = `The job hangs, or it ended without a word. See whether it still runs. If it does, py-spy dump --pid PID ${WAITS}`

/** Explains a silent log by how unusual its silence is. Why it is silent, the log does not say. */
export function explainSilence({ rule, facts }: BuiltInRaise): Explanation | null {
  if (rule !== 'stall') return null
  const { holder, silence } = facts
  const { quietMs, limitMs, medianMs, longestMs } = silence
  const usual =
    medianMs === null
      ? 'It had hardly begun.'
      : `Lines used to come every ${duration(medianMs)}, and the longest wait was ${duration(longestMs)}.`
  return {
    why: `${usual} ${holder == null ? UNSEEN : `The job hangs. py-spy dump --pid ${holder.pid} ${WAITS}`}`,
    cause: {
      code: null,
      candidates: [],
      evidence: [
        { name: 'quietMs', value: Math.round(quietMs) },
        { name: 'limitMs', value: Math.round(limitMs) },
        ...(medianMs === null ? [] : [{ name: 'medianMs', value: Math.round(medianMs) }]),
        { name: 'longestMs', value: Math.round(longestMs) },
      ],
    },
  }
}
