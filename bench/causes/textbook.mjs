// How often the search alone names the cause of a batch that is read as the job held it: no print, no file, no other term.
import { codeOfNumber } from '../../build/core/causes/index.js'
import { searchBatch } from '../../build/core/loss-search/batch-search.js'
import { likeliestCause } from '../../build/core/loss-search/likeliest-cause.js'
import { NO_LIKELIHOODS } from '../../build/core/loss-search/likelihood.js'
import { measureBatch } from '../../build/core/measure/batch-measure.js'
import { metricValue } from '../../build/protocol/value.js'
import { random } from './model.mjs'
import { jobOf } from './textbook-jobs.mjs'

const ALL_TYPES = ['float64', 'float32', 'float16', 'bfloat16']
const ROWS = [8, 32]
const CLASSES = [2, 5, 10]
const ANY = { types: ALL_TYPES, classes: [1, ...CLASSES], kinds: ['probs', 'logits'] }
const MANY = { ...ANY, classes: CLASSES }

/** In which types, with how many classes and from which predictions each cause can arise. */
const WHERE = {
  0: ANY,
  1: { ...MANY, kinds: ['probs'] },
  2: { ...ANY, kinds: ['probs'] },
  3: { ...ANY, classes: [1], kinds: ['probs'] },
  4: { types: ['float16'], classes: [1, ...CLASSES], kinds: ['probs'] },
  5: MANY,
  6: { ...MANY, kinds: ['logits'] },
  7: { types: ['float16'], classes: CLASSES, kinds: ['logits'] },
  9: { ...ANY, types: ['float64', 'float32', 'bfloat16'] },
  10: ANY,
  11: MANY,
  12: { ...ANY, classes: [1] },
  13: MANY,
  14: { ...ANY, kinds: ['probs'] },
  15: { ...MANY, classes: [5, 10], kinds: ['probs'] },
  16: { ...ANY, kinds: ['probs'] },
  17: ANY,
  18: ANY,
  19: MANY,
  20: ANY,
  21: { ...ANY, types: ['float64', 'float32'], classes: [1, 2] },
  22: { ...ANY, types: ['float64', 'float32'] },
  26: ANY,
}

/** A single batch can prove these. */
const PROVABLE = [1, 2, 3, 4, 10, 11, 12, 13, 14, 17, 18]
const FORMATS = ['binary', 'text']

/** Judges `repeats` jobs of each cause, type, size and format: the scores by the number of the cause, 0 for healthy ones. */
export function textbookScores({ seed, repeats }) {
  const scores = new Map()
  for (const [cause, { types, classes, kinds }] of Object.entries(WHERE)) {
    const score = { jobs: 0, first: 0, third: 0, open: 0, wrong: 0, confusions: new Map() }
    scores.set(Number(cause), score)
    const next = random(seed * 1000 + Number(cause))
    for (const dtype of types)
      for (const k of classes)
        for (const n of ROWS)
          for (const kind of kinds)
            for (const format of FORMATS)
              for (let i = 0; i < repeats; i++) {
                judge(jobOf(Number(cause), { next, dtype, n, k, kind }), { k, n, format }, score)
              }
  }
  return scores
}

function judge({ batches, right }, { k, n, format }, score) {
  let likelihoods = NO_LIKELIHOODS
  let likeliest = { kind: 'nothing' }
  batches.forEach(({ kind, dtype, rows, labels, reported }, step) => {
    const batch = {
      step,
      kind,
      // Text prints each number in full and does not say in which type it was held.
      ...(format === 'binary' ? { dtype } : {}),
      n,
      k,
      values: Float64Array.from(rows.flat()),
      labels: { kind: 'hard', classes: Float64Array.from(labels) },
      reportedLoss: metricValue(reported),
    }
    const measure = measureBatch(batch)
    const { result, ...searched } = searchBatch(likelihoods, batch, measure, 0)
    likelihoods = searched.likelihoods
    likeliest = result === null ? { kind: 'nothing' } : likeliestCause(result, measure, batch.reportedLoss)
  })
  const codes = right.map((number) => (number === 0 ? null : codeOfNumber(number)))
  score.jobs += 1
  const named = likeliest.kind === 'cause' ? likeliest.code : null
  const candidates = likeliest.kind === 'open' ? likeliest.codes : named === null ? [] : [named, ...likeliest.others]
  const isRight = likeliest.kind === 'open' ? false : codes.includes(named)
  if (isRight) score.first += 1
  if (isRight || candidates.slice(0, 3).some((code) => codes.includes(code))) score.third += 1
  if (likeliest.kind === 'open' || (named === null && !isRight)) score.open += 1
  if (named !== null && !isRight) score.wrong += 1
  if (!isRight) {
    const what =
      named ?? (likeliest.kind === 'open' ? `? ${candidates.map((code) => code.split('-')[0]).join(' ')}` : 'nothing')
    score.confusions.set(what, (score.confusions.get(what) ?? 0) + 1)
  }
}

/** The macro top-1 over the causes, the lowest top-1 of those that one batch proves, and the share of wrong advice. */
export function textbookFigures(scores) {
  const causes = [...scores].filter(([number]) => number !== 0).map(([, score]) => score)
  const all = [...scores.values()]
  const sum = (key) => all.reduce((total, score) => total + score[key], 0)
  return {
    jobs: sum('jobs'),
    macro: causes.reduce((total, { first, jobs }) => total + first / jobs, 0) / causes.length,
    lowest: Math.min(...PROVABLE.map((number) => scores.get(number).first / scores.get(number).jobs)),
    wrong: sum('wrong') / sum('jobs'),
  }
}
