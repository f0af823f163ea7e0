// Node 20 does not read TypeScript: Vite, which builds the dashboard, loads the soak.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const { module } = await runnerImport(fileURLToPath(new URL('./soak.ts', import.meta.url)))
process.exitCode = await module.soak(process.argv.slice(2))
