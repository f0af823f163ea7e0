/** Where one series stands: which pass over the steps, and how far it has come. */
export type SeriesProgress = {
  readonly attempt: number
  /** Ordinal of the next sample: samples of a series are numbered in order of reading, from 0. */
  readonly nextOrdinal: number
  readonly lastStep: number | null
  /** The furthest epoch of this attempt. */
  readonly lastEpoch: number | null
  /** A step that fell below `lastStep` and has not been followed by another yet. */
  readonly fallen: { readonly step: number; readonly ordinal: number } | null
}

export interface Placed {
  readonly progress: SeriesProgress
  readonly attempt: number
  readonly ordinal: number
  /** The ordinal of an earlier sample that turns out to have begun this attempt. */
  readonly alsoInAttempt: number | null
}

export const NOT_STARTED: SeriesProgress = { attempt: 0, nextOrdinal: 0, lastStep: null, lastEpoch: null, fallen: null }

/**
 * Numbers the next sample of a series and says which attempt it belongs to.
 *
 * A resumed job goes back to a checkpoint: its step falls below the last one,
 * and the next is not beyond it either, which begins a new attempt. One step
 * that falls and is followed by one beyond the last is a line out of order, and
 * an equal step is another value for it. A counter that restarts with each
 * epoch is no attempt either: the epoch has moved on.
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
