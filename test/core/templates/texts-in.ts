import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The text files below a folder that are not too long to be read twice. */
export function textsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = statSync(path)
    if (found.isDirectory()) return textsIn(path)
    const isText = found.size < 20e6 && !readFileSync(path).subarray(0, 4096).includes(0)
    return isText ? [path] : []
  })
}
