import type { Frame } from '../reading/frame.ts'
import type { Container, FrameResult } from './containers/container.ts'
import { type ReaderState, startReader } from './reader-state.ts'

export interface FrameStep {
  readonly state: ReaderState
  readonly results: readonly FrameResult[]
  /** The file ends within its value: it is being written. */
  readonly isIncomplete: boolean
  /** The frame holds more than was told: it is to be read again with this state. */
  readonly hasMore: boolean
  /** The code with which the job's process ended, where the frame notes that. */
  readonly exitCode: number | null
}

/** Reads the next frame of a file that is not text; what the reader knows of a file of another kind is dropped. */
export function readFrame(state: ReaderState, container: Container, frame: Frame, fileName: string): FrameStep {
  const isItsOwn = state.format === container.name
  const inner = isItsOwn ? state.inner : container.start()
  const parsed = container.parse(frame, inner, fileName)
  const hasRecords = (isItsOwn && state.hasRecords) || parsed.results.some(({ result }) => result.kind === 'records')
  return {
    state: { ...startReader(), format: container.name, inner: parsed.state, hasRecords },
    results: parsed.results,
    isIncomplete: parsed.isIncomplete ?? false,
    hasMore: parsed.hasMore ?? false,
    exitCode: parsed.exitCode ?? null,
  }
}
