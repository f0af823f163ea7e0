import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nanwatch, temporaryFolder } from './nanwatch.ts'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const MODULE = join('node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node')

/** An installation of its own, with what the program needs beside itself: SQLite, without its compiled module. */
let installed: string

beforeAll(() => {
  installed = temporaryFolder()
  cpSync(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  mkdirSync(dirname(join(installed, MODULE)), { recursive: true })
  const own = join('node_modules', 'better-sqlite3')
  for (const name of ['package.json', 'lib'])
    cpSync(join(ROOT, own, name), join(installed, own, name), { recursive: true })
})

afterAll(() => rmSync(installed, { recursive: true, force: true }))

const isElf = (bytes: Buffer) => bytes.readUInt32BE(0) === 0x7f454c46

/** What may have become of the compiled module, and how it is told. */
const FAULTS: readonly { name: string; says: string; make: (path: string, bytes: Buffer) => void }[] = [
  { name: 'is missing', says: 'is missing', make: () => undefined },
  {
    name: 'was compiled for another Node',
    says: `was made for another Node than this one, ${process.version}`,
    make: (path, bytes) => writeFileSync(path, madeForAnotherNode(bytes)),
  },
  {
    name: 'is of another machine',
    says: 'was made for another kind of machine',
    make(path, bytes) {
      const changed = Buffer.from(bytes)
      // The field for the machine; 0xff is none.
      if (isElf(bytes)) changed.writeUInt16LE(0xff, 18)
      writeFileSync(path, changed)
    },
  },
  {
    name: 'was cut short, which would end the process with a signal',
    says: 'is cut short',
    make(path, bytes) {
      writeFileSync(path, bytes)
      truncateSync(path, Math.floor(bytes.length / 3))
    },
  },
  { name: 'is empty', says: 'is an empty file', make: (path) => writeFileSync(path, '') },
  { name: 'is a word', says: 'is no compiled module', make: (path) => writeFileSync(path, 'Not Found') },
  { name: 'is three bytes', says: 'is cut short', make: (path, bytes) => writeFileSync(path, bytes.subarray(0, 3)) },
  {
    name: 'is all zeros',
    says: 'is no compiled module',
    make: (path, bytes) => writeFileSync(path, Buffer.alloc(bytes.length)),
  },
  {
    name: 'begins like one, and goes on with something else',
    says: 'is damaged',
    make: (path, bytes) =>
      writeFileSync(path, Buffer.concat([bytes.subarray(0, 6), Buffer.alloc(bytes.length, 'garbage')])),
  },
  {
    name: 'is something else',
    says: 'is no compiled module',
    make: (path) => writeFileSync(path, 'this is no module at all, but a text that is longer than a header\n'),
  },
]

/** The module with another number for the version of its interface, in the name of its entry and in its own table. */
function madeForAnotherNode(bytes: Buffer): Buffer {
  const own = Number(process.versions.modules)
  const changed = Buffer.from(bytes)
  const entry = `node_register_module_v${own}`
  for (let at = changed.indexOf(entry); at >= 0; at = changed.indexOf(entry, at + 1))
    changed.write(entry.replace(String(own), String(own + 1)), at)
  // The table begins with the version and no flags; all that follows is filled in when it is loaded.
  const head = Buffer.alloc(16)
  head.writeUInt32LE(own, 0)
  changed.writeUInt32LE(own + 1, changed.lastIndexOf(head))
  return changed
}

/** Commands that open a database. */
const ALL_COMMANDS: readonly ((folder: string, db: string) => string[])[] = [
  (folder, db) => ['watch', folder, '--db', db, '--port', '0'],
  (_, db) => ['runs', '--db', db],
  (folder) => ['demo', '--out', folder],
  (_, db) => ['status', '--db', db],
  (_, db) => ['alerts', '--db', db],
  (_, db) => ['explain', 'abcdefg', '--db', db],
  (_, db) => ['forget', 'train', '--db', db],
  (_, db) => ['sql', 'SELECT 1', '--db', db],
]

const run = (...args: string[]) => nanwatch(args, '', join(installed, 'dist', 'main.js'))

describe.skipIf(!isElf(readFileSync(join(ROOT, MODULE))))('SQLite', () => {
  for (const { name, says, make } of FAULTS) {
    test(`${name}: what to type is said before anything about a database`, async () => {
      const folder = temporaryFolder()
      const db = join(folder, 'history.db')
      writeFileSync(join(folder, 'train.log'), 'step 1 loss 0.5\nstep 2 loss nan\n')
      make(join(installed, MODULE), readFileSync(join(ROOT, MODULE)))
      const commands = (name === 'is missing' ? ALL_COMMANDS : ALL_COMMANDS.slice(0, 2)).map((make) => make(folder, db))
      const answers = await Promise.all(commands.map((command) => run(...command)))
      for (const [i, { code, stdout, stderr }] of answers.entries()) {
        expect([code, stdout], commands[i]?.join(' ')).toEqual([1, ''])
        expect(stderr).toContain(`SQLite cannot be loaded: the compiled module of better-sqlite3 ${says}`)
        expect(stderr).toMatch(
          /^nanwatch: [^\n]*\. Type: npm rebuild better-sqlite3 --prefix \S+ --ignore-scripts=false\n$/,
        )
        expect(stderr).not.toContain(db)
        expect(stderr).not.toMatch(/move it|--db/)
      }
      expect(existsSync(db)).toBe(false)
      // These read logs, and need no database.
      const log = join(folder, 'train.log')
      expect(await run('check', log)).toMatchObject({ code: 3, stderr: '' })
      if (name === 'is missing') {
        expect(await run('backtest', log)).toMatchObject({ code: 0 })
        expect(await run('parse', log)).toMatchObject({ code: 0 })
      }
      rmSync(join(installed, MODULE), { force: true })
    })
  }

  test('a package that is not installed is named, with what to type', async () => {
    const there = join(installed, 'node_modules', 'better-sqlite3')
    const away = `${there}-away`
    renameSync(there, away)
    const { code, stderr } = await run('runs')
    renameSync(away, there)
    expect(stderr).toMatch(/^nanwatch: the package better-sqlite3 is not installed\. Type: npm install [^\n]*\n$/)
    expect(code).toBe(1)
  })
})
