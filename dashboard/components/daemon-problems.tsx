import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Status } from '../api.ts'
import { daemonStatus } from '../daemon-status.ts'
import { Ago } from './ago.tsx'

const ASK_MS = 10_000

/** What the daemon finds wrong with its own surroundings: an output that is gone, a folder that is not there. */
export function DaemonProblems() {
  const problems = useSignal<Status['problems']>([])
  useEffect(() => {
    const ask = async () => {
      // Of a daemon that does not answer the last word stands.
      problems.value = (await daemonStatus())?.problems ?? problems.value
    }
    void ask()
    const timer = setInterval(() => void ask(), ASK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      {problems.value.map(({ where, reason, since }) => (
        <p class="notice notice-failure" role="status" key={where} data-testid="daemon-problem">
          <span>
            <bdi>{where}</bdi>: {reason} (<Ago iso={since} />)
          </span>
        </p>
      ))}
    </>
  )
}
