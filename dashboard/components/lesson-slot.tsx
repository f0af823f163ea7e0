import { useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'

type Loaded = { readonly Page: FunctionComponent } | 'loading' | 'failed'

/** Where the lessons stand. Few visits open one, so their code is no part of the first load. */
export function LessonSlot() {
  const loaded = useSignal<Loaded>('loading')
  useEffect(() => {
    import('../lesson/lesson-page.tsx').then(
      ({ LessonPage }) => {
        loaded.value = { Page: LessonPage }
      },
      () => {
        loaded.value = 'failed'
      },
    )
  }, [])
  if (loaded.value === 'loading') return <p class="hint">Loading the lesson …</p>
  if (loaded.value === 'failed')
    return <p class="hint">The lesson could not be loaded. Reload the page to try again.</p>
  const { Page } = loaded.value
  return <Page />
}
