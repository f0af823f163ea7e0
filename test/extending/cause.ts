import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CAUSES } from '../../src/core/causes/index.ts'
import type { Extension } from './extension.ts'

const NUMBER = Math.max(...CAUSES.map(({ number }) => number)) + 1
const CODE = `R${NUMBER}-negative-learning-rate`
const TITLE = 'A learning rate below 0'
const WHY = 'The learning rate was -0.01 at step 4 already.'
const FIX = 'Let the schedule end where the training ends.'

const ENTRY = `
import { isFinite } from '../../protocol/value.ts'
import type { CauseEntry } from './entry.ts'

/** R${NUMBER}: recognised by the newest learning rates. */
export const negativeLearningRate = {
  number: ${NUMBER},
  name: 'negative-learning-rate',
  title: '${TITLE}',
  what: 'A schedule that goes on behind its last step falls below 0, and each step climbs the loss.',
  signs: 'The learning rate is negative before the loss is NaN.',
  fix: '${FIX}',
  inCode: { PyTorch: 'assert scheduler.get_last_lr()[0] >= 0' },
  confirm: 'Print the learning rate of each step.',
  links: ['https://docs.pytorch.org/docs/stable/optim.html'],
  atMost: 'strong',
  isHarmless: false,

  recognise({ rule, at, trend }) {
    const rate = trend.learningRate.find(({ value }) => isFinite(value) && value < 0)
    if (rule !== 'non-finite' || at.role !== 'train_loss' || rate === undefined) return null
    return {
      why: \`The learning rate was \${rate.value} at step \${rate.step} already.\`,
      confidence: 'proven',
      evidence: [{ name: 'learningRate', value: Number(rate.value) }],
    }
  },
} as const satisfies CauseEntry
`

export const cause: Extension = {
  name: 'a cause',

  async add(copy) {
    await copy.add(`src/core/causes/r${NUMBER}-negative-learning-rate.ts`, ENTRY)
    const line = `import { negativeLearningRate } from './r${NUMBER}-negative-learning-rate.ts'`
    await copy.addLine('src/core/causes/index.ts', 'Every cause by its name', line)
    await copy.replace('src/core/causes/index.ts', '}\n\ntype CodeOf', '  negativeLearningRate,\n}\n\ntype CodeOf')
  },

  async shows(copy) {
    await copy.runScript('causes-doc.mjs')
    const log = join(copy.folder, 'train.jsonl')
    const losses = ['0.9', '0.8', '0.7', '0.6', '0.5', 'NaN']
    const records = losses.map((loss, step) => `{"step":${step},"loss":${loss},"lr":${step < 4 ? 0.01 : -0.01}}\n`)
    await copy.add('train.jsonl', records.join(''))

    const read = await copy.run('check', log, '--json')
    const alert = JSON.parse(read.stdout.split('\n', 1)[0]!)
    expect(alert).toMatchObject({ type: 'alert', rule: 'non-finite', step: 5 })
    // It is called no surer than the cause says that a log can make it.
    const evidence = [{ name: 'learningRate', value: -0.01 }]
    expect(alert.cause).toEqual({ code: CODE, confidence: 'strong', evidence, fix: FIX })

    const printed = await copy.run('check', log)
    for (const text of [WHY, FIX]) expect(printed.stdout.replace(/\s+/g, ' ')).toContain(text)
    const explained = await copy.run('explain', `R${NUMBER}`)
    expect(explained.stdout).toContain(`${CODE}  ${TITLE}`)
    const page = await readFile(join(copy.folder, 'docs/causes.md'), 'utf8')
    expect(page).toContain(`## ${CODE}\n\n**${TITLE}.**`)
  },
}
