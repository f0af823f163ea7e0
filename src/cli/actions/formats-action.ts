import { CATALOGUE } from '../../core/formats/catalogue.ts'
import { encodeJson } from '../../protocol/json.ts'
import { propose } from '../print-proposal.ts'
import type { Shell } from '../shell.ts'
import { paint } from '../terminal.ts'

export interface FormatsArguments {
  json: boolean
  propose?: string | undefined
}

export const formats =
  ({ terminal, exit }: Shell) =>
  async ({ json, propose: path }: FormatsArguments) => {
    if (path !== undefined) return exit(await propose(path, json, terminal))
    const { bold, cyan, dim } = paint(terminal)
    for (const { key, title, about, entries } of CATALOGUE) {
      if (!json) terminal.stdout(`${bold(title)}\n${about}\n\n`)
      for (const { name, about, example } of entries) {
        if (json) terminal.stdout(`${encodeJson({ group: key, name, about, example })}\n`)
        else terminal.stdout(`  ${cyan(name)}  ${about}\n${dim(example.replace(/^/gm, '      '))}\n\n`)
      }
    }
  }
