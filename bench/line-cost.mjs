// Prints what the worst line costs each format, per 64 KiB and for any shorter line. Needs `npm run build`. `--all` shows
// the worst eight lines of each; a name after it measures that subject only.
import { BUILT_IN } from '../build/core/formats/format-set.js'
import { FORMATS } from '../build/core/formats/index.js'
import { readLine } from '../build/core/formats/reader.js'
import { startReader } from '../build/core/formats/reader-state.js'
import { splitLines } from '../build/core/reading/lines.js'

const LINE_BYTES = 256 * 1024
const BUDGET_MS = 5
const REPEATS = 10
const ESCAPE = String.fromCharCode(0x1b)

const PIECES = [
  '[',
  ']',
  '(',
  '{',
  '{"',
  "{'",
  '[{',
  '{"a":',
  "{'a':",
  '{"a":[',
  '[[1,',
  '[1,',
  '[],',
  '"a":1,',
  '1',
  '1,',
  '123,',
  '0.',
  '1e',
  '1 ',
  '-',
  '+',
  '.',
  ':',
  '=',
  '/',
  '1/',
  'a',
  'a ',
  'a: ',
  'a=',
  '={',
  'a=1 ',
  'loss ',
  'loss=',
  'loss: nan ',
  'loss at ',
  'nan',
  'nan ',
  'nan(',
  'inf ',
  'tensor(',
  'tensor(1',
  'step ',
  'step [',
  'at ',
  'a/',
  'a.',
  "a'",
  '"',
  "'",
  '""',
  '\\',
  '\\"',
  '\\u',
  "\\'",
  ',',
  ', ',
  ';',
  '\t',
  ' ',
  '  ',
  'a,',
  'a  ',
  'a\t',
  'é',
  '∞',
  ESCAPE,
  `${ESCAPE}[`,
  `${ESCAPE}[1`,
  `${ESCAPE}]`,
  `${ESCAPE}P`,
  '|',
  '%',
  '12:30',
  '2026-01-01 ',
  '-1.#IND ',
  '{"step":1,"loss":',
]
const HEADS = ['', 'step,loss\n', '{"loss": ', 'loss: ', '"']
const TAILS = ['}']

const lines = HEADS.flatMap((head) =>
  PIECES.flatMap((piece) =>
    TAILS.map((tail) => {
      const body = piece.repeat(Math.floor((LINE_BYTES - 32) / Buffer.byteLength(piece)))
      return {
        name: `${JSON.stringify(head)} ${JSON.stringify(piece)}… ${JSON.stringify(tail)}`,
        text: head + body + tail,
      }
    }),
  ),
)
const names = Array.from({ length: 30000 }, (_, n) => n)
lines.push(
  { name: 'deep JSON', text: `${'{"a":'.repeat(40000)}1${'}'.repeat(40000)}` },
  { name: 'many keys', text: `{${names.map((n) => `"k${n}":1`).join(',')}}`.slice(0, LINE_BYTES) },
  {
    name: 'all keys',
    text: `{${names
      .slice(0, 20000)
      .map((n) => `"k${n}":1`)
      .join(',')}}`,
  },
  {
    name: 'all keys of Python',
    text: `{${names
      .slice(0, 20000)
      .map((n) => `'k${n}':1`)
      .join(',')}}`,
  },
  {
    name: 'many names',
    text: names
      .slice(0, 20000)
      .map((n) => `k${n}=1`)
      .join(' '),
  },
  {
    name: 'many names of losses',
    text: names
      .slice(0, 15000)
      .map((n) => `loss_k${n}: 1`)
      .join(' '),
  },
  { name: 'a long word', text: `loss_${'a_'.repeat(120000)}=1 step=1` },
  { name: 'a long key', text: `{"loss_${'a_'.repeat(120000)}":1}` },
  { name: 'a wide header', text: ['step', 'loss', ...names.map((n) => `k${n}`)].join(',') },
  { name: 'a header of the most columns', text: ['step', 'loss', ...wide('column')].join(',') },
  { name: 'the most metrics', text: `{"loss":1,${wide('layer').map((name) => `"${name}":1`)}}` },
  { name: 'the most metrics of Python', text: `{'loss':1,${wide('block').map((name) => `'${name}':1`)}}` },
  { name: 'the most losses', text: `{"loss":1,${wide('train_loss').map((name) => `"${name}":1`)}}` },
  { name: 'a unit of keys', text: `{${names.slice(0, 5900).map((n) => `"k${n}":1`)}}` },
  { name: 'a unit of keys in lists', text: `{"loss":1,"a":[${names.slice(0, 5400).map((n) => `{"k${n}":1}`)}]}` },
  { name: 'a unit of keys of Python', text: `{${names.slice(0, 5900).map((n) => `'k${n}':1`)}}` },
  { name: 'nested keys', text: `{${names.slice(0, 9000).map((n) => `"k${n}":{"loss":${n}}`)}}` },
  { name: 'escaped keys', text: `{${names.slice(0, 12000).map((n) => `"\\u0061${n}":1`)}}` },
  { name: 'equal names', text: '"loss":1,'.repeat(28000).replace(/^/, '{').replace(/,$/, '}') },
  { name: 'dense arrays that are none', text: `{"p":[1,${'{"p":[1,'.repeat(60)}${'1,'.repeat(120000)}` },
  { name: 'wrappers', text: 'a=tensor(1 '.repeat(20000) },
  { name: 'totals', text: `step ${'5/    '.repeat(40000)}` },
  { name: 'phases', text: 'Test: loss 1 '.repeat(20000) },
  { name: 'words of many signs', text: "a-b/c.d@e'f".repeat(23000) },
)

/** As many names as a record may have, each of its own. */
function wide(name) {
  return names.slice(0, 2040).map((n) => `${name}_${n}`)
}

const only = process.argv[3]
/** A table whose columns the rows below have not: each line of words is looked at as its next header. */
const OTHER_HEADER = { names: Array.from({ length: 2042 }, (_, n) => `other_${n}`), separator: ',' }
const CSV = FORMATS.find(({ name }) => name === 'csv')
const SUBJECTS = [
  ...FORMATS.flatMap((format) => [
    { name: `${format.name} claim`, run: (line) => format.claim(line.text, null) },
    { name: `${format.name} parse`, run: (line) => format.parse(line, format.start()) },
  ]),
  {
    name: 'csv row',
    run: (line) => CSV.parse(line, under({ names: ['step', 'loss'], separator: ',' })),
  },
  {
    name: 'csv next header',
    run: (line) => CSV.parse(line, under(OTHER_HEADER)),
  },
  { name: 'reader', run: (line) => readLine(startReader(), line, '', BUILT_IN) },
]

/** The state of a file whose header was read. */
function under(header) {
  return { ...CSV.start(), inner: header }
}

let isWithin = true
function report(name, ms, worst) {
  const isSlow = ms > BUDGET_MS
  if (isSlow) isWithin = false
  console.log(`${name.padEnd(20)} ${ms.toFixed(2).padStart(8)} ms per 64 KiB ${isSlow ? 'SLOW' : '    '}  ${worst}`)
}

/** Processor time, which other programs change less than the clock. Once is enough for a line far from the budget. */
function costMs(work, bytes) {
  let best = Infinity
  for (let round = 0; round < REPEATS && best > BUDGET_MS / 2; round++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000 / Math.max(1, bytes / 65536))
  }
  return best
}

const inputs = lines.map(({ name, text }) => ({
  name,
  bytes: Buffer.from(text),
  line: { offset: 0, text, bytes: Buffer.byteLength(text) },
}))
const showAll = process.argv.includes('--all')
const subjects = [...SUBJECTS, { name: 'split', run: (_, bytes) => splitLines(bytes, 0, true) }]
for (const { name, run } of subjects.filter((s) => !only || s.name.startsWith(only))) {
  const costs = inputs
    .map((input) => ({ input, ms: costMs(() => run(input.line, input.bytes), input.bytes.length) }))
    .sort((a, b) => b.ms - a.ms)
  for (const { input, ms } of showAll ? costs.slice(0, 8) : costs.slice(0, 1)) report(name, ms, input.name)
}
process.exitCode = isWithin ? 0 : 1
