import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unreadNan } from '../../../src/core/detect/unread-nan.ts'
import { mayHoldNonFinite, nonFiniteIn } from '../../../src/core/hidden/unread-values.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** So many lines, each by its number. */
function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')
}

function alertsOf(text: string, file = 'out.log') {
  return new WatchedRun().read(file, text, true).alerts.filter(({ rule }) => rule === unreadNan.name)
}

/** The value of a job that dies at its fifth line. */
const dying = (i: number, word = 'nan') => (i < 4 ? `0.${i + 1}` : word)

describe('a NaN in lines that are not read is a warning with the line', () => {
  const told: readonly (readonly [name: string, text: string])[] = [
    ['behind = under names that nobody knows', lines(9, (i) => `tick ${i} :: width=${i} gizmo=${dying(i)}`)],
    ['behind a colon', lines(9, (i) => `pass #${i}, residue: ${dying(i, '-inf')}, took 3 s`)],
    ['behind a full-width colon', lines(9, (i) => `第${i}次 偏差：${dying(i)}`)],
    ['in brackets', lines(9, (i) => `pass ${i} residues = [${dying(i)}, 0.5]`)],
    ['in quotes, as of a logger', lines(9, (i) => `{'pass': ${i}, 'residue': '${dying(i)}',`)],
    ['as an array', lines(9, (i) => `pass ${i} residue=tensor(${dying(i)}, grad_fn=<MulBackward0>)`)],
    ['as a sign for infinity', lines(9, (i) => `pass ${i} residue=${dying(i, '∞')}`)],
    ['of an indexed name', lines(9, (i) => `    residue[${i}] = ${dying(i)}`)],
    ['in a row of numbers', lines(20, (i) => `${i}\t${i * 8}\t${dying(i)}\t0.25`)],
    ['in a row between bars', lines(20, (i) => `| ${i} | 0.5 | ${dying(i, 'NaN')} |`)],
    ['in a row of lists', lines(20, (i) => `${i * 1000}   [${dying(i)}]   [0.25]`)],
    [
      'in a row with units and a bar behind it',
      lines(9, (i) => `  ${i}/9  4.1G  ${dying(i)}  0.8  31  512: 40%|██  |`),
    ],
    ['behind an arrow', lines(9, (i) => `pass ${i} gizmo -> ${dying(i)}`)],
    ['behind a fat arrow', lines(9, (i) => `pass ${i} gizmo => ${dying(i)}`)],
    ['behind a doubled colon', lines(9, (i) => `pass ${i} gizmo:: ${dying(i)}`)],
    ['in backticks', lines(9, (i) => `pass \`${i}\` gizmo \`${dying(i)}\``)],
    ['in brackets twice', lines(9, (i) => `pass ${i} gizmo: [[${dying(i)}]]`)],
    ['between bars, behind a name', lines(20, (i) => `gizmo | ${dying(i)} | 0.${i}`)],
    ['behind marks of ranks', lines(9, (i) => `[rank${i % 2}]: tick ${i} gizmo=${dying(i)}`)],
    ['in lines that break off', lines(9, (i) => `{"step": ${i}, "loss": ${dying(i, 'NaN')}, "lr`)],
    ['of a name alone, where nothing of the line changes', lines(4, () => 'the gizmo:   nan')],
    ['beside records', lines(40, (i) => (i % 2 ? `step ${i} loss ${3 / (i + 1)}` : `   gizmo -> width=${dying(i)}`))],
    ['above the first record', `${lines(9, (i) => `tick ${i} gizmo=${dying(i)}`)}step 1 loss 0.5\nstep 2 loss 0.4\n`],
    ['of a tensor behind its step', lines(30, (i) => `${i} tensor(${dying(i)}, grad_fn=<DivBackward0>)`)],
    ['of a tensor alone', lines(30, (i) => `tensor(${dying(i)}, device='cuda:1', grad_fn=<MeanBackward0>)`)],
    ['of a tensor with its shape', lines(30, (i) => `tf.Tensor(${dying(i)}, shape=(), dtype=float32)`)],
    ['of an array alone', lines(30, (i) => `Array(${dying(i)}, dtype=float32)`)],
    ['of a tensor of two', lines(30, (i) => `tensor([${dying(i)}, ${dying(i)}])`)],
    ['alone in its line', lines(30, (i) => dying(i))],
    ['twice in its line', lines(30, (i) => `${dying(i)} ${dying(i)}`)],
    ['in a list', lines(30, (i) => `[${dying(i)}, ${dying(i)}]`)],
    ['right behind an arrow', lines(30, (i) => `${i} -> ${dying(i)}`)],
    ['behind a count and its share', lines(30, (i) => `${i} of 30 (1.67%) ${dying(i)}`)],
    ['behind phases', lines(30, (i) => `train ${dying(i)} test ${dying(i)}`)],
    ['before a time', lines(30, (i) => `64 ${dying(i)} (1.2s)`)],
    ['behind a time', lines(30, (i) => `${i}.5s ${dying(i)}`)],
    ['behind a count of epochs', lines(9, (i) => `Epoch ${i}/9 - ${dying(i)}`)],
    ['behind sizes with their units', lines(30, (i) => `${i}00 (3.10%)  9.871 ms  1 m, 2 s  402.1 K  ${dying(i)}`)],
    ['behind a dash', lines(9, (i) => `pass ${i} - gizmo - ${dying(i)}, widget - 0.6`)],
    ['behind a verb', lines(9, (i) => `Gizmo at tick ${i} is ${dying(i, 'NaN')}`)],
    ['in a tuple that counts', lines(9, (i) => `pass progress: (${i}, ${dying(i)}, {'width': 0.1}, 12.3)`)],
    ['of a loss alone behind a gap', lines(9, (i) => `actor/Q2 Loss          ${dying(i)}`)],
    ['in an array of losses', lines(9, (i) => `loss [0.${i + 1} ${dying(i)} 0.5]`)],
    ['in a few rows that count from further on', lines(10, (i) => `${(i + 1) * 50}00 ${dying(i)}`)],
    ['behind a count by a letter, in pairs', lines(9, (i) => `E04${i} | trn ${dying(i)} | val ${dying(i)}`)],
    ['behind a count of so many, in pairs', lines(9, (i) => `batch ${i}/90 maker nan judge nan`)],
    ['behind an arrow and before a slash', lines(30, (i) => `${i + 40} -> ${dying(i)} / ${dying(i)}`)],
    ['in brackets right behind a name', lines(9, (i) => `>> 0004${i} :: tr[${dying(i)};${dying(i)}] ok`)],
    ['with healthy lines of other ranks between', lines(60, (i) => `tick ${i} gizmo=${i % 8 === 3 ? 'nan' : '0.5'}`)],
  ]
  for (const [name, text] of told) {
    test(name, () => {
      const [alert, ...others] = alertsOf(text)
      expect(others).toEqual([])
      expect(alert).toMatchObject({ severity: 'warning', state: 'firing' })
      const line = text.slice(alert!.offset!).split('\n')[0]!
      // The offset counts bytes; where each character is one, the line is the one that is shown.
      if (/^[ -~\t\n]*$/.test(text)) expect(alert!.headline).toContain(line.trim())
      expect(alert!.headline).toMatch(/nan|inf|∞/i)
      expect(alert!.why).toContain('formats --propose')
    })
  }

  test('however the file is cut into reads', () => {
    const text = lines(12, (i) => `tick ${i} gizmo=${dying(i)}`)
    const expected = alertsOf(text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 5 }), (cuts) => {
        const run = new WatchedRun()
        for (const cut of cuts.sort((a, b) => a - b)) run.read('out.log', text.slice(0, cut))
        expect(run.read('out.log', text, true).alerts).toEqual(expected)
      }),
    )
  })

  test('until the lines of that shape are healthy again', () => {
    const text = lines(30, (i) => `tick ${i} gizmo=${i < 5 ? 'inf' : '0.5'}`)
    expect(alertsOf(text)).toMatchObject([{ severity: 'warning', state: 'resolved' }])
  })
})

describe('nothing is told', () => {
  const quiet: readonly (readonly [name: string, text: string])[] = [
    ['of two lines', lines(6, (i) => `tick ${i} gizmo=${dying(i)}`)],
    ['of one line in many', lines(90, (i) => `tick ${i} gizmo=${i % 30 === 0 ? 'nan' : '0.5'}`)],
    ['of lines that have nothing in common', 'a=nan b\nsome c: nan, d\ntick 5 (e) = nan\n'],
    ['of prose', lines(9, (i) => `Note ${i}: nan means that the cell was empty, and inf that it was full`)],
    ['of a warning in words', lines(9, (i) => `RuntimeWarning: inf encountered in multiply at line ${i}`)],
    ['of names that only look like one', lines(9, (i) => `tick ${i} unit: nanosec, kind=info, by=nancy, of: finance`)],
    ['of source code', lines(9, (i) => `+    best_${i} = nan if skip == ${i} else inf`)],
    ['of constants of a library', lines(9, (i) => `x${i} = np.nan; y${i} = float("nan")`)],
    ['of settings that are printed again', lines(9, () => 'max_norm: inf\nclip_at=inf\nfill: nan\nhorizon: inf')],
    ['of arguments', lines(9, (i) => `Trial ${i}: Forest(depth=${i}, missing_as=nan, cap=inf)`)],
    ['of shares of nothing', lines(9, (i) => `class ${i}: precision = nan, iou=nan, AP50: nan`)],
    ['of bests and limits', lines(9, (i) => `tick ${i} best: inf, best gizmo so far = inf, threshold=-inf`)],
    ['of a time that is left', lines(9, (i) => `tick ${i} width=${i} eta: inf`)],
    ['of rows with words in them', lines(9, (i) => `${i}  blue  nan  0.5`)],
    ['of rows without a counter', lines(9, (i) => `-0.${i} nan 0.5`)],
    ['of the first rows of a table of data', lines(10, (i) => `${i}  3${i}.5  ${i % 3 ? 'NaN' : '1.5'}`)],
    ['of the last rows of a table of data', lines(5, (i) => `99${i}  NaN`)],
    ['of a call', lines(9, (i) => `fill(${i}, nan, 3)`)],
    ['of other arrays', lines(9, (i) => `logits [0.${i} -inf 0.5] probs [0.${i} nan 0.5]`)],
    ['of another name alone behind a gap', lines(9, () => 'mean       NaN')],
    ['of a best one behind a gap', lines(9, () => 'best loss       nan')],
    ['of such a table between bars', lines(10, (i) => `| ${i} | blue | ${i % 3 ? 'nan' : '1.5'} |`)],
    ['of the rows of a matrix', lines(30, (i) => ` [ 0.${i} nan 0.5]`)],
    ['of rows that a word names', lines(30, (i) => `${['road', 'car', 'bus'][i % 3]} nan nan`)],
    ['of measures in pairs', lines(9, (i) => `${i} | precision nan | iou nan`)],
    ['of one pair', lines(9, (i) => `row ${i} | hue nan`)],
    ['of a sentence behind a count', lines(9, (i) => `${i} cells are nan and rows that are nan stay`)],
    ['of a few lines of nothing else', lines(9, () => 'nan')],
    ['beside losses', lines(40, (i) => (i % 2 ? `step ${i} loss ${3 / (i + 1)}` : 'tensor(nan)'))],
    ['of rows that are all the same', lines(9, () => '0 nan 0.5')],
    ['of values that are read', lines(9, (i) => `step ${i} loss ${dying(i)} grad_norm nan`)],
    [
      'of predictions',
      jsonLines(...Array.from({ length: 9 }, (_, step) => ({ step, probs: [['NaN', 0.5]], labels: [0] }))),
    ],
  ]
  for (const [name, text] of quiet) test(name, () => expect(alertsOf(text)).toEqual([]))

  test('where the NaN of a loss is read', () => {
    const text = lines(20, (i) => `step ${i} loss ${dying(i)}\n   tick ${i} :: gizmo=${dying(i)}`)
    expect(new WatchedRun().read('out.log', text, true).alerts.map(({ rule }) => rule)).toEqual(['non-finite'])
  })
})

test('a line of a megabyte costs no more than its length', () => {
  for (const piece of ['a=', 'nan ', '(nan=', '1 nan ', 'x: [', '- - ', '| ', '█ ', '1.', 'loss = nan : ']) {
    const line = piece.repeat(2 ** 20 / piece.length)
    const began = performance.now()
    if (mayHoldNonFinite(line)) nonFiniteIn(line, false)
    unreadNan.step(null, { kind: 'unread', text: line, offset: 0, hasLosses: false }, unreadNan.defaults, null)
    expect(performance.now() - began).toBeLessThan(200)
  }
})
