import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built program to its end, as a user would. */
export function nanwatch(args: readonly string[], input?: string | Uint8Array, main = MAIN): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input ?? '')
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

/** Runs it and reads its JSON lines. */
export async function nanwatchJson(args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await nanwatch([...args, '--json'])
  return jsonLines(stdout)
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** A daemon started with `--json`, and what it has said so far. */
export class Daemon {
  readonly events: Record<string, unknown>[] = []
  readonly #child: ChildProcess
  readonly #exit: Promise<number | null>
  #stderr = ''
  #changed: () => void = () => undefined

  /** `within` is a command that runs the program, such as `unshare` with its options. */
  constructor(args: readonly string[], main = MAIN, within: readonly string[] = []) {
    const [command, ...rest] = [...within, process.execPath, main, ...args, '--json']
    this.#child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line) as Record<string, unknown>)
      this.#changed()
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.#exit = new Promise((resolve) =>
      this.#child.on('close', (code) => {
        resolve(code)
        this.#changed()
      }),
    )
  }

  /** Waits for an event of this type that fits. Rejects with all that was said when it does not come. */
  async event(
    type: string,
    fits: (event: Record<string, unknown>) => boolean = () => true,
    withinMs = 20_000,
  ): Promise<Record<string, unknown>> {
    const deadline = Date.now() + withinMs
    for (;;) {
      const found = this.events.find((event) => event['type'] === type && fits(event))
      if (found !== undefined) return found
      const leftMs = deadline - Date.now()
      if (leftMs <= 0 || this.#child.exitCode !== null) {
        throw new Error(`no ${type} event; said ${JSON.stringify(this.events)}; stderr: ${this.#stderr}`)
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#changed = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  async url(): Promise<string> {
    return String((await this.event('ready'))['url'])
  }

  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#exit
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'nanwatch-test-'))
}

/** Waits until the condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('the condition did not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
