import { NO_LOSS } from '../../src/protocol/run.ts'

/** Said of a run of which values were read and no loss: nobody would see it fail. */
export function NoLoss({ text }: { text: string }) {
  return (
    <b class="no-loss" title={NO_LOSS} data-testid="no-loss">
      {text}
    </b>
  )
}
