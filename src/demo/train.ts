import { type JobCommand, parseCommandLine } from './command-line.ts'
import { runJob } from './run-job.ts'

// Like a job under nohup it goes on when its terminal is closed.
process.on('SIGHUP', () => undefined)
const interruption = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => interruption.abort())

void runJob(commandOrExit(process.argv.slice(2)), interruption.signal)

function commandOrExit(argv: readonly string[]): JobCommand {
  try {
    return parseCommandLine(argv)
  } catch (error) {
    console.error(`train: ${error instanceof Error ? error.message : error}`)
    process.exit(2)
  }
}
