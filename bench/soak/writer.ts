import { closeSync, openSync, writeSync } from 'node:fs'
import { logLine } from './log-line.ts'
import { pauseMs, seededRandom } from './promise.ts'

/** How many lines are handed to the system at once, at most. */
const LINES_A_WRITE = 80

/**
 * Appends numbered lines to each of the files, as many as the parent process asks for.
 *
 * What is written is cut at any byte, within a line or a character, and the
 * rest follows a moment later: half a line may be all there is when the kill comes.
 */
export function writeOnDemand(paths: readonly string[]): void {
  const random = seededRandom(7)
  const files = paths.map((path) => ({ descriptor: openSync(path, 'a'), next: 0 }))
  const write = async (linesEach: number) => {
    const until = (files[0]?.next ?? 0) + linesEach
    while (files.some(({ next }) => next < until)) {
      for (const file of files) {
        const count = Math.min(until - file.next, 1 + Math.floor(random() * LINES_A_WRITE))
        const lines = Array.from({ length: count }, (_, i) => logLine(file.next + i)).join('')
        file.next += count
        const cut = Math.floor(random() * lines.length)
        writeSync(file.descriptor, lines.slice(0, cut))
        if (random() < 0.3) await pauseMs(random() * 4)
        writeSync(file.descriptor, lines.slice(cut))
      }
    }
  }
  process.on('message', (linesEach: number) => void write(linesEach).then(() => process.send?.('written')))
  process.on('disconnect', () => {
    for (const { descriptor } of files) closeSync(descriptor)
  })
}
