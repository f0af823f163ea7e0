import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import { databaseRunOf } from '../core/runs/followed-path.ts'
import {
  DATABASE_START,
  type DatabaseCursor,
  type DatabasePage,
  type DatabaseReader,
  openDatabase,
} from './database-read.ts'
import { type FileStat, statLocal } from './stat-cache.ts'

/**
 * Reads one run of a tracker's database on, row after row.
 *
 * The database is opened for each poll and closed again: its writer waits for
 * nobody. A poll that finds the file and its log as they were opens nothing.
 */
export class DatabaseFollower {
  readonly path: string
  readonly isOpen = false
  #seen = ''

  constructor(path: string) {
    this.path = path
  }

  async read(cursor: Cursor | null, _capBytes: number, writerHasLeft = false): Promise<FileRead | null> {
    const { path, key } = databaseRunOf(this.path)!
    const file = statLocal(path)
    const seen = `${databasePrint(path)} ${cursor?.offset}`
    if (file === null || (seen === this.#seen && !writerHasLeft)) return null
    const opening = openDatabase(path)
    if (opening.kind === 'unreadable') throw new Error(opening.reason)
    if (opening.kind !== 'open') return null
    const { reader } = opening
    const from: DatabaseCursor = cursor === null ? DATABASE_START : { rowid: cursor.offset, anchor: cursor.anchorHash }
    const page = pageOf(reader, key, from)
    const isNew = page.results.length > 0 || page.isAnew
    if (!isNew && !page.hasMore) {
      this.#seen = seen
      if (!writerHasLeft || cursor?.isEnded === true) return null
    }
    const generation = (cursor?.generation ?? 0) + (page.isAnew ? 1 : 0)
    return {
      ...TO_THE_END,
      content: { kind: 'rows', format: reader.database.name, results: page.results },
      cursor: {
        device: '0',
        inode: String(file.ino),
        headBytes: 0,
        headHash: '',
        offset: page.cursor.rowid,
        anchorBytes: 0,
        anchorHash: page.cursor.anchor,
        generation,
        encoding: 'utf-8',
        container: null,
        isBinary: false,
        inLongLine: false,
        isEnded: writerHasLeft && !page.hasMore,
      },
      isNewGeneration: page.isAnew,
      isFinal: writerHasLeft && !page.hasMore,
      hasMore: page.hasMore,
      writtenMs: file.mtimeMs,
    }
  }

  async close(): Promise<void> {
    this.#seen = ''
  }
}

/** The last row of any run of the database now. */
export function databaseEnd(path: string): number {
  const run = databaseRunOf(path)
  const opening = run === null ? null : openDatabase(run.path)
  if (run === null || opening?.kind !== 'open') return 0
  const { reader } = opening
  try {
    for (let cursor = DATABASE_START; ; ) {
      const page = reader.page(run.key, cursor)
      if (!page.hasMore) return page.cursor.rowid
      cursor = page.cursor
    }
  } finally {
    reader[Symbol.dispose]()
  }
}

/** One page, and the reader closed behind it. */
function pageOf(reader: DatabaseReader, key: string, from: DatabaseCursor): DatabasePage {
  try {
    return reader.page(key, from)
  } finally {
    reader[Symbol.dispose]()
  }
}

/** What changes with the database: its file, or the log beside it. */
export function databasePrint(path: string): string {
  return `${fingerprintOf(statLocal(path))} ${fingerprintOf(statLocal(`${path}-wal`))}`
}

function fingerprintOf(seen: FileStat | null): string {
  return seen === null ? '-' : `${seen.ino}:${seen.size}:${seen.mtimeMs}:${seen.ctimeMs}`
}
