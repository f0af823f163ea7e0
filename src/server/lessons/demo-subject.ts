import type { MeasuredBatch, Subject } from '../../core/lessons/topic.ts'
import { measureBatch } from '../../core/measure/batch-measure.ts'
import { parseCommandLine } from '../../demo/command-line.ts'
import { type TrainingStep, train } from '../../demo/demo-training.ts'
import { DEMO_JOBS } from '../../demo/jobs.ts'
import { metricValue } from '../../protocol/value.ts'

const JOB = DEMO_JOBS.naive

/**
 * The demo's dying job, trained here and now up to its first loss that is not finite: a few milliseconds.
 *
 * Its numbers are those that `nanwatch demo` shows. Null where it has no such step.
 */
export function demoSubject(step: number | null): Subject | null {
  const { training } = parseCommandLine(['--out', '.', ...JOB.arguments])
  const history: MeasuredBatch[] = []
  let broken: MeasuredBatch | null = null
  for (const trained of train(training)) {
    const batch = measured(trained)
    history.push(batch)
    if (Number.isFinite(trained.loss)) continue
    broken = batch
    break
  }
  const before = history.at(-2) ?? null
  const batch = step === null ? before : history.find((each) => each.step === step)
  if (batch == null) return null
  return {
    source: { kind: 'demo', run: JOB.name, step: batch.step },
    batch,
    broken: broken === null ? null : { batch: broken, before },
    history: history.slice(0, history.indexOf(batch) + 1),
  }
}

function measured({ step, probs, labels, loss }: TrainingStep): MeasuredBatch {
  const k = probs[0]!.length
  const values = new Float32Array(probs.length * k)
  probs.forEach((row, i) => {
    values.set(row, i * k)
  })
  const reportedLoss = metricValue(loss)
  const hard = { kind: 'hard', classes: Float64Array.from(labels) } as const
  const batch = { step, kind: 'probs', n: probs.length, k, values, labels: hard, reportedLoss } as const
  return { step, measure: measureBatch(batch), reportedLoss }
}
