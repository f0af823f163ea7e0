import { z } from 'zod'
import { configSchema } from './config.ts'

/** The JSON Schema of a configuration, from which editors complete and check it. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' })
}
