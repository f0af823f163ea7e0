import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fileReads } from '../../../src/cli/replay/file-reads.ts'
import { Replay } from '../../../src/cli/replay/replay.ts'
import type { FrameResult } from '../../../src/core/formats/containers/container.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import type { ReadListener } from '../../../src/core/pipeline/read.ts'
import { RecordBuilder } from '../../../src/core/records/record-builder.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { isSame } from '../../../src/core/templates/state-leaves.ts'
import { TemplateShelf } from '../../../src/core/templates/template-shelf.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { uniformDraws } from '../detect/noise.ts'
import { textsIn } from '../templates/texts-in.ts'
import { RULES } from './watched-run.ts'

/** The metrics of each record at a step, in turn. */
type Layout = (step: number) => readonly (readonly string[])[]

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'a metric in each': () => [['train/loss'], ['train/grad_norm'], ['train/learning_rate'], ['perf/seconds']],
  'a validation now and then': (step) => [['loss'], ['accuracy'], ...(step % 10 === 9 ? [['val_loss']] : [])],
  'a loss beside its gradient': () => [['loss', 'grad_norm'], ['lr'], ['loss_scale']],
  'two losses': () => [['loss_a'], ['loss_b'], ['loss']],
  'one metric in two kinds': (step) => [step % 7 === 0 ? ['loss', 'accuracy'] : ['loss'], ['lr']],
  'a policy': () => [['actor/loss'], ['critic/loss'], ['entropy'], ['reward']],
  'more kinds than are judged together': (step) => [['loss'], [`layer_${step % 80}/norm`]],
  'kinds with a metric in common, now and then': (step) => [step % 90 === 89 ? ['lr', 'accuracy'] : ['loss', 'lr']],
  'one kind': () => [['loss', 'lr']],
}

const VALUES: Readonly<Record<string, number>> = {
  lr: 1e-3,
  learning_rate: 1e-3,
  loss_scale: 65_536,
  reward: 3,
  accuracy: 0.5,
}

/** The records of a training that falls at first, jumps later, stands still, is 0, and is no number in the end. */
function resultsOf(layout: Layout): FrameResult[] {
  const draw = uniformDraws(5)
  return Array.from({ length: 1500 }, (_, step) => step).flatMap((step) =>
    layout(step).map((metrics, at): FrameResult => {
      const builder = new RecordBuilder()
      builder.step = step < 900 ? step : step - 40
      if (step % 500 > 100) builder.time = new Date(1.78e12 + 1000 * step).toISOString()
      for (const metric of metrics) {
        const known = VALUES[metric.split('/').at(-1)!]
        const falling = (2 / Math.sqrt(step + 1) + 0.3) * (1 + 0.05 * draw())
        const isOdd = metric.includes('loss') && step > 600 && step % 100 === 0
        const odd = [9, 0, Number.NaN, 0.5, 1e30][(step / 100) % 5]!
        const value = isOdd ? odd : (known ?? falling)
        builder.add(metric, metricValue(value), Number.isFinite(value) ? null : String(value))
      }
      const offset = 100 * step + at
      const record = builder.record(offset)
      return { offset, result: { kind: 'records', records: [record!] } }
    }),
  )
}

/** What the reads of a file come to that is no text, with so many results in each. */
function outcomesOf(results: readonly FrameResult[], isOneByOne: boolean, most: number, listener?: ReadListener) {
  let [file, memory] = [NEW_FILE, EMPTY_MEMORY]
  const outcomes: unknown[] = []
  for (let from = 0; from < results.length; from += most) {
    const content = { kind: 'rows', format: 'wandb', results: results.slice(from, from + most) } as const
    const read = {
      run: 'a',
      file: 'a/log.db',
      content,
      isFinal: false,
      backfillUntil: 0,
      nowIso: '2026-03-05T12:00:00.000Z',
      isOneByOne,
      listener,
    }
    const outcome = advance(read, file, memory, RULES)
    ;({ file, memory } = outcome)
    outcomes.push(outcome)
  }
  return outcomes
}

function plain(outcomes: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(outcomes))
}

/** Where two values differ first, and how; null where they are the same. */
function difference(one: unknown, other: unknown, path = ''): string | null {
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
  if (!isObject(one) || !isObject(other))
    return Object.is(one, other) ? null : `${path}: ${JSON.stringify(one)} for ${JSON.stringify(other)}`
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  for (const key of keys) {
    const found = difference(one[key], other[key], `${path}/${key}`)
    if (found !== null) return found
  }
  return null
}

/** The files below a folder that are no texts, compressed or not, of those that are not too long to be read twice. */
function binariesIn(folder: string, texts = new Set(textsIn(folder))): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = statSync(path)
    if (found.isDirectory()) return binariesIn(path, texts)
    return found.size < 3e6 && !texts.has(path) && !name.endsWith('.gz') ? [path] : []
  })
}

/** What the reads of a file come to, and what is known of its run then. */
async function replayed(path: string, templates: TemplateShelf | null): Promise<unknown> {
  const replay = new Replay(RULES, templates)
  const steps: unknown[] = []
  try {
    for await (const { file, samples, moves, batches, transitions } of replay.read({ path, run: 'a' }, fileReads))
      steps.push({ state: file.state, samples, moves, batches, transitions })
  } catch (error) {
    steps.push(String(error))
  }
  return [steps, [...replay.runs()]]
}

describe('records that are judged together give what they give one by one', () => {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1.78e12 }))
  afterAll(() => void vi.useRealTimers())

  for (const [name, layout] of Object.entries(LAYOUTS))
    test(name, () => {
      const results = resultsOf(layout)
      for (const most of [results.length, 700, 40])
        expect(difference(plain(outcomesOf(results, false, most)), plain(outcomesOf(results, true, most)))).toBe(null)
    })

  test('those before one that is looked at by itself are, and so are those behind it', () => {
    const rest: Layout = (step) => (step % 100 === 99 ? [['loss'], ['loss', 'reward']] : [['loss', 'lr']])
    const kept: number[] = []
    const results = resultsOf(rest).slice(0, 600)
    const listener = {
      record: () => undefined,
      rows: ({ length }: { readonly length: number }) => void kept.push(length),
      skippedLine: () => undefined,
      hidden: () => undefined,
    }
    outcomesOf(results, false, results.length, listener)
    expect(kept.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(0.75 * results.length)
  })

  for (const folder of ['test/fixtures', '../shared/corpus', '../shared/genuine'])
    test.skipIf(!existsSync(folder))(
      `files of ${folder} that are no texts${existsSync(folder) ? '' : ' (not present)'}`,
      { timeout: 300_000 },
      async () => {
        const differing: string[] = []
        for (const path of binariesIn(folder))
          if (!isSame(await replayed(path, new TemplateShelf()), await replayed(path, null))) differing.push(path)
        expect(differing).toEqual([])
      },
    )
})
