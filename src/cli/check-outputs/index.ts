import type { CheckFormat } from './check-formats.ts'
import type { OpenCheckOutput } from './check-output.ts'
import { githubOutput } from './github-output.ts'
import { jsonOutput } from './json-output.ts'
import { sarifOutput } from './sarif-output.ts'
import { textOutput } from './text-output.ts'

/** Every way to print what `check` has found. To add one, write its file, and add its line here and its name to the list. */
export const CHECK_OUTPUTS: Readonly<Record<CheckFormat, OpenCheckOutput>> = {
  text: textOutput,
  json: jsonOutput,
  sarif: sarifOutput,
  github: githubOutput,
}
