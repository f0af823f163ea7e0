import { effect } from '@preact/signals'
import { dispatch, view } from './page-store.ts'
import { viewFromFragment, viewToFragment } from './view.ts'

/**
 * Keeps the fragment of the URL and the view the same.
 *
 * Another run or another lesson is a place to come back to, so it gets an entry
 * in the browser's history; a zoom replaces the entry.
 */
export function followLocation(): void {
  let shown = viewFromFragment(location.hash)
  dispatch({ type: 'view', view: viewFromFragment(location.hash) })

  effect(() => {
    const fragment = viewToFragment(view.value)
    if (fragment === viewToFragment(viewFromFragment(location.hash))) return
    const isOtherPlace = (shown.run !== null && view.value.run !== shown.run) || view.value.lesson !== shown.lesson
    shown = view.value
    history[isOtherPlace ? 'pushState' : 'replaceState'](null, '', `${location.pathname}${location.search}#${fragment}`)
  })

  window.addEventListener('hashchange', restore)
  window.addEventListener('popstate', restore)

  function restore(): void {
    const restored = viewFromFragment(location.hash)
    shown = restored
    if (viewToFragment(restored) !== viewToFragment(view.peek())) dispatch({ type: 'view', view: restored })
  }
}
