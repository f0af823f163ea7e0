/** How far one series has come, and in which attempt. */
export type SeriesProgress = {
  readonly attempt: number
  /** The ordinal of the next sample. The samples of a series are numbered from 0, in the order of reading. */
  readonly nextOrdinal: number
  readonly lastStep: number | null
  /** The highest epoch of this attempt. */
  readonly lastEpoch: number | null
  /** A sample whose step fell below `lastStep`, until the next step shows what that means; else null. */
  readonly fallen: { readonly step: number; readonly ordinal: number } | null
}

/** The place of a sample in its series. */
export interface Placed {
  readonly progress: SeriesProgress
  readonly attempt: number
  readonly ordinal: number
  /** The ordinal of an earlier sample that belongs to this attempt as well, because it began it; else null. */
  readonly alsoInAttempt: number | null
}

export const NOT_STARTED: SeriesProgress = { attempt: 0, nextOrdinal: 0, lastStep: null, lastEpoch: null, fallen: null }

/**
 * Numbers the next sample of a series and says which attempt it belongs to.
 *
 * A resumed job goes back to a checkpoint. Its step falls below the last one, and
 * the step after that is not beyond it, either: that begins a new attempt. If
 * the step after that is beyond it, the fallen step was a line out of order. An
 * equal step is another value for the same step. A counter that restarts with
 * each epoch begins no attempt, because the epoch has risen.
 */
export function place(progress: SeriesProgress, step: number | null, epoch: number | null): Placed {
  const ordinal = progress.nextOrdinal
  const nextOrdinal = ordinal + 1
  const { attempt, lastStep, fallen } = progress
  const epochMovedOn = epoch !== null && progress.lastEpoch !== null && epoch > progress.lastEpoch
  const lastEpoch = epochMovedOn ? epoch : (progress.lastEpoch ?? epoch)
  const stay = (nowAt: number | null, nowFallen: SeriesProgress['fallen']): Placed => ({
    progress: { attempt, nextOrdinal, lastStep: nowAt, lastEpoch, fallen: nowFallen },
    attempt,
    ordinal,
    alsoInAttempt: null,
  })

  if (step === null) return stay(lastStep, fallen)
  if (lastStep === null || epochMovedOn || step > lastStep) return stay(step, null)
  if (fallen !== null) {
    return {
      progress: { attempt: attempt + 1, nextOrdinal, lastStep: step, lastEpoch: epoch, fallen: null },
      attempt: attempt + 1,
      ordinal,
      alsoInAttempt: fallen.ordinal,
    }
  }
  return stay(lastStep, step === lastStep ? null : { step, ordinal })
}
