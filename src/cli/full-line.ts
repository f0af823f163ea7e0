import yargs, { type CommandModule } from 'yargs'
import { packageVersion } from './package-folder.ts'
import type { Terminal } from './terminal.ts'

/** Lets yargs read a line: it runs the command, or prints the help, or throws what is wrong with it. */
export async function parseLine(
  words: readonly string[],
  commands: readonly CommandModule[],
  terminal: Terminal,
  onUnderstood: () => void,
): Promise<void> {
  const parser = yargs([...words])
    .scriptName('nanwatch')
    .usage('$0 <command>\n\nWatches training runs by the logs they write, sees the NaN, and says why.')
    .command([...commands])
    .middleware(onUnderstood)
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
  await parser.parseAsync([...words], {}, (_error, _args, output) => {
    if (output !== '') terminal.stdout(`${output}\n`)
  })
}
