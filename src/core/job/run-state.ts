import type { RunState, StateSource } from '../../protocol/run.ts'
import type { Ending } from './ending.ts'
import { processText, type Writer } from './writer.ts'

export interface RunFacts {
  /** Whether a critical alert is firing that is about more than a silence. */
  readonly isFailing: boolean
  readonly ending: Ending | null
  /** The last line that says that the job may be over, or null. */
  readonly endSign: string | null
  readonly hasRecords: boolean
  readonly lastStep: number | null
  readonly writer: Writer
  /** Whether it grew while it was watched. What did not is judged by what it says, and is no silence. */
  readonly hasGrown: boolean
  /** Whether nothing was written for so long that `idleAfterMs` has passed. */
  readonly isIdle: boolean
  /** Whether its silence is longer than its own pace explains. */
  readonly isSilent: boolean
  /** Whether it was found silent before, perhaps by an earlier daemon, and nothing came since. */
  readonly wasSilent: boolean
}

/** A state, and how it is known. */
export interface Judged {
  readonly state: RunState
  readonly knownBy: StateSource
  readonly reason: string
}

/** The state of a run, as docs/architecture.md defines it: the first that applies. */
export function runState(facts: RunFacts): Judged {
  const { isFailing, ending, endSign, writer, hasGrown, hasRecords, isSilent, isIdle, wasSilent } = facts
  if (ending === 'crashed') return { state: 'crashed', knownBy: 'log', reason: 'its log says that the job died' }
  if (isFailing) return { state: 'failed', knownBy: 'alert', reason: 'a critical alert is firing' }
  if (ending === 'finished') return { state: 'finished', knownBy: 'log', reason: 'its log says that training is over' }
  const isOver = writer.kind === 'gone' || wasSilent || (hasGrown ? isSilent : isIdle)
  if (isOver && endSign !== null) return { state: 'finished', knownBy: 'log', reason: `its log ends with: ${endSign}` }
  if (writer.kind === 'gone') {
    const { process: before, stillHeldBy } = writer
    const gone =
      stillHeldBy === undefined
        ? `no process holds its log open any more, as process ${processText(before)} did`
        : `process ${processText(before)}, which wrote to its log, is gone, and process ${processText(stillHeldBy)} only holds it open`
    return { state: 'ended', knownBy: 'process', reason: `${gone}${lastWord(facts)}` }
  }
  if (!isOver) return alive(facts)
  const isHeld = writer.kind === 'alive'
  if (!hasGrown && !wasSilent) {
    if (isHeld && !hasRecords) return alive(facts)
    const held = isHeld ? `; process ${processText(writer.process)} still holds it open` : ''
    return {
      state: 'ended',
      knownBy: 'silence',
      reason: `its log was silent before it was watched${held}${lastWord(facts)}`,
    }
  }
  if (isHeld) {
    const reason = `process ${processText(writer.process)} holds its log open and writes nothing, for longer than its pace explains`
    return { state: 'stalled', knownBy: 'process', reason }
  }
  if (!isIdle && !wasSilent) return alive(facts)
  const reason = `nothing more is written, and no process is seen that holds its log open${lastWord(facts)}`
  return { state: 'lost', knownBy: 'silence', reason }
}

/** Where a run ended that says nothing of its end. */
function lastWord({ hasRecords, lastStep }: RunFacts): string {
  if (!hasRecords) return '; it says nothing of an end, and has logged nothing'
  return `; it says nothing of an end${lastStep === null ? '' : ` after step ${lastStep}`}`
}

function alive({ hasRecords, writer }: RunFacts): Judged {
  const state = hasRecords ? 'running' : 'starting'
  if (writer.kind !== 'alive') {
    const written = hasRecords ? 'its log was written to' : 'its log holds no record yet'
    const reason = `${written}; no process is seen that holds it open, so a silence will not tell a hang from an end`
    return { state, knownBy: 'writes', reason }
  }
  return { state, knownBy: 'process', reason: `process ${processText(writer.process)} holds its log open` }
}
