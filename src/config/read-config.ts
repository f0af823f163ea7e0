import { readFileSync } from 'node:fs'
import { formatSet } from '../core/formats/described-formats.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { complaints } from './complaint.ts'
import { type Config, configSchema } from './config.ts'
import { ConfigError } from './config-error.ts'

/** Reads and checks a configuration file. Throws a ConfigError. */
export function readConfig(path: string): Config {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${path}: cannot read the configuration: ${errorMessage(error)}`, { cause: error })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`${path}: not valid JSON: ${errorMessage(error)}`, { cause: error })
  }
  return checkConfig(json, path)
}

/** Checks parsed configuration; `where` begins every complaint. Throws a ConfigError. */
export function checkConfig(json: unknown, where: string): Config {
  const result = configSchema.safeParse(json)
  if (!result.success) throw new ConfigError(complaints(json, result.error.issues, where))
  for (const list of ['sinks', 'rules'] as const) {
    const names = result.data[list].map(({ name }) => name)
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined)
      throw new ConfigError(`${where}: ${list}: two are called "${twice}"; give each its own name`)
  }
  const formats = formatSet(result.data.formats)
  if (!formats.ok) throw new ConfigError(`${where}: ${formats.problem}`)
  return result.data
}
