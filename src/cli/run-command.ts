import yargs, { type CommandModule } from 'yargs'
import { ConfigError } from '../config/config-error.ts'
import type { FollowOutputs } from '../daemon/output-change.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { COMMANDS } from './commands/index.ts'
import { STANDARD_INPUT } from './replay/read-runs.ts'
import { type ExitCode, paint, type Terminal, UsageError } from './terminal.ts'
import { packageVersion } from './version.ts'

/** The outputs of a terminal that stays. */
const THEY_STAY: FollowOutputs = () => () => undefined

/** Runs one command line and answers with its exit code. Never throws and never exits by itself. */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  outlive: () => FollowOutputs = () => THEY_STAY,
): Promise<ExitCode> {
  let code: ExitCode = 0
  let isUnderstood = false
  const shell = {
    terminal,
    outlive,
    exit(worse: ExitCode) {
      code = worse
    },
  }
  const words = argv.map((argument) => (argument === '-' ? STANDARD_INPUT : argument))
  const parser = yargs(words)
    .scriptName('nanwatch')
    .usage('$0 <command>\n\nWatches training runs by the logs they write, sees the NaN, and says why.')
    .command(COMMANDS.map((command) => command(shell) as CommandModule))
    .middleware(() => {
      isUnderstood = true
    })
    .completion('completion', 'Print a script for shell completion: source it in your shell')
    .demandCommand(1, 'name a command; --help lists them')
    .strict()
    .recommendCommands()
    .version(packageVersion())
    .help()
    .wrap(Math.min(100, terminal.columns))
    .epilogue('Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 a warning or critical alert (check, status).')
    .exitProcess(false)
    .fail(false)
  try {
    await parser.parseAsync(words, {}, (_error, _args, output) => {
      if (output !== '') terminal.stdout(`${output}\n`)
    })
    return code
  } catch (error) {
    terminal.stderr(`${paint(terminal).red('nanwatch:')} ${errorMessage(error)}\n`)
    return !isUnderstood || error instanceof UsageError || error instanceof ConfigError ? 2 : 1
  }
}
