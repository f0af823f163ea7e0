import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** better-sqlite3 compiles from source wherever its prebuilt binary cannot be fetched. */
const INSTALL_TIMEOUT_MS = 300_000

const SAMPLE = [
  '{"step": 1, "loss": 0.71}',
  '{"step": 2, "loss": 0.69}',
  '{"step": 3, "loss": NaN}',
  '{"step": 4, "loss": NaN}',
].join('\n')

interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Tarball {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

let folder: string
let home: string
let packed: readonly string[]

/** The environment without what the npm that runs these tests tells its scripts about this project. */
function freshEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|VITEST)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

function run(command: string, args: readonly string[], cwd: string): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: freshEnvironment() }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, cwd)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

/** Packs the project, and installs the tarball as a stranger would: in a folder that holds nothing else. */
async function packAndInstall(): Promise<void> {
  if (!existsSync(join(ROOT, 'dist/main.js'))) throw new Error('dist/main.js is missing. Run: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'nanwatch-pack-'))
  home = join(folder, 'home')
  await mkdir(home)

  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  // npm 12 answers with an object by package name, older ones with an array.
  const [tarball] = Object.values<Tarball>(JSON.parse(await succeed('npm', pack, ROOT)))
  packed = tarball!.files.map(({ path }) => path)

  // From npm 12 on an install script runs only where the folder's own package.json allows it.
  await writeFile(join(home, 'package.json'), '{ "private": true, "allowScripts": { "better-sqlite3": true } }')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join('..', tarball!.filename)]
  await succeed('npm', install, home)
}

describe('the package', () => {
  beforeAll(packAndInstall, INSTALL_TIMEOUT_MS)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('holds the program, the dashboard, the example config with its schema, and the licence', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'dist/main.js',
        'dist/dashboard/index.html',
        'config.example.json',
        'config.schema.json',
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
      ]),
    )
  })

  test('holds no source, no test and nothing that only development needs', () => {
    const allowed = /^(dist|docs)\/|^(config\.(example|schema)\.json|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/
    expect(packed.filter((path) => !allowed.test(path))).toEqual([])
  })

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const { code, stdout } = await run('npx', ['--no-install', 'nanwatch', '--version'], home)
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: version })
  })

  test('finds the NaN of a log where nothing but the package is installed', async () => {
    await writeFile(join(home, 'sample.jsonl'), SAMPLE)
    const check = ['--no-install', 'nanwatch', 'check', '--json', 'sample.jsonl']
    const { code, stdout, stderr } = await run('npx', check, home)
    const messages = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    expect(messages, stderr).toContainEqual(
      expect.objectContaining({ type: 'alert', rule: 'non-finite', metric: 'loss', step: 3, value: 'NaN' }),
    )
    expect(code).toBe(3)
  })

  test('brings a database that opens', async () => {
    const open = "import Database from 'better-sqlite3'; new Database(':memory:').exec('select 1')"
    const { code, stderr } = await run('node', ['--input-type=module', '--eval', open], home)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
