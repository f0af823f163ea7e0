// Logs that real jobs wrote, read as they are.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atLeast, inTurn, skippedFigure, speedFigure } from './figures.mjs'
import { readWith } from './reading.mjs'

/** What is read as a whole, or as frames, is no text of lines. */
const NO_LINES = /\.(?:json|wandb|gz|md)$|tfevents/
const NUL = 0

export const corpus = [{ name: 'corpus', work: 'text logs of real jobs, read', measure }]

async function measure(bench) {
  if (!existsSync(bench.corpus)) return [skippedFigure(`there is no folder ${bench.corpus}`)]
  const before = bench.before()
  if (before.missing !== undefined) return [skippedFigure(before.missing, before.name)]
  const files = readdirSync(bench.corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_LINES.test(entry.name) && entry.parentPath !== bench.corpus)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !readFileSync(path).includes(NUL))
    .sort()
  const counts = new Set()
  const seconds = (build) => {
    const read = readWith(build, files)
    counts.add(read.samples)
    return read.seconds
  }
  const { ours, theirs } = await inTurn(bench, { ours: () => seconds(bench.own), theirs: () => seconds(before) })
  const figure = speedFigure({ beside: before.name, goal: atLeast(2), ours, theirs })
  const [first, other] = counts
  const megabytes = files.reduce((sum, path) => sum + readFileSync(path).length, 0) / 1e6
  const found =
    other === undefined ? `${first} samples with both` : `${[...counts].join(' and ')} samples: not the same`
  return [{ ...figure, note: `${files.length} files, ${megabytes.toFixed(1)} MB, ${found}` }]
}
