import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'

const BUDGET_BYTES = 80 * 1024
const BUILD_LIMIT_MS = 60_000

let folder: string
let files: ReadonlyMap<string, Buffer>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nanwatch-dashboard-'))
  await build({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    mode: 'production',
    build: { outDir: folder, emptyOutDir: true },
  })
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  files = new Map(
    await Promise.all(
      names.map(async (entry): Promise<[string, Buffer]> => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(folder.length + 1), await readFile(path)]
      }),
    ),
  )
}, BUILD_LIMIT_MS)

afterAll(() => rm(folder, { recursive: true, force: true }))

test('the first load weighs at most 80 KB gzipped', () => {
  const bytes = [...files.values()].reduce((sum, content) => sum + gzipSync(content).length, 0)
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES)
})

test('the page holds nothing inline and asks nobody else for anything', () => {
  const page = String(files.get('index.html'))
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:\/\//i)
  for (const [tag] of page.matchAll(/<script[^>]*>[^<]*/g)) expect(tag).toMatch(/ src="\.\/[^"]+"><?$|>$/)
  for (const [, source] of page.matchAll(/(?:src|href)="([^"]+)"/g))
    expect(files.has(source!.replace('./', ''))).toBe(true)
})

test('nothing in the dashboard writes HTML or runs text as code', async () => {
  const sources = (await readdir('dashboard', { recursive: true })).filter((name) => /\.tsx?$/.test(name))
  expect(sources.length).toBeGreaterThan(20)
  for (const name of sources) {
    const text = await readFile(join('dashboard', name), 'utf8')
    expect(text, name).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
  }
})
