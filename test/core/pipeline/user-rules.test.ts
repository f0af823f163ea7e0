import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/read-config.ts'
import { rulesWith } from '../../../src/config/rules.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { Lines, splitLines } from '../../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { utf8 } from '../reading/bytes.ts'

/** What became of the alerts of a rule of the user; the same however the log is cut into reads. */
function transitionsOf(rule: object, records: readonly object[], isOthersOff = true): Alert[] {
  const detectors = isOthersOff ? { 'non-finite': false } : {}
  const rules = rulesWith(checkConfig({ rules: [{ name: 'mine', ...rule }], detectors }, 'test'), BUILT_IN)
  const { lines } = splitLines(utf8(records.map((record) => `${JSON.stringify(record)}\n`).join('')), 0)
  const fold = (pieces: readonly (typeof lines)[]) => {
    let file = NEW_FILE
    let memory = EMPTY_MEMORY
    return pieces.flatMap((piece) => {
      const place = { run: 'exp7', file: 'm.jsonl', backfillUntil: 0, nowIso: 'now', isFinal: false }
      const outcome = advance({ ...place, content: { ...NO_LINES, lines: piece } }, file, memory, rules)
      file = decodeJson(encodeJson(outcome.file))
      memory = decodeJson(encodeJson(outcome.memory))
      return outcome.transitions.map(({ alert }) => alert)
    })
  }
  const whole = fold([lines])
  expect(fold(lines.map((line) => Lines.of([line])))).toEqual(whole)
  return whole.filter((alert) => alert.rule === 'mine')
}

const losses = (...values: readonly (number | string)[]) => values.map((val_loss, step) => ({ step, val_loss }))

test('a rule of the user fires under its own name, says why, and resolves', () => {
  const [opened, resolved, ...others] = transitionsOf({ when: 'val_loss > 2 * min(val_loss)' }, losses(1, 3, 1))
  expect(opened).toMatchObject({
    rule: 'mine',
    severity: 'warning',
    state: 'firing',
    metric: 'val_loss',
    step: 1,
    value: 3,
  })
  expect(messageOf(opened!)).toBe('step 1: val_loss > 2 * min(val_loss) (mine). val_loss is 3, min(val_loss) is 1.')
  expect(resolved).toMatchObject({ state: 'resolved', resolvedStep: 2 })
  expect(others).toEqual([])
})

test('with "for" it waits for so many records in a row, and to resolve as well', () => {
  const steps = (values: readonly number[]) =>
    transitionsOf({ when: 'val_loss > 2', for: 3 }, losses(...values)).map(({ state, step, resolvedStep }) =>
      state === 'firing' ? step : -(resolvedStep ?? 0),
    )
  expect(steps([3, 3, 1, 3, 3])).toEqual([])
  expect(steps([3, 3, 3, 1, 1, 3, 1, 1, 1])).toEqual([2, -8])
})

test('it asks nothing of a metric that was never logged, and is asked only where one of its metrics is', () => {
  const records = [
    { step: 0, loss: 1 },
    { step: 1, loss: 1, other: 5 },
    { step: 2, other: 6 },
  ]
  expect(transitionsOf({ when: 'isnan(val_loss) or loss > 0' }, records)).toEqual([])
  expect(transitionsOf({ when: 'loss < other', for: 2 }, records)).toMatchObject([{ step: 2 }])
  expect(transitionsOf({ when: 'loss > 0', for: 2 }, records)).toMatchObject([{ step: 1 }])
})

test('a NaN fires where it is asked for, and poisons no later value', () => {
  expect(transitionsOf({ when: 'isnan(val_loss)', severity: 'critical' }, losses(1, 'NaN', 1))).toMatchObject([
    { state: 'firing', value: 'NaN', severity: 'critical' },
    { state: 'resolved' },
  ])
  expect(transitionsOf({ when: 'val_loss > 2 * mean(val_loss, 10)' }, losses('NaN', 1, 1, 1, 9))).toMatchObject([
    { step: 4 },
  ])
})

test('it is for the runs that it names', () => {
  expect(transitionsOf({ when: 'val_loss > 2', run: 'exp?' }, losses(3))).toHaveLength(1)
  expect(transitionsOf({ when: 'val_loss > 2', run: 'other' }, losses(3))).toEqual([])
})

test('a metric may be called like a property of every object', () => {
  expect(transitionsOf({ when: 'constructor > 2' }, [{ step: 0, loss: 1, constructor: 3 }])).toMatchObject([
    { metric: 'constructor', value: 3 },
  ])
})
