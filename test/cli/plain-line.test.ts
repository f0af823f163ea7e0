import { describe, expect, test } from 'vitest'
import type { CommandModule } from 'yargs'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { parseLine } from '../../src/cli/full-line.ts'
import { commandNamed, plainArguments } from '../../src/cli/plain-line.ts'
import { seededRandom } from '../../src/demo/random.ts'
import { SILENT_TERMINAL } from './silent-terminal.ts'

const SHELL = { terminal: SILENT_TERMINAL, exit: () => undefined, outlive: () => () => () => undefined }
const STATED = COMMANDS.map((command) => command(SHELL))
const NAMES = STATED.map(({ command }) => String(command).split(' ', 1)[0]!)

/** What yargs hands to a command for a line, without what it adds itself; null where it refuses the line or prints help. */
async function readByYargs(words: readonly string[]): Promise<unknown> {
  let handed: unknown = null
  const commands = STATED.map((command) => ({
    ...command,
    handler: (args: object) => {
      handed = { name: String(command.command).split(' ', 1)[0], args: ofCommand(args) }
    },
  })) as CommandModule[]
  try {
    await parseLine(words, commands, SILENT_TERMINAL, () => undefined)
  } catch {
    return null
  }
  return handed
}

/** The arguments but for `_`, `$0`, those that are undefined, and the second names with a capital inside. */
function ofCommand(args: object): object {
  const dashed = new Set(
    Object.keys(args)
      .filter((name) => name.includes('-'))
      .map(camelCase),
  )
  return Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name !== '_' && name !== '$0' && value !== undefined && !dashed.has(name),
    ),
  )
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function readPlainly(words: readonly string[]): unknown {
  const named = commandNamed(words[0], STATED)
  const args = named === undefined ? null : plainArguments(words.slice(1), named)
  return args === null ? null : { name: words[0], args: ofCommand(args) }
}

describe('a plain line', () => {
  test.each<[line: string, args: object]>([
    ['runs', { json: false }],
    ['runs --json', { json: true }],
    ['show bert --db x.db', { run: 'bert', json: false, db: 'x.db' }],
    ['series bert loss --json --config=c.json', { run: 'bert', metric: 'loss', json: true, config: 'c.json' }],
    ['watch runs more/of/them --port 8080', { paths: ['runs', 'more/of/them'], port: 8080 }],
    ['check a.log --profile quiet', { paths: ['a.log'], profile: 'quiet', json: false, 'allow-empty': false }],
    ['learn crash --step 12', { topic: 'crash', step: 12, demo: false, json: false }],
  ])('%s is read without yargs', (line, args) => {
    expect(readPlainly(line.split(' '))).toMatchObject({ args })
  })

  test.each([
    '',
    '--help',
    '--version',
    'runs --help',
    'runs --no-json',
    'runs --json false',
    'runs --db',
    'runs --db a --db b',
    'runs more',
    'show',
    'check a.log --baseline b.log',
    'check a.log --profile loud',
    'watch a --port many',
    'runs -- --json',
    'completion',
    'run',
  ])('"%s" is left to yargs', (line) => {
    expect(readPlainly(line.split(' ').filter((word) => word !== ''))).toBeNull()
  })

  test('is read as yargs reads it, whatever its words', async () => {
    const random = seededRandom(20_261_130)
    const words = [
      ...['--json', '--db', 'x.db', '--db=y.db', '--config', 'c.json', '--profile', 'quiet', 'loud', '--port', '8080'],
      ...['--step', '12', '007', '1e3', '0x10', '-', '-1', 'a', 'a b', 'ü', 'crash', 'all', 'true', '--nope', '--help'],
      ...[
        '--no-json',
        "'q'",
        '"',
        '--allow-empty',
        '--format',
        'sarif',
        '--baseline',
        '--json=true',
        '',
        '--',
        '--run',
      ],
      ...[
        '/dev/stdin',
        '--demo',
        '--out',
        '--host',
        '--propose',
        '--dB',
        '--j',
        '-j',
        'a.b=c',
        '--db.x',
        '3',
        'SELECT 1',
      ],
    ]
    let plain = 0
    for (let i = 0; i < 3000; i++) {
      const count = Math.floor(random() * 5)
      const line = [
        NAMES[Math.floor(random() * NAMES.length)]!,
        ...Array.from({ length: count }, () => words[Math.floor(random() * words.length)]!),
      ]
      const plainly = readPlainly(line)
      if (plainly === null) continue
      plain++
      expect([line, plainly]).toEqual([line, await readByYargs(line)])
    }
    expect(plain).toBeGreaterThan(300)
  }, 60_000)
})
