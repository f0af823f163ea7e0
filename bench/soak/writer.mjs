// The process that `kills` reads from: a job of its own, which is never killed.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const { module } = await runnerImport(fileURLToPath(new URL('./writer.ts', import.meta.url)))
module.writeOnDemand(process.argv.slice(2))
