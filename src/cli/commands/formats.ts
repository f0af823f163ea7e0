import type { CommandModule } from 'yargs'
import { CATALOGUE } from '../../core/formats/catalogue.ts'
import { encodeJson } from '../../protocol/json.ts'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import { paint } from '../terminal.ts'

export const formats = ({ terminal }: Shell) =>
  ({
    command: 'formats',
    describe: 'List the logs and files that are read, with an example of each, and what is not',
    builder: (y) =>
      y
        .options(JSON_OPTION)
        .example('$0 formats | less', 'what is supported')
        .example('$0 formats --json | jq -r .name', 'the names alone'),
    handler: ({ json }) => {
      const { bold, cyan, dim } = paint(terminal)
      for (const { key, title, about, entries } of CATALOGUE) {
        if (!json) terminal.stdout(`${bold(title)}\n${about}\n\n`)
        for (const { name, about, example } of entries) {
          if (json) terminal.stdout(`${encodeJson({ group: key, name, about, example })}\n`)
          else terminal.stdout(`  ${cyan(name)}  ${about}\n${dim(example.replace(/^/gm, '      '))}\n\n`)
        }
      }
    },
  }) satisfies CommandModule<object, { json: boolean }>
