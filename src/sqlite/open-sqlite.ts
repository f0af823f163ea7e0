import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import Database from 'better-sqlite3'
import { errorMessage } from '../protocol/error-message.ts'
import { moduleFault } from './module-file.ts'

/** The package whose compiled module is SQLite itself. */
const PACKAGE = 'better-sqlite3'
/** Where npm puts the module. */
const MODULE = join('build', 'Release', 'better_sqlite3.node')

/** SQLite cannot be loaded, whatever the database. The message is one line and says what to type. */
class SqliteMissingError extends Error {
  override readonly name = 'SqliteMissingError'
}

const load = createRequire(import.meta.url)

/** The path of the compiled module, once it is known to load. */
let loaded: string | null = null

/** Opens a database. Throws what SQLite throws, and a SqliteMissingError where there is no SQLite. */
export function openSqlite(source: string | Buffer, options: Database.Options = {}): Database.Database {
  return new Database(source, { ...options, nativeBinding: requireSqlite() })
}

/**
 * The path of the compiled module. Throws a SqliteMissingError where it cannot be loaded: to be called before anything is
 * said about a database. The package would find the module itself, but looks for it in a dozen places.
 */
export function requireSqlite(): string {
  if (loaded !== null) return loaded
  const path = join(sqliteFolder(), MODULE)
  const fault = moduleFault(path, process.execPath)
  if (fault !== null) throw missing(fault)
  try {
    load(path)
  } catch (error) {
    throw missing(loadFault(errorMessage(error)), error)
  }
  loaded = path
  return path
}

function missing(fault: string, cause?: unknown): SqliteMissingError {
  // A module that was downloaded would be downloaded again, and ask for the same libraries.
  const prefix = fault.includes('GLIBC') ? 'npm_config_build_from_source=true ' : ''
  const text = `SQLite cannot be loaded: the compiled module of ${PACKAGE} ${fault}. Type: ${prefix}${rebuildCommand()}`
  return new SqliteMissingError(text, { cause })
}

/** What the loader means, as the end of a sentence of one line that begins with the module. */
export function loadFault(message: string): string {
  if (message.startsWith('Cannot find module')) return 'is missing'
  if (message.includes('NODE_MODULE_VERSION')) return `was made for another Node than this one, ${process.version}`
  // The rest says which folders it looked into.
  const [said = ''] = message.split('\n')
  return `does not fit this machine (${said.trim()})`
}

/** The command that makes the module anew where it is installed. */
function rebuildCommand(): string {
  const folder = projectOf(sqliteFolder())
  // From version 12 on npm runs the scripts of those packages only that the project allows, as ours does.
  const flags = allowsScripts(folder) ? '' : ' --dangerously-allow-all-scripts'
  return `npm rebuild ${PACKAGE} --prefix ${quoted(folder)} --ignore-scripts=false${flags}`
}

function sqliteFolder(): string {
  return dirname(load.resolve(`${PACKAGE}/package.json`))
}

/** The project that a package is installed for: what stands before its `node_modules`. */
function projectOf(folder: string): string {
  return folder.slice(0, folder.lastIndexOf(`${sep}node_modules${sep}`))
}

function allowsScripts(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const { allowScripts } = manifest as { readonly allowScripts?: Readonly<Record<string, unknown>> }
    return allowScripts?.[PACKAGE] === true
  } catch {
    // A folder without a manifest, such as that of all global packages, allows nothing.
    return false
  }
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
