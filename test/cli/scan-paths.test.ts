import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mustBeOneFile, sizeIfThere } from '../../src/cli/scan-paths.ts'
import { tempFolder } from '../temp-folder.ts'

test('what is followed is there as a file, as the numbered files of a dump, or as a run of a database', async () => {
  const folder = await tempFolder()
  mkdirSync(join(folder, 'preds'))
  for (const name of ['train.log', 'empty.log', 'mlflow.db', 'preds/step_1.npz', 'preds/step_2.npz'])
    writeFileSync(join(folder, name), name === 'empty.log' ? '' : 'ten bytes.')
  const sizes: Record<string, number | null> = {
    'train.log': 10,
    'empty.log': 0,
    'gone.log': null,
    'preds/step_*.npz': 20,
    'gone/step_*.npz': null,
    'mlflow.db#abc': 0,
    'gone.db#abc': null,
  }
  for (const [name, size] of Object.entries(sizes))
    expect([name, await sizeIfThere(join(folder, name))]).toEqual([name, size])
})

test('a path that must be one file says what is there instead', async () => {
  const folder = await tempFolder()
  writeFileSync(join(folder, 'train.log'), 'step 1 loss 0.5')
  await mustBeOneFile(join(folder, 'train.log'))
  await expect(mustBeOneFile(join(folder, 'trian.log'))).rejects.toThrow(/trian\.log: no such file or folder$/)
  await expect(mustBeOneFile(folder)).rejects.toThrow(/: a folder; name one file$/)
})
