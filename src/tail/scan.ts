import { basename, dirname, join, relative } from 'node:path'
import picomatch from 'picomatch'
import { isLogName } from '../core/formats/file-names.ts'
import { type FoundFile, nameWithoutGz } from '../core/runs/naming.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { type Disk, LOCAL_DISK } from './disk.ts'
import { expand } from './expand.ts'
import { type FolderEntry, Listings } from './listings.ts'

/** What was found below one root the user gave. */
export interface Scan {
  readonly root: string
  /** What the root is called: the name of the file or folder itself. */
  readonly rootName: string
  readonly files: readonly FoundFile[]
  /** The folders that were looked into: where files may come and go. */
  readonly folders: readonly string[]
  /** What could not be looked into, and why. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[]
}

/** Folders of MLflow's file store, beside that of the metrics: what they hold is no log. */
const MLFLOW_FOLDER = /\/mlruns\/[^/]+\/[^/]+\/(?:params|tags|artifacts|outputs)$/

const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__', 'venv', 'site-packages'])

/** How many folders deep logs are looked for. */
const DEEPEST = 12

/**
 * Lists the log files below `root`, which may be a file itself.
 *
 * A file that the user names is taken whatever it is called; below a folder
 * only what looks like a log by its name. Hidden files and folders are passed
 * over, and so are those whose name, path below the root or whole path one of
 * the glob patterns in `exclude` matches. A link to a file is followed, unless
 * that file is found by itself; a link to a folder is not, for it may lead in a
 * circle. Folders that have not changed since `listings` last saw them, for the
 * same root and `exclude`, are not listed again. Throws when the root does not exist.
 */
export async function scan(
  root: string,
  exclude: readonly string[],
  disk: Disk = LOCAL_DISK,
  listings = new Listings(disk),
): Promise<Scan> {
  const rootName = basename(root)
  const kindOfRoot = kindOf(await disk.stat(root))
  if (kindOfRoot === 'other') throw new Error(`${root}: neither a file nor a folder`)
  if (kindOfRoot === 'file') {
    const { files, problems } = expand([{ path: root, below: '' }])
    return { root, rootName, files, folders: [dirname(root)], problems }
  }

  const isExcluded = picomatch([...exclude], { basename: true })
  const files: FoundFile[] = []
  const links: FoundFile[] = []
  const folders: string[] = []
  const problems: { path: string; reason: string }[] = []

  const isWanted = ({ kind, file: { path, below } }: FolderEntry) => {
    const name = basename(path)
    const isOfInterest = kind === 'folder' ? !MLFLOW_FOLDER.test(path) : isLogName(nameWithoutGz(name))
    return isOfInterest && !isPassedOver(name) && !isExcluded(below) && !isExcluded(path)
  }
  const walk = async (folder: string, below: string, depth: number): Promise<void> => {
    let entries: readonly FolderEntry[]
    try {
      entries = await listings.list(folder, below, isWanted)
    } catch (error) {
      problems.push({ path: folder, reason: errorMessage(error) })
      return
    }
    folders.push(folder)
    for (const entry of entries) {
      if (entry.kind === 'file') files.push(entry.file)
      else if (entry.kind === 'link') links.push(entry.file)
      else if (depth < DEEPEST) await walk(entry.file.path, `${entry.file.below}/`, depth + 1)
    }
  }
  await walk(root, '', 0)
  const expanded = expand([...files, ...(await leadingElsewhere(links, files, root, disk))])
  return { root, rootName, files: expanded.files, folders, problems: [...problems, ...expanded.problems] }
}

/** Whether files and folders of this name, below a root, are none of ours. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || SKIPPED_FOLDERS.has(name)
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

/** The links to files that are not listed already: `latest.log` beside the log that it stands for would be read twice. */
async function leadingElsewhere(
  links: readonly FoundFile[],
  files: readonly FoundFile[],
  root: string,
  disk: Disk,
): Promise<readonly FoundFile[]> {
  if (links.length === 0) return links
  const taken = new Set(files.map(({ path }) => path))
  const realRoot = await disk.realpath(root)
  const elsewhere: FoundFile[] = []
  for (const link of links) {
    try {
      const target = await disk.realpath(link.path)
      const listed = join(root, relative(realRoot, target))
      if (taken.has(listed) || kindOf(await disk.stat(target)) !== 'file') continue
      taken.add(listed)
      elsewhere.push(link)
    } catch {
      // A dangling link names no file now; a later scan finds it once it does.
    }
  }
  return elsewhere
}
