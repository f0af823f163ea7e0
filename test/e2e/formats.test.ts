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

/** Lines of no format, behind the mark of a rank. */
const UNKNOWN = Array.from(
  { length: 12 },
  (_, i) => `[rank0]: tick ${i} :: width=${i}.5 gizmo=${i > 8 ? 'nan' : '0.25'}\n`,
).join('')

describe('a proposed description', () => {
  test('reads the file once it stands in the configuration', async () => {
    const path = fileOf('odd.log', UNKNOWN)
    const proposed = await nanwatch(['formats', '--propose', path])
    expect(proposed.code).toBe(0)
    expect(proposed.stderr).toContain('reads 12 of 12 lines')
    const config = fileOf('nanwatch.json', proposed.stdout)
    const samples = jsonLines((await nanwatch(['parse', '--json', '--config', config, path])).stdout)
    expect(samples.filter(({ metric }) => metric === 'gizmo').map(({ step, value }) => [step, value])).toEqual(
      Array.from({ length: 12 }, (_, i) => [i, i > 8 ? 'NaN' : 0.25]),
    )
    const checked = jsonLines((await nanwatch(['check', '--json', '--config', config, path])).stdout)
    expect(checked).toMatchObject([{ rule: 'non-finite', step: 9, severity: 'critical' }, { verdict: 'failed' }])
  })

  test('is an object with --json, and there is none of a file without lines that recur', async () => {
    const path = fileOf('odd.log', UNKNOWN)
    expect(jsonLines((await nanwatch(['formats', '--propose', path, '--json'])).stdout)).toMatchObject([
      { type: 'proposal', format: { name: 'my-odd.log', roles: { gizmo: 'train_loss' } }, read: 12, lines: 12 },
    ])
    const { code, stdout, stderr } = await nanwatch(['formats', '--propose', fileOf('prose.log', 'hello\nworld\n')])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('nothing to propose')
  })
})

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
      'not read: 1 lines with numbers',
      `  byte ${LINES.indexOf('{"step": 2,\n')}: {"step": 2,`,
      '    as json-lines: broken-json: character 11: expected a name in quotes, found the end',
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
      {
        attempt: 0,
        step: 2,
        metric: 'loss',
        role: 'train_loss',
        value: null,
        offset: TRAINER_STATE.lastIndexOf('{'),
        masked: 'zero-loss',
      },
    ])
  })

  test('names the kind of a document, as the summary of check does', async () => {
    const path = fileOf('trainer_state.json', TRAINER_STATE)
    expect((await nanwatch(['parse', path])).stderr).toContain('format: hf-trainer-state, sure\n')
    const lines = jsonLines((await nanwatch(['check', '--json', path])).stdout)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', format: 'hf-trainer-state' })
  })

  test('shows the first five lines with numbers that are not read, and what was tried on them', async () => {
    const path = fileOf('odd.log', `hello\n${UNKNOWN}`)
    const { stderr } = await nanwatch(['parse', path])
    const shown = stderr.slice(stderr.indexOf('not read')).split('\n')
    expect(shown.slice(0, 3)).toEqual([
      'not read: 12 lines with numbers, the first 5 of them:',
      '  byte 6: [rank0]: tick 0 :: width=0.5 gizmo=0.25',
      expect.stringMatching(
        /^ {4}none of \d+ formats claims it; in it tick 0, width 0.5, gizmo 0.25, no loss, no step or epoch$/,
      ),
    ])
    expect(shown.filter((line) => line.startsWith('  byte'))).toHaveLength(5)

    const inJson = await nanwatch(['parse', '--json', path])
    expect(inJson.stdout).toBe('')
    const objects = jsonLines(inJson.stderr)
    expect(objects).toHaveLength(5)
    expect(objects[0]).toMatchObject({
      type: 'unread',
      offset: 6,
      text: '[rank0]: tick 0 :: width=0.5 gizmo=0.25',
      tried: {
        formats: expect.arrayContaining([{ name: 'key-value', claim: 'no', gives: 'skip' }]),
        values: [{ name: 'tick', value: 0 }, expect.anything(), { name: 'gizmo', value: 0.25 }],
        lacks: ['loss', 'step or epoch'],
      },
    })
    expect((await nanwatch(['parse', fileOf('train.jsonl', LINES.split('\n')[0]!)])).stderr).not.toContain('not read')
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
