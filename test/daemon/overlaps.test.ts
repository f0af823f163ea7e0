import { appendFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../../bench/soak/promise.ts'
import { LOCAL_DISK } from '../../src/tail/disk.ts'
import { tempFolder } from '../temp-folder.ts'
import { ByHand } from './by-hand.ts'

const LAYOUTS = 40

/** Roots within each other, links to files and folders, and hard links, in an order that the seed decides. */
function layOut(root: string, seed: number): { readonly roots: readonly string[]; readonly files: readonly string[] } {
  const random = seededRandom(seed)
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!
  const folders = [root]
  const files: string[] = []
  const roots = [root]
  mkdirSync(root, { recursive: true })
  for (let i = 0; i < 12; i++) {
    const name = join(pick(folders), `${i}`)
    switch (Math.floor(random() * (files.length === 0 ? 2 : 5))) {
      case 0:
        mkdirSync(name)
        folders.push(name)
        if (random() < 0.5) roots.push(name)
        break
      case 1:
        writeFileSync(`${name}.log`, 'the banner of every rank\n')
        files.push(`${name}.log`)
        if (random() < 0.3) roots.push(`${name}.log`)
        break
      case 2:
        linkSync(pick(files), `${name}.log`)
        break
      case 3:
        symlinkSync(pick(files), `${name}.log`)
        break
      default:
        symlinkSync(pick(folders), `${name}-link`)
        if (random() < 0.5) roots.push(`${name}-link`)
    }
  }
  return { roots: roots.sort(() => random() - 0.5), files }
}

test('however roots, links and hard links overlap, each file is read once, and equal ones are not merged', async () => {
  const folder = await tempFolder()
  for (let seed = 1; seed <= LAYOUTS; seed++) {
    const { roots, files } = layOut(join(folder, `${seed}`), seed)
    const daemon = new ByHand(roots, LOCAL_DISK)
    await daemon.settle()
    for (const [i, file] of files.entries()) appendFileSync(file, `line of file ${i}\n`)
    await daemon.settle()
    await daemon.restart()
    await daemon.settle()
    await daemon.close()
    const banners = files.map(() => 'the banner of every rank')
    const own = files.map((_, i) => `line of file ${i}`)
    expect([...daemon.lines].sort(), `seed ${seed}`).toEqual([...own, ...banners].sort())
  }
})
