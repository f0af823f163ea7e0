import { describe, expect, test } from 'vitest'
import { jsonDocumentOf } from '../../../../src/core/formats/containers/json-document.ts'
import type { CustomJson, CustomLines } from '../../../../src/core/formats/custom/custom-format.ts'
import { customJson } from '../../../../src/core/formats/custom/custom-json.ts'
import { customLines } from '../../../../src/core/formats/custom/custom-lines.ts'
import { parseJsonPath } from '../../../../src/core/formats/custom/json-path.ts'
import type { ParseResult } from '../../../../src/core/records/format.ts'
import { brief, parseAll } from '../lines.ts'

const inShort = (result: ParseResult) =>
  result.kind === 'records'
    ? result.records.map(brief)
    : result.kind === 'skip'
      ? 'skip'
      : `${result.reason}: ${result.detail}`

function lines(description: Omit<CustomLines, 'name'>) {
  const built = customLines({ name: 'mine', ...description })
  if (!built.ok) throw new Error(built.problem)
  return built.format
}

function json(description: Omit<CustomJson, 'name'>) {
  const built = customJson({ name: 'mine', ...description })
  if (!built.ok) throw new Error(built.problem)
  return built.format
}

describe('a format from a regular expression', () => {
  test('reads its groups as values, and skips what does not match', () => {
    const format = lines({
      regex: String.raw`^\[(?<time>[^\]]+)\] it (?<step>\d+)/\d+ <(?<loss>\S+)> g=(?<grad_norm>\S+)`,
    })
    expect(
      parseAll(format, [
        '[2026-01-01 10:00:00] it 5/90 <2.5> g=0.5',
        'loss 3',
        '[2026-01-01 10:00:01] it 6/90 <nan> g=inf',
        '[2026-01-01 10:00:02] it 7/90 <oops> g=1',
      ]).map(inShort),
    ).toEqual([
      ['step 5 loss=2.5 grad_norm=0.5'],
      'skip',
      ['step 6 loss=NaN grad_norm=Infinity'],
      'bad-number: loss: "oops" is no number',
    ])
    expect(format.claim('[2026-01-01 10:00:00] it 5/90 <2.5> g=0.5', null)).toBe('sure')
    expect(format.claim('step 5 loss 2.5', null)).toBe('no')
  })

  test('takes an epoch for the step where there is none, and roles as they are told', () => {
    const format = lines({ regex: String.raw`E(?<epoch>\d+) J=(?<objective>\S+)`, roles: { objective: 'train_loss' } })
    const [result] = parseAll(format, ['E3 J=nan'])
    expect(result).toMatchObject({
      records: [
        { step: 3, epoch: 3, scalars: [{ metric: 'objective', role: 'train_loss', value: 'NaN', raw: 'nan' }] },
      ],
    })
  })

  test.each([
    ['(?<step>\\d+', /character \d+: a "\(" is not closed/],
    ['(?<step>\\d+) (\\S+)', /no named group for a metric/],
    ['(?<loss>a)\\1', /not supported/],
  ])('is refused with what is wrong with it: %s', (regex, problem) => {
    expect(customLines({ name: 'mine', regex })).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })
})

describe('a format from paths into JSON', () => {
  test('reads lines, with the fields that are told and no others', () => {
    const { lines: format } = json({
      fields: { step: 'progress.iter', loss: 'stats["nll/total"]', lr: 'groups[0].lr' },
    })
    expect(
      parseAll(format, [
        '{"progress": {"iter": 7}, "stats": {"nll/total": NaN, "other": 3}, "groups": [{"lr": 0.5}, {"lr": 1}]}',
        '{"progress": {"iter": 8}}',
        'text',
        '{"progress": ',
      ]).map(inShort),
    ).toEqual([
      ['step 7 loss=NaN lr=0.5'],
      'skip',
      'skip',
      'broken-json: character 13: expected a value, found the end',
    ])
  })

  test('reads the records of a document', () => {
    const { document } = json({ records: 'runs[*].points', fields: { step: 'i', J: 'v' }, roles: { J: 'val_loss' } })
    const container = jsonDocumentOf([document])
    const bytes = new TextEncoder().encode(
      '{"runs": [{"points": [{"i": 1, "v": 2}, {"i": 2, "v": "nan"}]}], "loss": [1]}',
    )
    const { results, state } = container.parse({ offset: 0, bytes, companions: [] }, container.start(), 'x.json')
    expect(results.map(({ result }) => inShort(result))).toEqual([['step 1 J=2'], ['step 2 J=NaN']])
    expect(results[0]).toMatchObject({ result: { records: [{ scalars: [{ role: 'val_loss' }] }] } })
    expect(container.kindOf?.(state)).toBe('mine')
  })

  test('is refused with the path that is none', () => {
    expect(customJson({ name: 'mine', records: 'a..b' })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^records: "a\.\.b"/),
    })
    expect(customJson({ name: 'mine', fields: { loss: '' } })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^fields\.loss/),
    })
  })

  test.each([
    ['', 0],
    ['$', 0],
    ['$.a.b', 2],
    ['a[0][*]', 3],
    ['["a.b"].c', 2],
    ['[*].x-y z', 2],
    ['a b', 1],
    ['a[', null],
    ['a[b]', null],
    ['.', null],
    ['a.', null],
    ['a..b', null],
    ['a[0]b', null],
  ])('a path of %j has %s steps', (text, steps) => {
    expect(parseJsonPath(text)?.length ?? null).toBe(steps)
  })
})
