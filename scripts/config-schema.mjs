// Writes config.schema.json, from which editors complete and check a configuration. Run it after a build.
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../build/config/json-schema.js'

writeFileSync(new URL('../config.schema.json', import.meta.url), `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
