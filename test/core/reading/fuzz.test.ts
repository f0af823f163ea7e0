import { expect, test } from 'vitest'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { readLog } from '../formats/lines.ts'
import { utf8 } from './bytes.ts'

const LINES = 200_000
const LINES_A_FILE = 500
const MAX_PIECES = 8

/** What logs are made of, and what takes a parser by surprise. */
const PIECES = [
  ...[
    'step',
    'loss',
    'epoch',
    'lr',
    'val_loss',
    'grad_norm',
    'predictions',
    'labels',
    'time',
    '__proto__',
    'constructor',
  ],
  ...[
    '1',
    '0.5',
    '-1e-400',
    '1e400',
    '1,234',
    '007',
    '1.#QNAN',
    'nan',
    'NaN',
    '-inf',
    'Infinity',
    'null',
    'None',
    'true',
  ],
  ...[
    'tensor(',
    'np.float64(nan)',
    "device='cuda:0')",
    '2026-01-01 10:00:00',
    '08/21 02:58:41',
    '5/30',
    '46%',
    '12:30',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '{"',
    '":',
    "{'",
    "':",
    '[[',
    ']]',
    '{"step": 1, "loss": ',
    '"predictions": [[0.5, 0.5]]',
  ],
  ...[
    '"',
    "'",
    '""',
    '\\',
    '\\u',
    '\\x',
    '\\ud800',
    ',',
    ', ',
    ';',
    '\t',
    ' ',
    '  ',
    ':',
    '=',
    '|',
    '/',
    '-',
    '+',
    '.',
    '#',
  ],
  ...[
    '\u001b[31m',
    '\u001b[',
    '\u001b]8;;',
    '\u0007',
    '\u0001',
    '\ufeff',
    '\u2028',
    'é',
    '∞',
    '😀',
    '\ud800',
    'a'.repeat(300),
  ],
]

/** Mulberry32: the same lines in every run of the test. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test('no line of hostile pieces makes reading throw', { timeout: 120_000 }, () => {
  const random = randomFrom(1)
  const pick = () => PIECES[Math.floor(random() * PIECES.length)]!
  const lineOf = () => Array.from({ length: 1 + Math.floor(random() * MAX_PIECES) }, pick).join('')

  for (let made = 0; made < LINES; made += LINES_A_FILE) {
    const { lines } = splitLines(utf8(Array.from({ length: LINES_A_FILE }, lineOf).join('\n')), 0, true)
    expect(lines).toHaveLength(LINES_A_FILE)
    const results = readLog(lines).results.length
    expect(results).toBeGreaterThan(0)
  }
})
