import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What package.json says of this package. */
interface Manifest {
  readonly name: string
  readonly version: string
}

/** The folder of this package, wherever this file was bundled to. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (manifestIn(folder)?.name !== 'nanwatch' && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** The version in package.json. */
export function packageVersion(): string {
  return manifestIn(packageFolder())?.version ?? 'unknown'
}

function manifestIn(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return null
  }
}
