import { stat } from 'node:fs/promises'
import type { FoundFile } from '../core/runs/naming.ts'
import { scan } from '../tail/scan.ts'
import { UsageError } from './terminal.ts'

export interface SizedFile extends FoundFile {
  readonly sizeBytes: number
}

/** The log files at or below a path of the command line. Throws a UsageError when there is nothing. */
export async function scanPaths(path: string): Promise<{
  readonly rootName: string
  readonly found: readonly SizedFile[]
  readonly problems: readonly { path: string; reason: string }[]
}> {
  try {
    const { rootName, files, problems } = await scan(path, [])
    const found: SizedFile[] = []
    for (const file of files) found.push({ ...file, sizeBytes: (await stat(file.path)).size })
    return { rootName, found, problems }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UsageError(`${path}: no such file or folder`, { cause: error })
    }
    throw error
  }
}
