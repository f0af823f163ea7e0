/** How a counter of steps has run so far, which shows whether it begins again with each epoch; plain JSON. */
export type Passes = {
  readonly epoch?: number | undefined
  /** The step at which the counter began its pass, and the training loss there. */
  readonly first: number
  readonly firstLoss?: number | undefined
  /** The newest training loss. */
  readonly loss?: number | undefined
  /** The last step of the pass before, which the job outlived. */
  readonly end?: number | undefined
}

/** What a record says of where a job stands. */
export interface PassPoint {
  readonly step: number | null
  readonly epoch: number | null
  /** Its training loss, where that is a number. */
  readonly loss: number | null
}

/** Below an exception that was caught a job says no more than so many lines before its next epoch, or its next step. */
const MOST_BEFORE_EPOCH = 20
const MOST_BEFORE_STEP = 1
/** A loss that goes on is so much nearer to the last one than that one to the first of the pass. */
const NEARER = 4

/** How a job says that it begins, or goes on from a checkpoint: none does before the next epoch of one that lives on. */
const BEGINS =
  /\b(?:resum(?:ed|ing)|restor(?:ed|ing)|(?:re)?(?:start(?:ed|ing)|launch(?:ed|ing)|running) (?:the |a )?(?:training|job|run|attempt)|load(?:ed|ing) (?:\S+ ){0,3}(?:checkpoint|weights|model|state)|from checkpoint|using device|world[ _]size)\b|\bnamespace\(/i

/** Lines of a job below a crash: the first one, how many, and whether one says that a job begins. */
export type LinesBelow = { readonly first: string; readonly count: number; readonly isBegin?: true }

export function withLineBelow(below: LinesBelow | undefined, line: string): LinesBelow {
  const { first = line, count = 0, isBegin = false } = below ?? {}
  return { first, count: count + 1, ...((isBegin || BEGINS.test(line)) && { isBegin: true }) }
}

/**
 * Whether a step that is no later than the last one is of the next epoch of a job, and of none that began again: its epoch
 * has risen, its counter began a pass at the same step before, as the last one ended, or its loss goes on.
 */
export function isNextPass(
  passes: Passes,
  lastStep: number,
  { step, epoch, loss }: PassPoint,
  { count, isBegin }: Omit<LinesBelow, 'first'> = { count: 0 },
): boolean {
  if (isBegin === true || count > MOST_BEFORE_EPOCH) return false
  if (epoch !== null && passes.epoch !== undefined) return epoch > passes.epoch
  if (step !== passes.first) return false
  return passes.end === lastStep || (count <= MOST_BEFORE_STEP && doesLossGoOn(passes, loss))
}

/** The passes after a record. `isSameJob`: whether none began again with it. */
export function afterStep(
  passes: Passes | undefined,
  lastStep: number | null,
  { step, epoch, loss }: PassPoint,
  isSameJob: boolean,
): Passes | undefined {
  if (step === null) return passes
  const end = isSameJob && lastStep !== null ? lastStep : passes?.end
  const isOfPass = passes !== undefined && (lastStep === null || step >= lastStep)
  return {
    epoch: epoch ?? (isOfPass ? passes.epoch : undefined),
    first: isOfPass ? passes.first : step,
    firstLoss: isOfPass ? passes.firstLoss : (loss ?? undefined),
    loss: loss ?? (isOfPass ? passes.loss : undefined),
    end: isOfPass ? passes.end : end,
  }
}

/** Whether a loss is like the last one before it, and not like the first of the pass, which a job that begins again meets once more. */
function doesLossGoOn({ firstLoss, loss: last }: Passes, loss: number | null): boolean {
  if (firstLoss === undefined || last === undefined || loss === null) return false
  return NEARER * Math.abs(loss - last) <= Math.abs(firstLoss - last) && firstLoss !== last
}
