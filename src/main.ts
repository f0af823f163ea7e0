#!/usr/bin/env node
import { Outputs } from './cli/outputs.ts'
import type { Terminal } from './cli/terminal.ts'

// Signals and outputs first: all else takes some time to load.
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The first one lets the commit in hand finish; whoever asks again means at once.
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()))
}
const outputs = new Outputs(process)

const terminal: Terminal = {
  stdout: (text) => outputs.stdout.write(text),
  stderr: (text) => outputs.stderr.write(text),
  get stdin() {
    return process.stdin
  },
  hasColor: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  isInteractive: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 100,
  signal: stop.signal,
}

/** The commands that read logs, and not only the database. */
const READ_LOGS = ['watch', 'check', 'backtest', 'parse']

async function main(): Promise<void> {
  const [command = ''] = process.argv.slice(2)
  if (READ_LOGS.includes(command)) {
    const { compileLittle, preferSmallHeap } = await import('./daemon/engine.ts')
    compileLittle(command === 'watch')
    if (command === 'watch') preferSmallHeap()
  }
  const { run } = await import('./cli/run-command.ts')
  process.exitCode = await run(process.argv.slice(2), terminal, () => outputs.outlive())
  outputs.end()
}

void main()
