import type { Secrets } from '../notify/sink.ts'
import { ConfigError } from './config-error.ts'

/** Resolves the secrets among the settings at `where`, which begins every complaint. Each throws a ConfigError. */
export function secretsAt(where: string): Secrets {
  const text = (value: string, key: string) => secret(value, `${where}.${key}`)
  return { text, url: (value, key) => checkedUrl(text(value, key), `${where}.${key}`) }
}

function secret(value: string, where: string): string {
  if (!value.startsWith('env:')) return value
  const name = value.slice('env:'.length)
  const found = process.env[name]
  if (found === undefined || found === '')
    throw new ConfigError(`${where}: the environment variable ${name} is not set`)
  return found
}

/** The address, which is in no message, for it may be a secret as a whole. */
function checkedUrl(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!isHttp || url.username !== '' || url.password !== '')
    throw new ConfigError(`${where}: not an http or https address (without a user name or password in it)`)
  return text
}
