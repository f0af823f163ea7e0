import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Extension } from './extension.ts'

const CONTAINER = `
import { metricValue } from '../../../protocol/value.ts'
import { RecordBuilder } from '../../records/record-builder.ts'
import type { Container } from './container.ts'

const MAGIC = 'PAIR'

export const pairFile: Container<null> = {
  name: 'pair',
  about: 'A step and its loss as two doubles.',
  example: 'loss_7.pair',
  names: ['*.pair'],
  isPerStep: true,
  leastBytes: MAGIC.length,
  framing: 'whole',
  recognises: ({ bytes }) => String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC,
  start: () => null,
  parse({ bytes, offset }, state) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (view.byteLength < MAGIC.length + 16) return { results: [], state, isIncomplete: true }
    const builder = new RecordBuilder()
    builder.step = view.getFloat64(MAGIC.length, true)
    builder.add('loss', metricValue(view.getFloat64(MAGIC.length + 8, true)), null)
    const record = builder.record(offset)
    return { results: record === null ? [] : [{ offset, result: { kind: 'records', records: [record] } }], state }
  },
}
`

function pairOf(step: number, loss: number): Buffer {
  const pair = Buffer.from(`PAIR${' '.repeat(16)}`)
  pair.writeDoubleLE(step, 4)
  pair.writeDoubleLE(loss, 12)
  return pair
}

export const binaryKind: Extension = {
  name: 'a kind of binary file',

  async add(copy) {
    const list = 'src/core/formats/containers/index.ts'
    await copy.add('src/core/formats/containers/pair-file.ts', CONTAINER)
    await copy.addLine(list, 'import { refused }', "import { pairFile } from './pair-file.ts'")
    await copy.addLine(list, '  wandb,', '  pairFile,')
  },

  async shows(copy) {
    const runs = join(copy.folder, 'runs')
    await mkdir(join(runs, 'exp7'), { recursive: true })
    for (const [step, loss] of [0.5, 0.4, Number.NaN].entries()) {
      await writeFile(join(runs, 'exp7', `loss_${step}.pair`), pairOf(step, loss))
    }
    const check = async (path: string) => {
      const { stdout } = await copy.run('check', path, '--json')
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    }

    // Followed below a folder, and the files of the three steps put together.
    const found = await check(runs)
    expect(found.at(-1)).toMatchObject({
      file: expect.stringMatching(/exp7\/loss_\*\.pair$/),
      format: 'pair',
      samples: 3,
    })
    expect(found).toContainEqual(expect.objectContaining({ type: 'alert', rule: 'non-finite', step: 2 }))

    // Recognised by its content where it is called something else.
    await writeFile(join(copy.folder, 'loss.bin'), pairOf(7, 0.25))
    expect((await check(join(copy.folder, 'loss.bin'))).at(-1)).toMatchObject({ format: 'pair', samples: 1 })

    await copy.runScript('formats-doc.mjs')
    expect(await copy.read('docs/cli.md')).toMatch(/^- other files: `.*\.pair/m)
    expect((await copy.run('formats')).stdout).toContain('A step and its loss as two doubles.')
  },
}
