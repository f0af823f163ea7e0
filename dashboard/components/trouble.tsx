import { useSignal } from '@preact/signals'
import type { RunSummary } from '../../src/protocol/run.ts'
import type { Gap, Reject } from '../../src/protocol/wire.ts'
import { ApiError } from '../api.ts'
import { server } from '../live-data.ts'
import { counted, countText } from '../number-text.ts'

type Answer = { readonly rejects: readonly Reject[]; readonly gaps: readonly Gap[] } | { readonly failure: string }

/** What of a run's logs is not in the charts: lines that do not read, and bytes that went away. Loaded when asked for. */
export function Trouble({ run }: { run: RunSummary }) {
  const answer = useSignal<Answer | null>(null)
  const summary = [
    run.rejects > 0 ? `${counted(run.rejects, 'line')} not understood` : '',
    run.gaps > 0 ? `${counted(run.gaps, 'gap')} in the logs` : '',
  ]
  return (
    <details
      class="trouble"
      data-testid="trouble"
      onToggle={async (event) => {
        if (event.currentTarget.open) answer.value = await ask(run.run)
      }}
    >
      <summary class="caution">{summary.filter(Boolean).join(', ')}</summary>
      {answer.value === null ? <p>Loading …</p> : <Lines answer={answer.value} />}
    </details>
  )
}

function Lines({ answer }: { answer: Answer }) {
  if ('failure' in answer) return <p>{answer.failure}</p>
  return (
    <ul>
      {answer.gaps.map((gap) => (
        <li key={`gap ${gap.file} ${gap.offset}`}>
          {gap.bytes === null ? 'An unknown number of bytes' : counted(gap.bytes, 'byte')} of {gap.file} went away
          before they could be read, from byte {countText(gap.offset)} on ({gap.reason}).
        </li>
      ))}
      {answer.rejects.map(({ file, offset, reason, detail, excerpt }) => (
        <li key={`reject ${file} ${offset} ${reason}`}>
          {file} at byte {countText(offset)}: {reason}
          {detail === '' ? '' : `, ${detail}`}
          <code>{excerpt}</code>
        </li>
      ))}
    </ul>
  )
}

async function ask(run: string): Promise<Answer> {
  try {
    const [rejects, gaps] = await Promise.all([server.rejects(run), server.gaps(run)])
    return { rejects, gaps }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { failure: error.message }
  }
}
