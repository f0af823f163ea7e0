// What `check` takes of a whole log, which reads and judges it, beside scripts that only read.
import { atLeast, inTurn, speedFigure } from './figures.mjs'
import { askPeer, NODE, run } from './processes.mjs'

const JSON_LINES = { beside: "Python's json, reading alone", goal: atLeast(1.5), work: 'json_lines' }
const TEXT = { beside: "Python's re, reading alone", goal: atLeast(0.7), work: 're_lines' }

export const judging = [
  { name: 'check-json3', work: 'JSON lines of 3 metrics, read and judged', kind: 'json3', peer: JSON_LINES },
  { name: 'check-json10', work: 'JSON lines of 10 metrics, read and judged', kind: 'json10', peer: JSON_LINES },
  { name: 'check-text', work: 'key=value text, read and judged', kind: 'text', peer: TEXT },
].map(({ name, work, kind, peer }) => ({ name, work, measure: (bench) => measure(bench, kind, peer) }))

async function measure(bench, kind, { beside, goal, work }) {
  const { path } = bench.input(kind)
  const { ours, theirs } = await inTurn(bench, {
    ours: () => run(NODE, [bench.own.main, 'check', path, '--json']),
    theirs: () => askPeer(work, path).seconds,
  })
  return [speedFigure({ beside, goal, ours, theirs })]
}
