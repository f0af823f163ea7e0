import type { CommandModule } from 'yargs'
import { ConfigError } from '../config/config-error.ts'
import type { FollowOutputs } from '../daemon/output-change.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { COMMANDS } from './commands/index.ts'
import { missingPackage } from './missing-package.ts'
import { commandNamed, type PlainArguments, plainArguments } from './plain-line.ts'
import { STANDARD_INPUT } from './standard-input.ts'
import { type ExitCode, paint, type Terminal, UsageError } from './terminal.ts'

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
  const commands = COMMANDS.map((command) => command(shell))
  try {
    const named = commandNamed(words[0], commands)
    const plain = named === undefined ? null : plainArguments(words.slice(1), named)
    if (named === undefined || plain === null) {
      const { parseLine } = await import('./full-line.ts')
      await parseLine(words, commands as CommandModule[], terminal, () => {
        isUnderstood = true
      })
    } else {
      isUnderstood = true
      await (named.handler as (args: PlainArguments) => Promise<void>)(plain)
    }
    return code
  } catch (error) {
    const advice = missingPackage(error)
    terminal.stderr(`${paint(terminal).red('nanwatch:')} ${advice ?? errorMessage(error)}\n`)
    const isOfUsage = !isUnderstood || error instanceof UsageError || error instanceof ConfigError
    return isOfUsage && advice === null ? 2 : 1
  }
}
