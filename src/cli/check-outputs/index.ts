import type { OpenCheckOutput } from './check-output.ts'
import { githubOutput } from './github-output.ts'
import { jsonOutput } from './json-output.ts'
import { sarifOutput } from './sarif-output.ts'
import { textOutput } from './text-output.ts'

/** Every way to print what `check` has found. To add one, write its file and add its line here. */
export const CHECK_OUTPUTS = {
  text: textOutput,
  json: jsonOutput,
  sarif: sarifOutput,
  github: githubOutput,
} as const satisfies Readonly<Record<string, OpenCheckOutput>>

/** The name of an output. */
export type CheckFormat = keyof typeof CHECK_OUTPUTS
