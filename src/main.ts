#!/usr/bin/env node
import { run } from './cli/run-command.ts'
import type { Terminal } from './cli/terminal.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The first one lets the commit in hand finish; whoever asks again means at once.
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()))
}
// A reader that has seen enough, such as `head`, closes the pipe: nothing is left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const terminal: Terminal = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: process.stdin,
  hasColor: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  isInteractive: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 100,
  signal: stop.signal,
}

process.exitCode = await run(process.argv.slice(2), terminal)
