import { join } from 'node:path'
import { expect } from 'vitest'
import type { Extension } from './extension.ts'

const FORMAT = `
import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Format, recordsOf, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

export const arrows: Format<null> = {
  name: 'arrows',
  about: 'A step and its loss with an arrow between them.',
  example: '7 ==> 0.25',
  maxLineBytes: TEXT_LINE_BYTES,
  claim: (line) => (/^\\d+ ==> /.test(line) ? 'sure' : 'no'),
  start: () => null,
  parse({ text, offset }) {
    const [step = '', loss = ''] = text.split(' ==> ')
    if (parseNumber(loss) === null) return { result: SKIP, state: null }
    const builder = new RecordBuilder()
    builder.addText('step', step)
    builder.addText('loss', loss)
    const record = builder.record(offset)
    return { result: recordsOf(record === null ? [] : [record], null), state: null }
  },
}
`

export const textFormat: Extension = {
  name: 'a text format',

  async add(copy) {
    await copy.add('src/core/formats/arrows.ts', FORMAT)
    await copy.addLine('src/core/formats/index.ts', 'import { blocks }', "import { arrows } from './arrows.ts'")
    await copy.addLine('src/core/formats/index.ts', 'read(blocks)', '  read(arrows),')
  },

  async shows(copy) {
    const log = join(copy.folder, 'train.log')
    await copy.add('train.log', '1 ==> 0.5\n2 ==> nan\n')

    const read = await copy.run('check', log, '--json')
    const lines = read.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ format: 'arrows', samples: 2, verdict: 'failed' })
    expect((await copy.run('formats')).stdout).toContain('arrows')
  },
}
