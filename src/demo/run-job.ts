import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { JobCommand } from './command-line.ts'
import { type TrainingStep, train } from './demo-training.ts'
import { TRAINING_ROWS } from './iris.ts'
import { type PythonValue, pythonJson } from './json-writer.ts'

/**
 * Trains to the last step or until `signal` aborts, and writes the logs that a job writes for its owner.
 *
 * Every line is in the file before the next step begins. The steps go to
 * `metrics.jsonl` and `predictions.jsonl`, the beginning and the end to `train.log`.
 */
export async function runJob({ directory, stepMs, training }: JobCommand, signal: AbortSignal): Promise<void> {
  mkdirSync(directory, { recursive: true })
  function append(file: string, line: string): void {
    appendFileSync(join(directory, file), `${line}\n`)
  }
  function info(message: string): void {
    append('train.log', `${localTime(new Date())} INFO ${message}`)
  }

  info(`starting: softmax on iris, ${TRAINING_ROWS} train rows, ${training.loss} loss, lr ${training.learningRate}`)
  for (const step of train(training)) {
    append('metrics.jsonl', pythonJson(metricsOf(step)))
    append('predictions.jsonl', pythonJson(predictionsOf(step)))
    await pause(stepMs, undefined, { signal }).catch(passAbort)
    if (signal.aborted) return info(`training interrupted at step ${step.step}`)
  }
  info(`training finished after ${training.steps} steps`)
}

function metricsOf({ step, loss, accuracy, learningRate, gradientNorm, validationLoss }: TrainingStep): PythonValue {
  const metrics = { step, loss, accuracy, lr: learningRate, grad_norm: gradientNorm }
  return validationLoss === null ? metrics : { ...metrics, val_loss: validationLoss }
}

function predictionsOf({ step, probs, labels, loss }: TrainingStep): PythonValue {
  return { step, probs, labels, loss }
}

function passAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}

/** `2026-11-23 10:00:00`, as Python's logging writes it; the Swedish form is the same one. */
function localTime(time: Date): string {
  return time.toLocaleString('sv-SE')
}
