// A process of `readers`: opens the database, asks, and closes it again, as each command does.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const { module } = await runnerImport(fileURLToPath(new URL('./reader.ts', import.meta.url)))
await module.readAgainAndAgain(process.argv[2], Number(process.argv[3]))
