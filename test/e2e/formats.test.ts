import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../src/core/formats/catalogue.ts'
import { jsonLines, nanwatch, temporaryFolder } from './nanwatch.ts'

function fileOf(name: string, text: string): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

test('formats --json prints every entry with an example', async () => {
  const lines = jsonLines((await nanwatch(['formats', '--json'])).stdout)
  expect(lines.map((line) => [line['group'], line['name']])).toEqual(
    CATALOGUE.flatMap(({ key, entries }) => entries.map(({ name }) => [key, name])),
  )
  expect(lines.filter(({ about, example }) => about === '' || example === '')).toEqual([])
})

const TRAINER_STATE = `{"global_step": 2, "log_history": [
  {"epoch": 0.5, "grad_norm": 1.5, "loss": 2.5, "learning_rate": 0.1, "step": 1},
  {"epoch": 1.0, "grad_norm": NaN, "loss": 0.0, "learning_rate": 0.1, "step": 2}]}`
const LINES = [
  '{"step": 0, "loss": 0.5, "lr": 0.1}',
  '{"step": 1, "loss": NaN, "lr": NaN}',
  'saved a checkpoint',
  '{"step": 2,',
  '{"step": 2, "loss": 0.4, "lr": 0.1, "epoch": 1}',
  '',
].join('\n')

describe('parse', () => {
  test('says how a log was understood: format, counters, roles, placeholders, skipped and rejected lines', async () => {
    const { stderr } = await nanwatch(['parse', fileOf('train.jsonl', LINES)])
    expect(stderr.split('\n').slice(1)).toEqual([
      'format: json-lines, sure',
      'records: 3; with a step 3, first 0, last 2; with an epoch 1; with a time 0',
      'attempts: 1',
      '  loss: train_loss, 3 samples, 1 placeholders',
      '  lr: learning_rate, 3 samples, 1 placeholders',
      'skipped: 1 lines without data',
      `rejected: 1 broken-json, first at byte ${LINES.indexOf('{"step": 2,\n')}`,
      '',
    ])
  })

  test('marks placeholders in its JSON, and adds a line for a value that the log hides', async () => {
    const holes = jsonLines((await nanwatch(['parse', '--json', fileOf('train.jsonl', LINES)])).stdout)
    expect(holes.filter(({ placeholder }) => placeholder === true)).toEqual(
      holes.filter(({ value }) => value === 'NaN'),
    )
    const hidden = jsonLines((await nanwatch(['parse', '--json', fileOf('trainer_state.json', TRAINER_STATE)])).stdout)
    expect(hidden.filter((line) => 'masked' in line)).toEqual([
      { attempt: 0, step: 2, metric: 'loss', role: 'train_loss', value: null, offset: 0, masked: 'zero-loss' },
    ])
  })

  test('names the kind of a document, as the summary of check does', async () => {
    const path = fileOf('trainer_state.json', TRAINER_STATE)
    expect((await nanwatch(['parse', path])).stderr).toContain('format: hf-trainer-state, sure\n')
    const lines = jsonLines((await nanwatch(['check', '--json', path])).stdout)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', format: 'hf-trainer-state' })
  })

  test('says that it only guesses where a log is too short to tell', async () => {
    const { stderr } = await nanwatch(['parse', fileOf('train.log', 'loss 0.5\n')])
    expect(stderr).toContain('format: key-value, likely: too few lines to be sure\n')
  })
})

describe('formats of a user', () => {
  const config = fileOf(
    'nanwatch.json',
    JSON.stringify({
      formats: [
        { name: 'mine', regex: String.raw`^it (?<step>\d+) J (?<objective>\S+)`, roles: { objective: 'train_loss' } },
        { name: 'history', records: 'runs[*].history', fields: { step: 'at', loss: 'stats.goal' } },
      ],
    }),
  )

  test('a line that a described format matches is read in it, though the lines before it are another', async () => {
    const built = Array.from({ length: 20 }, (_, step) => `step ${step} loss 0.5\n`).join('')
    const path = fileOf('train.log', `${built}it 20 J 0.5\nit 21 J nan\nstep 22 loss inf\n`)
    const { code, stdout } = await nanwatch(['check', '--json', '--config', config, path])
    const [alert, summary, ...more] = jsonLines(stdout)
    expect(alert).toMatchObject({ rule: 'non-finite', metric: 'objective', role: 'train_loss', step: 21 })
    expect(summary).toMatchObject({ format: 'mine', samples: 22 })
    expect([code, more]).toEqual([3, []])
    expect(jsonLines((await nanwatch(['check', '--json', path])).stdout)).toMatchObject([
      { metric: 'loss', step: 22 },
      { format: 'key-value' },
    ])
  })

  test('a document is read as a described kind before any that is built in', async () => {
    const rows = [1, 2, 3].map((at) => ({ at, stats: { goal: at === 3 ? 'NaN' : 0.5 }, loss: 9 }))
    const path = fileOf('run.json', JSON.stringify({ runs: [{ history: rows }] }, null, 1))
    const { stdout } = await nanwatch(['parse', '--json', '--config', config, path])
    expect(jsonLines(stdout).map(({ step, metric, value }) => [step, metric, value])).toEqual([
      [1, 'loss', 0.5],
      [2, 'loss', 0.5],
      [3, 'loss', 'NaN'],
    ])
    expect((await nanwatch(['parse', '--config', config, path])).stderr).toContain('format: history, sure\n')
  })

  test('so is a line of JSON', async () => {
    const lines = [1, 2].map((at) => JSON.stringify({ runs: [{ history: [{ at, stats: { goal: at } }] }] }))
    const path = fileOf('train.jsonl', `${lines.join('\n')}\n`)
    const { stdout } = await nanwatch(['parse', '--json', '--config', config, path])
    expect(jsonLines(stdout).map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })
})
