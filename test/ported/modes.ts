import { type WatchFolder, watchFolder } from '../../src/tail/event-probe.ts'
import { type FileEvents, watchFiles } from '../../src/tail/file-events.ts'
import { WatchModes } from '../../src/tail/watch-modes.ts'

/** What tells the daemon of a change. */
export interface Mode {
  readonly name: string
  fileEvents(roots: readonly string[]): FileEvents
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

function fileEventsIn(mode: 'events' | 'polling', roots: readonly string[], watching?: WatchFolder): FileEvents {
  const modes = new WatchModes(roots.map((root) => ({ root, mode, reason: 'a test' })))
  return watchFiles(modes, () => undefined, watching)
}

export const MODES: readonly Mode[] = [
  { name: 'by events', fileEvents: (roots) => fileEventsIn('events', roots) },
  { name: 'by polling', fileEvents: (roots) => fileEventsIn('polling', roots) },
  { name: 'by events that lie', fileEvents: (roots) => fileEventsIn('events', roots, lying()) },
]
