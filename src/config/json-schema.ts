import { z } from 'zod'
import { configSchema } from './config.ts'

/** The configuration as JSON Schema: editors complete and check a file from it. */
export function configJsonSchema() {
  return z.toJSONSchema(configSchema, { io: 'input' })
}
