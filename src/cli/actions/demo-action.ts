import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DEFAULT_CONFIG } from '../../config/defaults.ts'
import { runDaemon } from '../../daemon/daemon.ts'
import { daemonStore } from '../../daemon/daemon-store.ts'
import { DEMO_JOBS, type DemoJob } from '../../demo/jobs.ts'
import { packageFolder, packageVersion } from '../package-folder.ts'
import { printEvent } from '../print-event.ts'
import type { Shell } from '../shell.ts'
import { printable, type Terminal } from '../terminal.ts'

export interface DemoArguments {
  port: number
  out?: string | undefined
  json: boolean
}

export const demo =
  ({ terminal, outlive }: Shell) =>
  async ({ port, out, json }: DemoArguments) => {
    const followOutputs = outlive()
    const folder = out === undefined ? mkdtempSync(join(tmpdir(), 'nanwatch-demo-')) : resolve(out)
    const logs = join(folder, 'runs')
    mkdirSync(logs, { recursive: true })
    const jobs = new Jobs(logs, terminal)
    const config = { ...DEFAULT_CONFIG, port }
    await runDaemon(
      {
        config,
        roots: [logs],
        database: daemonStore(join(folder, 'nanwatch.db'), config.retention),
        version: packageVersion(),
        dashboard: join(packageFolder(), 'dist/dashboard'),
        followOutputs,
        onEvent(event) {
          printEvent(event, json, terminal)
          if (event.type !== 'ready') return
          for (const job of Object.values(DEMO_JOBS)) jobs.start(job)
          if (!json)
            terminal.stderr(`two training jobs write their logs below ${printable(logs)}; Ctrl-C stops everything\n\n`)
        },
      },
      terminal.signal,
    ).finally(() => jobs.stop())
  }

/** The training jobs: processes of their own that know nothing of nanwatch. */
class Jobs {
  readonly #folder: string
  readonly #terminal: Terminal
  readonly #running = new Map<ChildProcess, Promise<void>>()

  constructor(folder: string, terminal: Terminal) {
    this.#folder = folder
    this.#terminal = terminal
  }

  start(job: DemoJob): void {
    const script = join(packageFolder(), 'dist/demo/train.js')
    const child = spawn(process.execPath, [script, '--out', join(this.#folder, job.name), ...job.arguments], {
      // Not the terminal itself: it may be closed, and a job that ends by then would fail.
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#terminal.stderr(text))
    const gone = new Promise<void>((done) => {
      child.once('error', (error) => {
        this.#terminal.stderr(`${job.name}: cannot be started: ${error.message}\n`)
        done()
      })
      child.once('exit', () => done())
    })
    this.#running.set(child, gone)
  }

  async stop(): Promise<void> {
    for (const child of this.#running.keys()) child.kill('SIGTERM')
    await Promise.all(this.#running.values())
  }
}
