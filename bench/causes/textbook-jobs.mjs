// Jobs with a known cause: six batches each, of a small model in training, and what the job reports of them.
import { TYPES } from './floats.mjs'
import { handWritten, lossesOfLogits, mean } from './losses.mjs'
import { probabilitiesOf, trainedBatches } from './model.mjs'

const BATCHES = 6
const HALVES = ['float16', 'bfloat16']

/** The ε of clips whose upper end is lost in a type while the lower one holds. */
const LOST_UPPER = { float64: 1e-17, float32: 1e-10, float16: 1e-7, bfloat16: 1e-3 }

/**
 * A job: batches of predictions in its type, each with the loss that it reports.
 *
 * `right` are the numbers of the causes that are right to name: more than one
 * where another gives the same losses at every batch.
 */
export function jobOf(cause, { next, dtype, n, k, kind }) {
  const type = TYPES[dtype]
  const { round } = type
  const batches = trainedBatches({ next, n, k, batches: BATCHES }).map(({ logits, labels }) => ({
    logits: logits.map((row) => row.map(round)),
    labels,
  }))
  const last = batches.at(-1)
  const probsOf = ({ logits }) => logits.map((row) => probabilitiesOf(row).map(round))
  const right = ({ logits, labels }) => round(mean(lossesOfLogits(logits, labels)))
  /** Makes a row of the last batch as sure as `gap` says, and right or wrong. */
  const extreme = (row, gap, isRight) => {
    const y = last.labels[row]
    const side = k === 1 ? (y === 1) === isRight : isRight
    if (k === 1) last.logits[row] = [round(side ? gap : -gap)]
    else last.logits[row] = last.logits[row].map((_, j) => ((j === y) === side ? round(gap / 2) : round(-gap / 2)))
  }
  const finish = (causes, reportedOf, asProbs = probsOf) => ({
    right: causes,
    batches: batches.map((batch) => ({
      kind,
      dtype,
      rows: kind === 'probs' ? asProbs(batch) : batch.logits,
      labels: batch.labels,
      reported: reportedOf(batch),
    })),
  })
  const byHand = (options) => (batch) => handWritten({ probs: probsOf(batch), labels: batch.labels, round, ...options })
  const sameAs = (a, b) => batches.every((batch) => Object.is(a(batch), b(batch)))
  const isFailure = (value) => !Number.isFinite(value)
  /** Sees to it that the last batch is the first to fail: after that the weights are NaN, and no batch is like these. */
  const failsLast = (reportedOf) => {
    for (const batch of batches.slice(0, -1)) {
      if (isFailure(reportedOf(batch))) batch.logits = batch.logits.map((row) => row.map((z) => round(z / 4)))
    }
    return reportedOf
  }

  switch (cause) {
    case 0:
      return finish([0], right)
    case 1:
      extreme(0, type.zeroLogit, false)
      return finish(kind === 'logits' ? [1, 6] : dtype === 'float16' ? [1, 4] : [1], failsLast(byHand({})))
    case 2: {
      extreme(0, k === 1 ? type.sureLogit : type.zeroLogit, true)
      if (k === 1) last.labels[0] === 1 || extreme(0, type.zeroLogit, true)
      const multiplied = failsLast(byHand({ multiply: true }))
      return finish(rivals(multiplied, [2]), multiplied)
    }
    case 3: {
      const isRight = next() < 0.7
      last.labels[0] = isRight ? 1 : 0
      extreme(0, type.sureLogit, isRight)
      // In half of the jobs the lower end of the clip is seen at work before.
      if (next() < 0.5) {
        batches[1].labels[1] = 1
        batches[1].logits[1] = [-type.zeroLogit]
      }
      const clipped = failsLast(byHand({ guard: LOST_UPPER[dtype] }))
      return finish(rivals(clipped, [3]), clipped)
    }
    case 4: {
      const isRight = next() < 0.5
      if (k === 1) last.labels[0] = isRight ? 1 : 0
      extreme(0, k === 1 ? type.sureLogit : type.zeroLogit, isRight)
      const lost = failsLast(byHand({ guard: next() < 0.5 ? 1e-8 : 1e-10, multiply: true }))
      return finish(rivals(lost, [4]), lost)
    }
    case 5: {
      last.logits[0] = last.logits[0].map((z, j) => (j === 0 ? round(type.expLimit) : z))
      const naive = ({ logits }) =>
        logits.map((row) => {
          const e = row.map((z) => round(Math.exp(z)))
          const sum = round(e.reduce((a, b) => a + b, 0))
          return e.map((value) => round(value / sum))
        })
      return finish(
        [5],
        (batch) => handWritten({ probs: naive(batch), labels: batch.labels, round, multiply: true }),
        naive,
      )
    }
    case 6:
      extreme(0, type.zeroLogit, false)
      return finish([1, 6], byHand({}))
    case 7:
      batches.at(-2).logits[0][0] = round(30000)
      last.logits[0][0] = Infinity
      return finish([7], (batch) => (batch === last ? NaN : right(batch)))
    case 9:
      last.logits = last.logits.map((row) => row.map(() => NaN))
      return finish([9], (batch) => (batch === last ? NaN : right(batch)))
    case 10:
      last.labels = last.labels.map(() => -100)
      return finish([10], (batch) => (batch === last ? NaN : right(batch)))
    case 11:
      last.labels[0] = k + Math.floor(next() * 3)
      return finish([11], (batch) => (batch === last ? NaN : right(batch)))
    case 12:
      for (const batch of batches) batch.labels = batch.labels.map((y, i) => (y === 0 || i === 0 ? -1 : 1))
      return finish([12], right)
    case 13:
      return finish(
        [13],
        (batch) => handWritten({ probs: batch.logits, labels: batch.labels, round }),
        ({ logits }) => logits,
      )
    case 14:
      return finish([14], (batch) => round(mean(lossesOfLogits(probsOf(batch), batch.labels))))
    case 15: {
      const sigmoids = ({ logits }) => logits.map((row) => row.map((z) => round(1 / (1 + Math.exp(-z)))))
      return finish([15], (batch) => handWritten({ probs: sigmoids(batch), labels: batch.labels, round }), sigmoids)
    }
    case 16: {
      for (const batch of batches) {
        for (let i = 0; i < n / 4; i++) {
          const y = batch.labels[i]
          if (k === 1) batch.logits[i] = [y === 1 ? -type.zeroLogit : type.sureLogit]
          else batch.logits[i] = batch.logits[i].map((_, j) => (j === y ? round(-type.zeroLogit) : 0))
        }
      }
      return finish([16], byHand({ guard: HALVES.includes(dtype) ? 1e-2 : 1e-6 }))
    }
    case 17: {
      const times = next() < 0.5 ? n : k > 1 ? 1 / k : 4
      return finish([17], (batch) => round(mean(lossesOfLogits(batch.logits, batch.labels)) * times))
    }
    case 18: {
      const unit = next() < 0.7 ? Math.LN2 : Math.LN10
      return finish([18], (batch) => round(mean(lossesOfLogits(batch.logits, batch.labels)) / unit))
    }
    case 19: {
      const smoothing = [0.1, 0.2, 0.05][Math.floor(next() * 3)]
      return finish([19], (batch) => {
        const all = Array.from({ length: k }, (_, y) =>
          mean(
            lossesOfLogits(
              batch.logits,
              batch.labels.map(() => y),
            ),
          ),
        )
        return round((1 - smoothing) * mean(lossesOfLogits(batch.logits, batch.labels)) + smoothing * mean(all))
      })
    }
    case 20: {
      const extra = 0.2 + next()
      return finish([20], (batch) => round(mean(lossesOfLogits(batch.logits, batch.labels)) + extra))
    }
    case 21: {
      const weights = Array.from({ length: Math.max(k, 2) }, () => 1 + 4 * next())
      return finish([21], ({ logits, labels }) => {
        const losses = lossesOfLogits(logits, labels)
        const sum = losses.reduce((total, loss, i) => total + weights[labels[i]] * loss, 0)
        return round(sum / labels.reduce((total, y) => total + weights[y], 0))
      })
    }
    case 22: {
      const losses = batches.map((batch) => mean(lossesOfLogits(batch.logits, batch.labels)))
      return finish([22], (batch) => round(mean(losses.slice(0, batches.indexOf(batch) + 1))))
    }
    case 26:
      for (const batch of batches) batch.logits[1] = batch.logits[1].map(() => NaN)
      return finish([26], () => NaN)
    default:
      throw new RangeError(`no job for cause ${cause}`)
  }

  /** Those of the causes of a failing logarithm that report the same as `reported` at every batch. */
  function rivals(reported, own) {
    const noGuard = [byHand({ multiply: true }), byHand({})].some((other) => sameAs(reported, other))
    const lastValue = reported(last)
    const also = []
    if (noGuard && isFailure(lastValue)) also.push(Number.isNaN(lastValue) ? 2 : 1)
    if (noGuard && dtype === 'float16' && isFailure(lastValue)) also.push(4)
    if (k === 1 && sameAs(reported, byHand({ guard: LOST_UPPER[dtype] }))) also.push(3)
    return [...new Set([...own, ...also])]
  }
}
