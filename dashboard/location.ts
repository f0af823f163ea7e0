import { effect } from '@preact/signals'
import { dispatch, view } from './store.ts'
import { viewFromFragment, viewToFragment } from './view.ts'

/**
 * Keeps the fragment of the URL and the view the same.
 *
 * Another run is a place to come back to, so it gets an entry in the browser's
 * history; a zoom replaces the entry.
 */
export function followLocation(): void {
  let shownRun = viewFromFragment(location.hash).run
  dispatch({ type: 'view', view: viewFromFragment(location.hash) })

  effect(() => {
    const fragment = viewToFragment(view.value)
    if (fragment === viewToFragment(viewFromFragment(location.hash))) return
    const isOtherRun = shownRun !== null && view.value.run !== shownRun
    shownRun = view.value.run
    history[isOtherRun ? 'pushState' : 'replaceState'](null, '', `${location.pathname}${location.search}#${fragment}`)
  })

  window.addEventListener('hashchange', restore)
  window.addEventListener('popstate', restore)

  function restore(): void {
    const restored = viewFromFragment(location.hash)
    shownRun = restored.run
    if (viewToFragment(restored) !== viewToFragment(view.peek())) dispatch({ type: 'view', view: restored })
  }
}
