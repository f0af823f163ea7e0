import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { predictionsLast } from '../../src/cli/replay/reading-order.ts'
import { tempFolder } from '../temp-folder.ts'

/** Files of a run by their names, in the order in which they are found, and what they hold. */
const FILES: Readonly<Record<string, string>> = {
  'a-batches.jsonl': '{"step": 0, "y_prob": [[0.2, 0.8]], "labels": [1]}\n',
  'b-columns.csv': 'step,logit_0,logit_1,label\n0,1.5,-0.5,1\n',
  'c-dumps.npz': 'PK',
  'output.log': 'writes its predictions to outputs/preds.csv\nstep 0 loss 0.7\n',
  'progress.csv': 'epoch,loss,val_loss\n0,0.7,0.8\n',
  'train.jsonl': '{"step": 0, "loss": 0.7}\n',
}

test('what holds predictions is read after the losses that they explain', async () => {
  const folder = await tempFolder()
  const files = Object.entries(FILES).map(([name, text]) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return { name, path }
  })
  const away = { name: 'gone.log', path: join(folder, 'gone.log') }
  expect((await predictionsLast([...files, away])).map(({ name }) => name)).toEqual([
    'output.log',
    'progress.csv',
    'train.jsonl',
    'gone.log',
    'a-batches.jsonl',
    'b-columns.csv',
    'c-dumps.npz',
  ])
})
