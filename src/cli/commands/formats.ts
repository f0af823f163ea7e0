import type { CommandModule } from 'yargs'
import { CATALOGUE } from '../../core/formats/catalogue.ts'
import { encodeJson } from '../../protocol/json.ts'
import { JSON_OPTION } from '../options.ts'
import { propose } from '../print-proposal.ts'
import type { Shell } from '../shell.ts'
import { paint } from '../terminal.ts'

interface FormatsArguments {
  json: boolean
  propose?: string | undefined
}

export const formats = ({ terminal, exit }: Shell) =>
  ({
    command: 'formats',
    describe: 'List the logs and files that are read, with an example of each, and what is not',
    builder: (y) =>
      y
        .options({
          ...JSON_OPTION,
          propose: {
            type: 'string',
            requiresArg: true,
            describe: 'propose a description of the lines of a log that is not read, for the configuration',
          },
        })
        .example('$0 formats | less', 'what is supported')
        .example('$0 formats --json | jq -r .name', 'the names alone')
        .example('$0 formats --propose odd.log > nanwatch.json', 'describe a log of your own'),
    handler: async ({ json, propose: path }) => {
      if (path !== undefined) return exit(await propose(path, json, terminal))
      const { bold, cyan, dim } = paint(terminal)
      for (const { key, title, about, entries } of CATALOGUE) {
        if (!json) terminal.stdout(`${bold(title)}\n${about}\n\n`)
        for (const { name, about, example } of entries) {
          if (json) terminal.stdout(`${encodeJson({ group: key, name, about, example })}\n`)
          else terminal.stdout(`  ${cyan(name)}  ${about}\n${dim(example.replace(/^/gm, '      '))}\n\n`)
        }
      }
    },
  }) satisfies CommandModule<object, FormatsArguments>
