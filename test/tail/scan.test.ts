import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { scan } from '../../src/tail/scan.ts'
import { tempFolder } from '../temp-folder.ts'

let root: string

beforeEach(async () => {
  root = join(await tempFolder(), 'runs')
  await mkdir(root)
})

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), 'loss: 1\n')
  }
}

async function found(exclude: readonly string[] = []): Promise<string[]> {
  return (await scan(root, exclude)).files.map(({ below }) => below)
}

/** Root may look into every folder, so it is somebody else for a moment. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

describe('a scan', () => {
  test('lists what looks like a log, however deep, by its path below the root', async () => {
    await write('a/train.log', 'a/metrics.JSONL', 'b/c/d/history.csv', 'stdout', 'b/model.pt', 'b/image.png', 'a/log.1')
    expect(await found()).toEqual(['a/metrics.JSONL', 'a/train.log', 'b/c/d/history.csv', 'stdout'])
    expect(await scan(root, [])).toMatchObject({
      root,
      rootName: 'runs',
      folders: ['', 'a', 'b', 'b/c', 'b/c/d'].map((folder) => join(root, folder)),
      problems: [],
    })
  })

  test('takes a compressed file by the name that it had before', async () => {
    await write('train.log.gz', 'history.csv.GZ', 'stdout.gz', 'weights.bin.gz', 'train.log.1.gz')
    expect(await found()).toEqual(['history.csv.GZ', 'stdout.gz', 'train.log.gz'])
  })

  test('takes a file that is named by itself, whatever it is called', async () => {
    await write('weights.bin')
    const path = join(root, 'weights.bin')
    expect(await scan(path, ['*'])).toEqual({
      root: path,
      rootName: 'weights.bin',
      files: [{ path, below: '' }],
      folders: [root],
      problems: [],
    })
  })

  test('passes over hidden files and folders, and those of package managers', async () => {
    await write('.hidden.log', '.git/x.log', 'node_modules/x.log', '__pycache__/x.log', 'a/venv/x.log', 'a/seen.log')
    expect(await found()).toEqual(['a/seen.log'])
  })

  test('takes a hidden folder that is named by itself', async () => {
    await write('.cache/a.log')
    expect((await scan(join(root, '.cache'), [])).files).toMatchObject([{ below: 'a.log' }])
  })

  const exclusions: readonly { readonly name: string; pattern(): string; readonly left: readonly string[] }[] = [
    { name: 'by the name of a file', pattern: () => 'debug.log', left: ['a/old/1.log', 'a/train.log', 'b/1.csv'] },
    { name: 'by the ending of a file', pattern: () => '*.csv', left: ['a/debug.log', 'a/old/1.log', 'a/train.log'] },
    { name: 'by the name of a folder', pattern: () => 'old', left: ['a/debug.log', 'a/train.log', 'b/1.csv'] },
    { name: 'by a path below the root', pattern: () => 'a/**', left: ['b/1.csv'] },
    { name: 'by a folder at any depth', pattern: () => '**/old/**', left: ['a/debug.log', 'a/train.log', 'b/1.csv'] },
    { name: 'by a whole path', pattern: () => join(root, 'a'), left: ['b/1.csv'] },
  ]
  for (const { name, pattern, left } of exclusions) {
    test(`leaves out what is excluded ${name}`, async () => {
      await write('a/train.log', 'a/debug.log', 'a/old/1.log', 'b/1.csv')
      expect(await found([pattern()])).toEqual(left)
    })
  }

  test('follows a link to a file, but not to one that it has found already', async () => {
    await write('a/1.log')
    const outside = join(dirname(root), 'outside')
    await writeFile(outside, 'loss: 1\n')
    await symlink(join(root, 'a/1.log'), join(root, 'latest.log'))
    await symlink(outside, join(root, 'elsewhere.log'))
    await symlink(outside, join(root, 'elsewhere-too.log'))
    await symlink(join(root, 'nowhere'), join(root, 'dangling.log'))
    expect(await found()).toEqual(['a/1.log', 'elsewhere-too.log'])
  })

  test('follows no link to a folder, which may lead in a circle', async () => {
    await write('a/1.log')
    await symlink(root, join(root, 'a/again'))
    expect(await found()).toEqual(['a/1.log'])
  })

  test('goes through a root that is a link', async () => {
    await write('a/1.log')
    await symlink('1.log', join(root, 'a/latest.log'))
    const link = join(dirname(root), 'link')
    await symlink(root, link)
    expect((await scan(link, [])).files).toEqual([{ path: join(link, 'a/1.log'), below: 'a/1.log' }])
  })

  test('reports a folder that it may not look into, and goes on', async () => {
    await write('a/1.log', 'b/1.log', 'c/1.log')
    await chmod(dirname(root), 0o755)
    await chmod(join(root, 'b'), 0o000)
    const { files, problems } = await asNobody(() => scan(root, []))
    await chmod(join(root, 'b'), 0o700)
    expect(files.map(({ below }) => below)).toEqual(['a/1.log', 'c/1.log'])
    expect(problems).toMatchObject([{ path: join(root, 'b'), reason: expect.stringContaining('EACCES') }])
  })

  test('throws where there is nothing of that name', async () => {
    await expect(scan(join(root, 'nothing'), [])).rejects.toThrow('ENOENT')
  })

  test('throws for a pipe, which would never be read to its end', async () => {
    const pipe = join(root, 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(scan(pipe, [])).rejects.toThrow(`${pipe}: neither a file nor a folder`)
    expect(await found()).toEqual([])
  })
})
