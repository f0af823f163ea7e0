import { parseArgs } from 'node:util'
import { LOSSES, type LossName } from './demo-losses.ts'
import type { TrainingSettings } from './demo-training.ts'
import { TRAINING_ROWS } from './iris.ts'

/** What one call of the job asks for. */
export interface JobCommand {
  /** The folder that the logs are appended to; made when it is missing. */
  readonly directory: string
  /** The pause after each step, in place of the minutes that a real one takes. */
  readonly stepMs: number
  readonly training: TrainingSettings
}

/** Reads the arguments of `train.js`; all but `--out` have a default. Throws an Error that names the wrong one. */
export function parseCommandLine(argv: readonly string[]): JobCommand {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: 'string' },
      loss: { type: 'string', default: 'stable' },
      'learning-rate': { type: 'string', default: '0.3' },
      decay: { type: 'string', default: '1' },
      steps: { type: 'string', default: '300' },
      'step-ms': { type: 'string', default: '0' },
      seed: { type: 'string', default: '0' },
      batch: { type: 'string', default: '40' },
    },
  })
  if (values.out === undefined) throw new Error('--out DIR: missing; name the folder for the logs')
  return {
    directory: values.out,
    stepMs: nonNegative('--step-ms', values['step-ms']),
    training: {
      loss: lossName(values.loss),
      learningRate: nonNegative('--learning-rate', values['learning-rate']),
      decay: nonNegative('--decay', values.decay),
      steps: wholeNumber('--steps', values.steps, 0, Number.MAX_SAFE_INTEGER),
      batch: wholeNumber('--batch', values.batch, 1, TRAINING_ROWS),
      seed: wholeNumber('--seed', values.seed, 0, 2 ** 32 - 1),
    },
  }
}

function lossName(text: string): LossName {
  if (Object.hasOwn(LOSSES, text)) return text as LossName
  throw new Error(`--loss ${text}: unknown (known: ${Object.keys(LOSSES).join(', ')})`)
}

function nonNegative(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new Error(`${option} ${text}: not a number from 0 up`)
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = nonNegative(option, text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(`${option} ${text}: not a whole number from ${min} to ${max}`)
}
