import { describe, expect, test } from 'vitest'
import { proposeFormat } from '../../../../src/core/formats/custom/propose.ts'
import { formatSet } from '../../../../src/core/formats/described-formats.ts'
import type { Format } from '../../../../src/core/records/format.ts'
import { brief, parseAll } from '../lines.ts'

const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i))

function proposed(texts: readonly string[]) {
  const proposal = proposeFormat(
    texts.map((text) => ({ text, isRead: false })),
    'mine',
  )
  if (proposal === null) throw new Error('nothing was proposed')
  const built = formatSet([proposal.format])
  if (!built.ok) throw new Error(built.problem)
  const [format] = built.format.described as [Format]
  const records = parseAll(format, texts).flatMap((result) => (result.kind === 'records' ? result.records : []))
  return {
    ...proposal,
    records: records.map(brief),
    scalars: records.flatMap((r) => (r.kind === 'scalars' ? r.scalars : [])),
  }
}

describe('a proposed description reads the lines that it was made from', () => {
  const logs: readonly { name: string; texts: readonly string[]; first: string; last: string; loss: string | null }[] =
    [
      {
        name: "names of one's own behind a counter",
        texts: lines(6, (i) => `tick ${i} :: width=${i}.5 gizmo=${i > 3 ? 'nan' : '0.25'}`),
        first: 'step 0 width=0.5 gizmo=0.25',
        last: 'step 5 width=5.5 gizmo=NaN',
        loss: 'gizmo',
      },
      {
        name: 'sentences, each with a number at its end',
        texts: lines(
          6,
          (i) => `Walker. Step: ${i + 1}000. Took: 9.5${i} s. Mean gizmo: 1.${i}00. Std of gizmo: 0.5${i}. On.`,
        ),
        first: 'step 1000 Took=9.5 Mean_gizmo=1 Std_of_gizmo=0.5',
        last: 'step 6000 Took=9.55 Mean_gizmo=1.5 Std_of_gizmo=0.55',
        loss: 'Took',
      },
      {
        name: 'names in a list before the values',
        texts: lines(6, (i) => `pass ${i} (gizmo, width) = (0.5${i}, 1${i}.5) took 3.${i} s`),
        first: 'step 0 gizmo=0.5 width=10.5 took=3',
        last: 'step 5 gizmo=0.55 width=15.5 took=3.5',
        loss: 'gizmo',
      },
      {
        name: 'names that end with a digit, units, and settings that never change',
        texts: lines(6, (i) => `Pass[${i}] of 9\tPace: 1${i}.25 it/s\tHeadL1=0.${i}1,\tHeadL2=0.5${i}, batch 32`),
        first: 'step 0 Pace=10.25 HeadL1=0.01 HeadL2=0.5',
        last: 'step 5 Pace=15.25 HeadL1=0.51 HeadL2=0.55',
        loss: 'Pace',
      },
      {
        name: 'a loss that its name tells',
        texts: lines(6, (i) => `<it ${i * 10}/90> {J_loss}: ${i}.125s`),
        first: 'step 0 J_loss=0.125',
        last: 'step 50 J_loss=5.125',
        loss: 'J_loss',
      },
      {
        name: 'a table under names',
        texts: ['  iter   gap    slack', ...lines(5, (i) => `   ${i}00   ${5 - i}.5   -0.${i}1`)],
        first: 'step 0 gap=5.5 slack=-0.01',
        last: 'step 400 gap=1.5 slack=-0.41',
        loss: 'gap',
      },
      {
        name: 'a bar of progress that grows',
        texts: lines(
          5,
          (i) => `run  ${i * 20}%|${'█'.repeat(i)}${' '.repeat(5 - i)}| ${i}/5 [0${i}:00<00:0${5 - i}, gap=${i}.5]`,
        ),
        first: 'step 0 gap=0.5',
        last: 'step 4 gap=4.5',
        loss: 'gap',
      },
      {
        name: 'infinity, exponents and signs',
        texts: lines(4, (i) => `cycle ${i} | J = ${['1e-05', '-2.5E+3', '+4.25', 'inf'][i]} |`),
        first: 'step 0 J=0.00001',
        last: 'step 3 J=Infinity',
        loss: 'J',
      },
      {
        name: 'words of another alphabet',
        texts: lines(4, (i) => `第${i}轮 偏差：${i}.5`),
        first: 'step 0 value_2=0.5',
        last: 'step 3 value_2=3.5',
        loss: 'value_2',
      },
      {
        name: 'pieces of JSON that break off',
        texts: lines(4, (i) => `{"step": ${i}, "loss": ${i}.5, "gr`),
        first: 'step 0 loss=0.5',
        last: 'step 3 loss=3.5',
        loss: null,
      },
    ]
  for (const { name, texts, first, last, loss } of logs) {
    test(name, () => {
      const { records, guessedLoss, scalars, read } = proposed(texts)
      expect(records[0]).toBe(first)
      expect(records.at(-1)).toBe(last)
      expect(read).toBe(records.length)
      expect(guessedLoss).toBe(loss)
      expect(scalars.some(({ role }) => role === 'train_loss')).toBe(true)
    })
  }

  test('be there ever so many numbers in them', () => {
    const row = (i: number) => `${i} ${lines(60, (at) => `${at}.${i}`).join(' ')}`
    const { records, format } = proposed(lines(5, row))
    expect(records).toHaveLength(5)
    expect(format.regex.length).toBeLessThanOrEqual(1000)
  })
})

test('of several shapes the one that nothing reads, and that says most, is described', () => {
  const texts = lines(20, (i) => (i % 2 ? `saved checkpoint ${i}` : `tick ${i} gizmo=${i}.5`))
  expect(proposed(texts).example).toBe('tick 0 gizmo=0.5')
})

test('nothing is proposed where the numbers of all lines are counts and rates', () => {
  const texts = lines(6, (i) => `fps forward: 2${i}.5 fps all: 1${i}.5 lap: ${i}/90 frames: ${i}00`)
  expect(
    proposeFormat(
      texts.map((text) => ({ text, isRead: false })),
      'mine',
    ),
  ).toBeNull()
})

test('nothing is proposed where no line with numbers recurs', () => {
  for (const texts of [[], ['hello'], ['one 1.5', 'two: 2.5 and 3'], lines(9, () => 'saved 100 files')]) {
    expect(
      proposeFormat(
        texts.map((text) => ({ text, isRead: false })),
        'mine',
      ),
    ).toBeNull()
  }
})
