import cliProgress from 'cli-progress'
import type { Terminal } from './terminal.ts'

export interface Progress {
  add(bytes: number): void
  stop(): void
}

const WORTH_A_BAR_BYTES = 16 * 1024 * 1024
const MIB = 1024 * 1024

/** A bar on an interactive terminal for long reads; nothing otherwise. */
export function progressOf(terminal: Terminal, totalBytes: number): Progress {
  if (!terminal.isInteractive || totalBytes < WORTH_A_BAR_BYTES) {
    return { add: () => undefined, stop: () => undefined }
  }
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage} %  {readMiB} of {totalMiB} MiB  {eta_formatted} left',
    barsize: 30,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  })
  let read = 0
  bar.start(totalBytes, 0, { readMiB: 0, totalMiB: Math.round(totalBytes / MIB) })
  return {
    add(bytes) {
      read += bytes
      bar.update(read, { readMiB: Math.round(read / MIB) })
    },
    stop: () => bar.stop(),
  }
}
