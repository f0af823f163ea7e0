import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { FoundFile } from '../core/runs/naming.ts'

/** What was found below one root the user gave. */
export interface Scan {
  readonly root: string
  /** What the root is called: the name of the file or folder itself. */
  readonly rootName: string
  readonly files: readonly FoundFile[]
  readonly folders: readonly string[]
  /** What could not be looked into, and why. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[]
}

const LOG_ENDINGS = new Set(['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'txt', 'log', 'out', 'err'])

const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__', 'venv', 'site-packages'])

const DEEPEST = 12

/**
 * Lists the log files below `root`, which may be a file itself.
 *
 * A file that the user names is taken whatever it is called; below a folder
 * only what looks like a log by its name. Hidden files and folders are passed
 * over. Throws when the root does not exist.
 */
export async function scan(root: string, isExcluded: (path: string) => boolean): Promise<Scan> {
  const rootName = basename(root)
  if (!(await stat(root)).isDirectory()) {
    return { root, rootName, files: [{ path: root, below: '' }], folders: [], problems: [] }
  }
  const files: FoundFile[] = []
  const folders: string[] = []
  const problems: { path: string; reason: string }[] = []

  const walk = async (folder: string, below: string, depth: number): Promise<void> => {
    let entries: Dirent[]
    try {
      entries = await readdir(folder, { withFileTypes: true })
    } catch (error) {
      problems.push({ path: folder, reason: error instanceof Error ? error.message : String(error) })
      return
    }
    folders.push(folder)
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.name.startsWith('.') || isExcluded(path)) continue
      const kind = entry.isSymbolicLink() ? await kindOfTarget(path) : kindOf(entry)
      if (kind === 'file' && isLogName(entry.name)) {
        files.push({ path, below: below + entry.name })
      } else if (kind === 'folder' && depth < DEEPEST && !SKIPPED_FOLDERS.has(entry.name) && !entry.isSymbolicLink()) {
        await walk(path, `${below}${entry.name}/`, depth + 1)
      }
    }
  }
  await walk(root, '', 0)
  return { root, rootName, files, folders, problems }
}

/** Whether a name looks like a log's: by its ending, by its having none, or by a number in its place (`log.1`). */
export function isLogName(name: string): boolean {
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return true
  const ending = name.slice(dot + 1).toLowerCase()
  return LOG_ENDINGS.has(ending)
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

async function kindOfTarget(path: string): Promise<'file' | 'folder' | 'other'> {
  try {
    return kindOf(await stat(path))
  } catch {
    // A dangling link names no file now; a later scan finds it once it does.
    return 'other'
  }
}
