import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The dependency rule of docs/architecture.md. An area may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  chunks: [],
  core: ['protocol'],
  config: ['protocol', 'core', 'notify'],
  sqlite: ['protocol'],
  tail: ['protocol', 'core', 'sqlite'],
  store: ['protocol', 'chunks', 'core', 'sqlite'],
  notify: ['protocol', 'core'],
  server: ['protocol', 'core', 'store', 'demo'],
  daemon: ['protocol', 'core', 'config', 'tail', 'store', 'notify', 'server'],
  cli: ['protocol', 'core', 'config', 'tail', 'store', 'notify', 'server', 'daemon', 'demo'],
  main: ['protocol', 'core', 'config', 'tail', 'store', 'notify', 'server', 'daemon', 'cli'],
  demo: [],
  dashboard: ['protocol'],
}

/** Areas that compute and do nothing else: they import no package but those below and touch no global that acts or differs between two calls. */
const PURE_AREAS = ['protocol', 'chunks', 'core']
/** Packages that compute and do nothing else, as far as core uses them. */
const PURE_PACKAGES = /^(?:fflate|hyparquet(?:\/src\/[a-z]+\.js)?|re2js)$/

const IMPURE_GLOBALS = [
  'Date',
  'performance',
  'process',
  'crypto',
  'console',
  'fetch',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Math.random',
]

const VAGUE_NAMES = /^(utils?|helpers?|common|misc)$/

/** What one source file says about its place in the architecture. */
interface Source {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string
  /** Specifiers of every import, export-from, dynamic import and type import; `<computed>` for one that is no literal. */
  readonly imports: readonly string[]
  /** Names used as values or types, and `object.property` for each member of one. */
  readonly names: ReadonlySet<string>
  /** The types that it declares for the whole file. */
  readonly types: readonly string[]
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

function scan(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const imports: string[] = []
  const names = new Set<string>()
  visit(program as unknown as Node, imports, names)
  return { path, imports, names, types: typesIn(program as unknown as Node) }
}

function typesIn({ body }: Node): string[] {
  return (body as Node[])
    .map((statement) => (isNode(statement['declaration']) ? statement['declaration'] : statement))
    .filter(({ type }) => /^(TSInterfaceDeclaration|TSTypeAliasDeclaration|ClassDeclaration)$/.test(type))
    .map(({ id }) => String((id as Node)['name']))
}

function visit(node: Node, imports: string[], names: Set<string>): void {
  if (isImport(node) && isNode(node['source'])) imports.push(literal(node['source']))
  if (node.type === 'Identifier') names.add(String(node['name']))
  if (node.type === 'MemberExpression') names.add(memberName(node))
  for (const [key, child] of Object.entries(node)) {
    if (isPropertyName(node, key) || (key === 'callee' && isCalendar(node))) continue
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) visit(each, imports, names)
  }
}

function isImport({ type }: Node): boolean {
  return /^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration|ImportExpression|TSImportType)$/.test(type)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function literal(source: Node): string {
  return typeof source['value'] === 'string' ? source['value'] : '<computed>'
}

function memberName({ object, property }: Node): string {
  return [object, property].map((part) => (isNode(part) ? (part['name'] ?? part['value']) : '')).join('.')
}

/** The `now` of `clock.now`, or the `Date` of `{ Date: 1 }`: a name of the thing's own, no global. */
function isPropertyName(node: Node, key: string): boolean {
  if (node['computed'] === true || node['shorthand'] === true) return false
  return key === 'key' || (key === 'property' && node.type === 'MemberExpression')
}

/** `new Date(ms)`, `Date.parse(text)` or `Date.UTC(…)`: they convert what they are given and read no clock. */
function isCalendar({ type, callee, arguments: given }: Node): boolean {
  if (!isNode(callee)) return false
  if (type === 'NewExpression') return callee['name'] === 'Date' && Array.isArray(given) && given.length === 1
  return callee.type === 'MemberExpression' && /^Date\.(parse|UTC)$/.test(memberName(callee))
}

function areaOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

/** The file that a relative import names. Undefined for a package. */
function target(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}

function brokenImports(source: Source): string[] {
  const area = areaOf(source.path)
  const allowed = MAY_IMPORT[area]
  if (allowed === undefined) return [`${source.path}: the dependency rule knows no area '${area}'`]
  return source.imports
    .filter((specifier) => !mayImport(source.path, area, allowed, specifier))
    .map((specifier) => `${source.path}: ${area} may not import ${specifier}`)
}

function mayImport(path: string, area: string, allowed: readonly string[], specifier: string): boolean {
  if (specifier === '<computed>') return false
  const file = target(path, specifier)
  if (file === undefined) return mayImportPackage(area, specifier)
  if (area === 'dashboard' && file.startsWith('dashboard/')) return true
  return file.startsWith('src/') && [area, ...allowed].includes(areaOf(file))
}

function mayImportPackage(area: string, specifier: string): boolean {
  if (PURE_AREAS.includes(area)) return area === 'core' && PURE_PACKAGES.test(specifier)
  return area !== 'dashboard' || !specifier.startsWith('node:')
}

function impureNames(source: Source): string[] {
  if (!PURE_AREAS.includes(areaOf(source.path))) return []
  return IMPURE_GLOBALS.filter((name) => source.names.has(name)).map((name) => `${source.path}: uses ${name}`)
}

function looseJson(source: Source): string[] {
  const isFree = source.path === 'src/protocol/json.ts' || areaOf(source.path) === 'demo'
  return isFree || !source.names.has('JSON.stringify') ? [] : [`${source.path}: calls JSON.stringify`]
}

function vagueName({ path }: Source): string[] {
  const parts = path.split('/').map((part) => basename(part).replace(/\..*$/, ''))
  return parts.some((part) => VAGUE_NAMES.test(part)) ? [`${path}: says nothing about what is in it`] : []
}

/** The names that several files use, each for a thing of its own. */
function sharedNames(sources: readonly Source[], namesIn: (source: Source) => readonly string[]): string[] {
  const places = new Map<string, string[]>()
  for (const source of sources)
    for (const name of namesIn(source)) places.set(name, [...(places.get(name) ?? []), source.path])
  return [...places].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`)
}

const typesOf = ({ types }: Source) => types

/** What a file is called, unless it is the list of its folder or an entry of the program. */
function fileNameIn({ path }: Source): readonly string[] {
  const name = basename(path).replace(/\.tsx?$/, '')
  return /^(?:index|main)$/.test(name) ? [] : [name]
}

/** Whether a file imports a kind of store, such as `src/store/sqlite/`, and is no part of it. */
function namesStoreOfAKind({ path, imports }: Source): boolean {
  return imports.some((specifier) => {
    const [kind] = /^src\/store\/[^/]+\//.exec(target(path, specifier) ?? '') ?? []
    return kind !== undefined && !path.startsWith(kind)
  })
}

/** The layers of the core as docs/architecture.md lists them, the highest first. */
function layersIn(page: string): string[] {
  const section = page.split('\n## ').find((part) => part.startsWith('The layers of the core'))
  return [...(section ?? '').matchAll(/^\| `([a-z-]+)` /gm)].map(([, layer]) => layer!)
}

/** The folder of `src/core` that a file is in, or null for a file outside of it. */
function layerOf(path: string): string | null {
  return /^src\/core\/([^/]+)/.exec(path)?.[1] ?? null
}

function upwardImports(source: Source, layers: readonly string[]): string[] {
  const own = layerOf(source.path)
  if (own === null) return []
  if (!layers.includes(own)) return [`${source.path}: docs/architecture.md knows no layer '${own}'`]
  return source.imports
    .map((specifier) => target(source.path, specifier))
    .filter((file) => file !== undefined)
    .filter((file) => layerOf(file) !== null && layers.indexOf(layerOf(file)!) < layers.indexOf(own))
    .map((file) => `${source.path}: ${own} may not import ${file}, which is above it`)
}

/** The folders as sources: each imports the folders that its files import. */
function folders(sources: readonly Source[]): Source[] {
  const found = new Map<string, Set<string>>()
  for (const { path, imports } of sources) {
    const folder = posix.dirname(path)
    const of = found.get(folder) ?? new Set()
    found.set(folder, of)
    for (const specifier of imports) {
      const file = target(path, specifier)
      if (file !== undefined && posix.dirname(file) !== folder) of.add(posix.relative(folder, posix.dirname(file)))
    }
  }
  return [...found].map(([path, of]) => ({
    path: `${path}/(folder)`,
    imports: [...of].map((to) => `./${to}/(folder)`),
    names: new Set<string>(),
    types: [],
  }))
}

/** Each cycle as `a → b → a`, found by walking every import once. */
function cycles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const found: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const specifier of byPath.get(path)?.imports ?? []) {
      const next = target(path, specifier)
      if (next !== undefined && byPath.has(next)) walk(next, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of sources) walk(path, [])
  return found
}

function readSources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) =>
      relative(ROOT, join(ROOT, folder, name))
        .split(sep)
        .join('/'),
    )
    .sort()
    .map((path) => scan(path, readFileSync(join(ROOT, path), 'utf8')))
}

describe('the architecture', () => {
  const src = readSources('src')
  const all = [...src, ...readSources('dashboard')]

  test('every import points the way that the dependency rule allows', () => {
    expect(src.length).toBeGreaterThan(0)
    expect(all.flatMap(brokenImports)).toEqual([])
  })

  test('protocol and core know no clock, no randomness, no process and no network', () => {
    expect(all.flatMap(impureNames)).toEqual([])
  })

  test('messages are written as JSON in one place', () => {
    expect(all.flatMap(looseJson)).toEqual([])
  })

  test('no file in src imports itself, however long the way round', () => {
    expect(cycles(src)).toEqual([])
  })

  test('a kind of store is named where the daemon and the commands open one, and nowhere else', () => {
    expect(src.filter(namesStoreOfAKind).map(({ path }) => path)).toEqual([
      'src/cli/database-source.ts',
      'src/daemon/daemon-store.ts',
    ])
  })

  test('each folder of core imports only those that docs/architecture.md lists below it', () => {
    const layers = layersIn(readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8'))
    const inCore = readdirSync(join(ROOT, 'src/core')).sort()
    expect([...layers].sort()).toEqual(inCore)
    expect(src.flatMap((source) => upwardImports(source, layers))).toEqual([])
  })

  test('no folder of core imports itself, however long the way round', () => {
    expect(cycles(folders(src.filter(({ path }) => layerOf(path) !== null)))).toEqual([])
  })

  test('a type has a name of its own, and so has a file', () => {
    expect(sharedNames(all, typesOf)).toEqual([])
    expect(sharedNames(all, fileNameIn)).toEqual([])
  })

  test('every file name says what is in it', () => {
    expect(all.flatMap(vagueName)).toEqual([])
  })
})

describe('the scanner of the architecture', () => {
  const refused = {
    'a static import': ['src/core/a.ts', "import { x } from '../store/s.ts'"],
    'an import for its effect': ['src/core/a.ts', "import '../store/s.ts'"],
    'an import over several lines': ['src/core/a.ts', "import {\n  x,\n} from '../store/s.ts'"],
    'a type import': ['src/core/a.ts', "import type { X } from '../store/s.ts'"],
    'a type import inside a type': ['src/core/a.ts', "type X = import('../store/s.ts').X"],
    'a dynamic import': ['src/core/a.ts', "const s = await import('../store/s.ts')"],
    'a computed import': ['src/cli/a.ts', "const s = await import('./' + name)"],
    'an export from': ['src/core/a.ts', "export { x } from '../store/s.ts'"],
    'an export of everything': ['src/core/a.ts', "export * from '../store/s.ts'"],
    'a Node module in core': ['src/core/a.ts', "import { readFile } from 'node:fs'"],
    'a package in core': ['src/core/a.ts', "import { z } from 'zod'"],
    'core in protocol': ['src/protocol/a.ts', "import { x } from '../core/c.ts'"],
    'the server in the store': ['src/store/a.ts', "import { x } from '../server/s.ts'"],
    'the cli in the daemon': ['src/daemon/a.ts', "import { x } from '../cli/c.ts'"],
    'anything of ours in the demo': ['src/demo/a.ts', "import { x } from '../protocol/v.ts'"],
    'core in the dashboard': ['dashboard/a.tsx', "import { x } from '../src/core/c.ts'"],
    'a Node module in the dashboard': ['dashboard/a.ts', "import 'node:fs'"],
    'a test in the source': ['src/cli/a.ts', "import { x } from '../../test/t.ts'"],
    'an unknown area': ['src/plugins/a.ts', ''],
  } as const
  for (const [name, [path, text]] of Object.entries(refused)) {
    test(`refuses ${name}`, () => expect(brokenImports(scan(path, text))).toHaveLength(1))
  }

  const allowed = {
    'protocol in core': ['src/core/a.ts', "import { x } from '../protocol/v.ts'"],
    'core in core': ['src/core/formats/a.ts', "import { x } from '../reading/lines.ts'"],
    'the store in the server': ['src/server/a.ts', "import { x } from '../store/s.ts'"],
    'a package that only computes, in core': ['src/core/a.ts', "import { Inflate } from 'fflate'"],
    'a package at an edge': ['src/tail/a.ts', "import { watch } from 'chokidar'"],
    'protocol in the dashboard': ['dashboard/a.tsx', "import { x } from '../src/protocol/v.ts'"],
    'an import in a comment': ['src/core/a.ts', "// import { x } from '../store/s.ts'"],
    'an import in a string': ['src/core/a.ts', 'const s = "import \'../store/s.ts\'"'],
  } as const
  for (const [name, [path, text]] of Object.entries(allowed)) {
    test(`allows ${name}`, () => expect(brokenImports(scan(path, text))).toEqual([]))
  }

  const names = [
    { name: 'Date.now', text: 'const t = Date.now()', used: ['Date'] },
    { name: 'new Date', text: 'const t = new Date()', used: ['Date'] },
    { name: 'Date called as a function', text: 'const t = Date()', used: ['Date'] },
    { name: 'Date handed on', text: 'const clock = [Date]', used: ['Date'] },
    { name: 'no clock in the conversion of a given time', text: 'new Date(Date.parse(s) + Date.UTC(1970))', used: [] },
    { name: 'the clock among what is converted', text: 'new Date(Date.now())', used: ['Date'] },
    { name: 'performance.now', text: 'const t = performance.now()', used: ['performance'] },
    { name: 'process', text: 'const home = process.env', used: ['process'] },
    { name: 'Math.random', text: 'const r = Math.random()', used: ['Math.random'] },
    { name: 'Math.random by its name in quotes', text: "const r = Math['random']()", used: ['Math.random'] },
    { name: 'Date in shorthand', text: 'const tools = { Date }', used: ['Date'] },
    { name: 'no global in a property of that name', text: 'const p = { process: 1 }; p.process', used: [] },
    { name: 'no global in a comment or a string', text: "const s = 'Date' // process", used: [] },
    { name: 'no randomness in Math.max', text: 'const m = Math.max(1, 2)', used: [] },
  ]
  for (const { name, text, used } of names) {
    test(`sees ${name}`, () => {
      expect(impureNames(scan('src/core/a.ts', text))).toEqual(used.map((each) => `src/core/a.ts: uses ${each}`))
    })
  }

  test('allows JSON.stringify in one file and in the demo only', () => {
    const text = 'export const text = JSON.stringify(1)'
    expect(looseJson(scan('src/server/a.ts', text))).toHaveLength(1)
    expect(looseJson(scan('dashboard/a.ts', text))).toHaveLength(1)
    expect(looseJson(scan('src/protocol/json.ts', text))).toEqual([])
    expect(looseJson(scan('src/demo/train.ts', text))).toEqual([])
  })

  test('finds a cycle of three files', () => {
    const a = scan('src/core/a.ts', "import './b.ts'")
    const b = scan('src/core/b.ts', "import './deep/c.ts'")
    const c = scan('src/core/deep/c.ts', "import type { A } from '../a.ts'")
    expect(cycles([a, b, c])).toEqual(['src/core/a.ts → src/core/b.ts → src/core/deep/c.ts → src/core/a.ts'])
    expect(cycles([a, b])).toEqual([])
  })

  test('refuses an import of a layer above, and a folder that is no layer', () => {
    const layers = layersIn('# A\n\n## The layers of the core\n\n| `high` | a |\n| `low` | b |\n')
    expect(layers).toEqual(['high', 'low'])
    expect(upwardImports(scan('src/core/low/a.ts', "import type { X } from '../high/x.ts'"), layers)).toHaveLength(1)
    expect(upwardImports(scan('src/core/low/deep/a.ts', "import '../../high/x.ts'"), layers)).toHaveLength(1)
    expect(upwardImports(scan('src/core/high/a.ts', "import '../low/x.ts'"), layers)).toEqual([])
    expect(upwardImports(scan('src/core/other/a.ts', ''), layers)).toHaveLength(1)
    expect(upwardImports(scan('src/core/a.ts', ''), layers)).toHaveLength(1)
  })

  test('sees a kind of store, in the contract too', () => {
    const text = "import { x } from '../store/sqlite/s.ts'"
    expect(namesStoreOfAKind(scan('src/daemon/a.ts', text))).toBe(true)
    expect(namesStoreOfAKind(scan('src/store/a.ts', "import { x } from './sqlite/s.ts'"))).toBe(true)
    expect(namesStoreOfAKind(scan('src/store/memory/a.ts', "import { x } from '../sqlite/s.ts'"))).toBe(true)
    expect(namesStoreOfAKind(scan('src/store/sqlite/a.ts', "import { x } from './s.ts'"))).toBe(false)
    expect(namesStoreOfAKind(scan('src/daemon/a.ts', "import { x } from '../store/store.ts'"))).toBe(false)
  })

  test('finds a cycle of folders that is none of files', () => {
    const down = scan('src/core/a/one.ts', "import '../b/two.ts'")
    const up = scan('src/core/b/deep/three.ts', "import '../../a/four.ts'")
    const within = scan('src/core/b/two.ts', "import './deep/five.ts'")
    expect(cycles(folders([down, up, within]))).toHaveLength(1)
    expect(cycles(folders([down, within]))).toEqual([])
  })

  test('finds a name that stands for two things', () => {
    const tail = scan('src/tail/a.ts', 'export interface Place {}\nclass Row {}')
    const core = scan('src/core/runs/b.ts', 'type Place = string')
    const page = scan('dashboard/a.tsx', 'export class Row {}')
    expect(sharedNames([tail, core, page], typesOf)).toEqual([
      'Place: src/tail/a.ts, src/core/runs/b.ts',
      'Row: src/tail/a.ts, dashboard/a.tsx',
    ])
    expect(sharedNames([tail, core, page], fileNameIn)).toEqual(['a: src/tail/a.ts, dashboard/a.tsx'])
    expect(sharedNames([scan('src/notify/index.ts', ''), scan('src/core/detect/index.ts', '')], fileNameIn)).toEqual([])
  })

  test('refuses a vague name of a file or a folder', () => {
    expect(vagueName(scan('src/core/utils.ts', ''))).toHaveLength(1)
    expect(vagueName(scan('src/helpers/lines.ts', ''))).toHaveLength(1)
    expect(vagueName(scan('src/core/common-mode.ts', ''))).toEqual([])
  })

  test('refuses a file that does not parse', () => {
    expect(() => scan('src/core/a.ts', 'import {')).toThrow('src/core/a.ts')
  })
})
