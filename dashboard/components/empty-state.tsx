import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { server } from '../live-data.ts'

/** What a page without a run says: that nothing is wrong, where nanwatch looks, and what it waits for. */
export function EmptyState() {
  const roots = useSignal<readonly string[]>([])
  useEffect(() => {
    void watchedRoots().then((found) => {
      roots.value = found
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

/** Where nanwatch looks; nothing while the server does not say, for the connection badge tells about that. */
async function watchedRoots(): Promise<readonly string[]> {
  try {
    return (await server.status()).roots
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return []
  }
}
