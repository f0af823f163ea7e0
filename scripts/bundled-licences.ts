import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** In the name of a module, which has these slashes on every system. */
const PACKAGES = '/node_modules/'

/** Writes the licence of each package of which something was bundled into one file: they ask to be shipped with their code. */
export function bundledLicences(fileName: string): Plugin {
  return {
    name: 'bundled-licences',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const folders = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap(packageFolder)))
      this.emitFile({
        type: 'asset',
        fileName,
        source: [...folders]
          .sort()
          .map(licenceIn)
          .join(`\n${'-'.repeat(80)}\n`),
      })
    },
  }
}

/** The folder of the package that a module is of; none for a module of ours. */
function packageFolder(id: string): readonly string[] {
  const at = id.lastIndexOf(PACKAGES)
  if (at === -1) return []
  const path = id.slice(at + PACKAGES.length).split('/')
  return [join(id.slice(0, at), 'node_modules', ...path.slice(0, path[0]?.startsWith('@') ? 2 : 1))]
}

function licenceIn(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
  if (file === undefined) throw new Error(`${folder} has no licence file`)
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
