import { type WatchFolder, watchFolder } from '../../src/tail/event-probe.ts'
import { type Wake, wakeOnEvents } from '../../src/tail/wake.ts'
import { WatchModes } from '../../src/tail/watch-modes.ts'

/** What tells the daemon of a change. */
export interface Mode {
  readonly name: string
  wake(roots: readonly string[]): Wake
}

const LATE_MS = 30

/** Of the real events each third is kept back, each third comes late, and each third names another file. */
function lying(): WatchFolder {
  let events = 0
  return (folder, onEvent) =>
    watchFolder(folder, (event, name) => {
      switch (events++ % 3) {
        case 0:
          return
        case 1:
          setTimeout(() => onEvent(event, name), LATE_MS)
          return
        default:
          onEvent(event, `${name}.other`)
      }
    })
}

function wakeIn(mode: 'events' | 'polling', roots: readonly string[], watching?: WatchFolder): Wake {
  const modes = new WatchModes(roots.map((root) => ({ root, mode, reason: 'a test' })))
  return wakeOnEvents(modes, () => undefined, watching)
}

export const MODES: readonly Mode[] = [
  { name: 'by events', wake: (roots) => wakeIn('events', roots) },
  { name: 'by polling', wake: (roots) => wakeIn('polling', roots) },
  { name: 'by events that lie', wake: (roots) => wakeIn('events', roots, lying()) },
]
