// How fast lines become records: beside the scripts that read them in Python, and beside another build.
import { fileURLToPath } from 'node:url'
import { atLeast, inTurn, skippedFigure, speedFigure } from './figures.mjs'
import { ask, askPeer, NODE, run } from './processes.mjs'

const CHILD = fileURLToPath(new URL('reading-child.mjs', import.meta.url))
const PYTHON_JSON = { beside: "Python's json", goal: atLeast(3), work: 'json_lines' }
const OTHERS_OF_JSON = [
  { beside: 'orjson', goal: atLeast(0.6), work: 'orjson_lines', needs: 'orjson' },
  { beside: 'duckdb', work: 'duckdb_lines', needs: 'duckdb' },
  { beside: 'polars', work: 'polars_lines', needs: 'polars' },
]
const AWK = '{ for (i = 1; i <= NF; i++) { split($i, pair, "="); sum[pair[1]] += pair[2] } } END { print NR }'
const MAWK = { beside: 'mawk', take: ({ path }) => run('mawk', [AWK, path]), needs: 'mawk' }

const SIX_TIMES = { goal: atLeast(6) }

export const reading = [
  row('read-json3', 'JSON lines of 3 metrics, read', 'json3', [PYTHON_JSON, ...OTHERS_OF_JSON]),
  row('read-json10', 'JSON lines of 10 metrics, read', 'json10', [PYTHON_JSON, ...OTHERS_OF_JSON]),
  row('read-text', 'key=value text, read', 'text', [
    { beside: "Python's re", goal: atLeast(3), work: 're_lines' },
    MAWK,
  ]),
  row('read-dict', 'dicts of Hugging Face, read', 'dict', [], SIX_TIMES),
  row('read-csv', 'CSV, read', 'csv', [{ beside: 'NumPy', work: 'numpy_csv', needs: 'numpy' }], SIX_TIMES),
  row('read-bars', 'bars of tqdm, read', 'bars', [], SIX_TIMES),
  row('read-megatron', 'lines of Megatron, read', 'megatron', [], SIX_TIMES),
]

/** Reads files with the modules of a build, and gives the processor time and the number of samples. */
export function readWith({ modules }, files) {
  return ask(NODE, [CHILD, modules, ...files])
}

/** `besideBefore` is what is asked of the work beside the other build; nothing unless it is given. */
function row(name, work, kind, peers, besideBefore = {}) {
  const measureAll = async (bench) => {
    const before = bench.before()
    if (before.missing !== undefined)
      return [skippedFigure(before.missing, before.name), ...(await measure(bench, kind, peers))]
    return measure(bench, kind, [{ beside: before.name, build: before, ...besideBefore }, ...peers])
  }
  return { name, work, measure: measureAll }
}

async function measure(bench, kind, peers) {
  const input = bench.input(kind)
  const here = peers.filter(({ needs }) => needs === undefined || bench.installed.has(needs))
  const own = () => secondsOfBuild(bench.own, input)
  const sides = Object.fromEntries(here.map((peer) => [peer.beside, () => secondsOf(peer, input)]))
  const { nanwatch: ours, ...theirs } = await inTurn(bench, { nanwatch: own, ...sides })
  return here.map(({ beside, goal, build }) => {
    const figure = speedFigure({ beside, goal, ours, theirs: theirs[beside] })
    return build === undefined ? figure : { ...figure, note: `${input.samples} samples with both` }
  })
}

function secondsOf({ work, take, build }, input) {
  if (build !== undefined) return secondsOfBuild(build, input)
  if (take !== undefined) return take(input)
  const { seconds, lines } = askPeer(work, input.path)
  if (lines !== input.lines) throw new Error(`${work} reads ${lines} of ${input.lines} lines`)
  return seconds
}

function secondsOfBuild(build, input) {
  const { seconds, samples } = readWith(build, [input.path])
  if (samples !== input.samples) throw new Error(`${build.modules} reads ${samples} of ${input.samples} samples`)
  return seconds
}
