// Writes config.schema.json, from which editors complete and check a configuration.
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from '../dist/config/config.js'

const schema = z.toJSONSchema(configSchema, { io: 'input' })
writeFileSync(new URL('../config.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`)
