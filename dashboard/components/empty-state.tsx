import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { daemonStatus } from '../daemon-status.ts'

/** What a page without a run says: that nothing is wrong, where nanwatch looks, and what it waits for. */
export function EmptyState() {
  const roots = useSignal<readonly string[]>([])
  useEffect(() => {
    void daemonStatus().then((status) => {
      roots.value = status?.roots ?? []
    })
  }, [])
  return (
    <main class="empty" data-testid="empty">
      <h2>nanwatch is watching</h2>
      {roots.value.length > 0 && (
        <ul class="roots">
          {roots.value.map((root) => (
            <li key={root}>
              <code>{root}</code>
            </li>
          ))}
        </ul>
      )}
      <p>No training run has been seen yet. It waits for the first line of a log, such as</p>
      <pre>{'{"step": 1, "loss": 2.3026, "lr": 0.001}'}</pre>
      <p>
        Logs that the job writes anyway are enough: JSON lines, CSV, or the text of a training script. Where it also
        logs its predictions, nanwatch recomputes the cross-entropy from them and can say why a loss broke.
      </p>
    </main>
  )
}
