const HIDDEN_PAGE_MS = 250

const waiting = new Set<() => void>()
let isAwaited = false

/**
 * Runs `task` once in the next frame, however often it is asked for.
 *
 * There is one loop for the page: what a task asks of another runs in the same
 * frame, so samples and their picture are never a frame apart. A page in a
 * background tab gets no frames but still has a title to keep right, so there
 * a timer stands in.
 */
export function everyFrame(task: () => void): () => void {
  return () => {
    waiting.add(task)
    if (isAwaited) return
    isAwaited = true
    if (document.hidden) setTimeout(run, HIDDEN_PAGE_MS)
    else requestAnimationFrame(run)
  }
}

function run(): void {
  const done = new Set<() => void>()
  try {
    // The iterator of a set also visits what is added on the way.
    for (const task of waiting) {
      if (done.has(task)) continue
      done.add(task)
      waiting.delete(task)
      task()
    }
  } finally {
    isAwaited = false
    // Tasks that asked for themselves, or that stood behind one that has thrown, have the next frame.
    for (const task of waiting) everyFrame(task)()
  }
}
