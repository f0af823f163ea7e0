import { appendFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linesIn } from '../../src/core/pipeline/content.ts'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { Descriptors } from '../../src/tail/descriptors.ts'
import { FileFollower } from '../../src/tail/follower.ts'
import { tempFolder } from '../temp-folder.ts'

test('of many files those looked at last stay open, and one that was closed and rotated loses nothing', async () => {
  const folder = await tempFolder()
  const descriptors = new Descriptors(2)
  const followers = ['a', 'b', 'c'].map((name) => new FileFollower(join(folder, `${name}.log`)))
  onTestFinished(async () => {
    for (const follower of followers) await follower.close()
  })
  const cursors = new Map<FileFollower, Cursor>()
  const look = async (follower: FileFollower) => {
    const read = await follower.read(cursors.get(follower) ?? null, 1024)
    if (read !== null) cursors.set(follower, read.cursor)
    await descriptors.touch(follower)
    return read
  }
  const [a, b, c] = followers as [FileFollower, FileFollower, FileFollower]
  for (const { path } of followers) await writeFile(path, 'first\n')
  for (const follower of [a, b, a, c]) await look(follower)
  expect(followers.map(({ isOpen }) => isOpen)).toEqual([true, false, true])

  await appendFile(b.path, 'unread\nhalf')
  await rename(b.path, `${b.path}.1`)
  await writeFile(b.path, 'new\n')
  const old = await look(b)
  expect(old).toMatchObject({ isFinal: true, gap: null })
  expect(linesIn(old!.content).map(({ text }) => text)).toEqual(['unread', 'half'])
  const anew = await look(b)
  expect(anew).toMatchObject({ isNewGeneration: true, gap: null })
  expect(linesIn(anew!.content).map(({ text }) => text)).toEqual(['new'])
  expect(followers.map(({ isOpen }) => isOpen)).toEqual([false, true, true])
})
