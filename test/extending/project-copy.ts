import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Terminal } from '../../src/cli/terminal.ts'
import { Daemon } from '../e2e/nanwatch.ts'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const COPIED = [
  'src',
  'dashboard',
  'scripts',
  'docs',
  'test',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'config.example.json',
  'config.schema.json',
]

/** Nothing adds to them, and they are large. */
const FIXTURES = join(ROOT, 'test/fixtures')

let scripts = 0

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A copy of the program that may be changed, compiled and run. */
export interface ProjectCopy {
  readonly folder: string
  /** Writes a new file. */
  add(path: string, text: string): Promise<void>
  /** Puts `line` before the only line that holds `before`. Throws where there is none, or more than one. */
  addLine(path: string, before: string, line: string): Promise<void>
  /** Puts `after` in the place of `before`, which must be there once. */
  replace(path: string, before: string, after: string): Promise<void>
  /** Compiles it as `npm run build` does, without bundling it. Rejects with what the compiler says. */
  compile(): Promise<void>
  /** Runs a command of the compiled program to its end, in this process. */
  run(...args: readonly string[]): Promise<CommandResult>
  /** Starts a daemon of the compiled program. */
  start(...args: readonly string[]): Daemon
  /** Runs one of the scripts that write files from the compiled program. Rejects with what it says if it fails. */
  runScript(name: string): Promise<void>
  /** Runs tests of the copy. Rejects with what they say if one of them fails. */
  test(...paths: readonly string[]): Promise<void>
  /** The text of a file. */
  read(path: string): Promise<string>
  remove(): Promise<void>
}

/** Copies the sources into a temporary folder. */
export async function projectCopy(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'nanwatch-copy-'))
  for (const name of COPIED) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: (path) => path !== FIXTURES })
  }
  await symlink(FIXTURES, join(folder, 'test/fixtures'))
  const main = join(folder, 'build', 'main.js')
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    add: (path, text) => writeFile(join(folder, path), text),

    async addLine(path, before, line) {
      const lines = (await readFile(join(folder, path), 'utf8')).split('\n')
      const found = lines.flatMap((text, index) => (text.includes(before) ? [index] : []))
      if (found.length !== 1) throw new Error(`${path}: ${found.length} lines hold ${before}`)
      await writeFile(join(folder, path), lines.toSpliced(found[0]!, 0, line).join('\n'))
    },

    async replace(path, before, after) {
      const parts = (await readFile(join(folder, path), 'utf8')).split(before)
      if (parts.length !== 2) throw new Error(`${path}: ${before} is there ${parts.length - 1} times`)
      await writeFile(join(folder, path), parts.join(after))
    },

    async compile() {
      const compiler = join(folder, 'node_modules', '.bin', 'tsc')
      const { code, stdout } = await finished(compiler, ['-p', join(folder, 'tsconfig.build.json')])
      if (code !== 0) throw new Error(stdout)
    },

    async run(...args) {
      const { run } = await import(pathToFileURL(join(folder, 'build', 'cli', 'run-command.js')).href)
      const printed = { stdout: '', stderr: '' }
      const terminal: Terminal = {
        stdout(text) {
          printed.stdout += text
        },
        stderr(text) {
          printed.stderr += text
        },
        stdin: Readable.from([]),
        hasColor: false,
        isInteractive: false,
        columns: 100,
        signal: new AbortController().signal,
      }
      return { code: await run(args, terminal), ...printed }
    },

    start: (...args) => new Daemon(args, main),

    async runScript(name) {
      // Anew each time it is asked for: what a module does, it does once.
      await import(`${pathToFileURL(join(folder, 'scripts', name)).href}?${scripts++}`)
    },

    async test(...paths) {
      const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
      const { code, stdout, stderr } = await finished(
        process.execPath,
        [vitest, 'run', '--no-cache', '--no-isolate', '--maxWorkers=1', ...paths],
        folder,
      )
      if (code !== 0) throw new Error(stdout + stderr)
    },

    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function finished(file: string, args: readonly string[], cwd = ROOT): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })
}
