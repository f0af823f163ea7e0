// The logs that are read: made up, from a fixed seed, as long as is asked.
import { closeSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Curve } from './curve.mjs'

const MEGABYTE = 1e6
const PIECE_CHARS = 1 << 20
const STEPS_AN_EPOCH = 1000
const STEPS = 5_000_000
const FIRST_TIME_MS = Date.UTC(2026, 0, 5, 9)
const STEP_MS = 305
const BAR_CHARS = 10

const TEN = [
  'loss',
  'ce_loss',
  'z_loss',
  'grad_norm',
  'lr',
  'accuracy',
  'weight_norm',
  'update_norm',
  'mfu',
  'memory_gb',
]

/** Each kind: what its file is called, how its `step`-th line reads, what stands around the lines, and how many values one has. */
const KINDS = {
  json3: {
    file: 'metrics.jsonl',
    samples: 3,
    line: (step, { loss, norm, rate }) =>
      `{"step": ${step}, "loss": ${loss}, "grad_norm": ${norm}, "lr": ${python(rate)}, "epoch": ${step / STEPS_AN_EPOCH}}\n`,
  },
  json10: {
    file: 'metrics.jsonl',
    samples: TEN.length,
    line: (step, curve) => `{"step": ${step}, "epoch": ${step / STEPS_AN_EPOCH}, ${ten(curve)}}\n`,
  },
  json10Timed: {
    file: 'metrics.jsonl',
    samples: TEN.length,
    line: (step, curve) => `{"timestamp": "${timeOf(step, curve).toISOString()}", "step": ${step}, ${ten(curve)}}\n`,
  },
  oneSeries: { file: 'metrics.jsonl', samples: 1, line: (step, { loss }) => `{"step": ${step}, "loss": ${loss}}\n` },
  text: {
    file: 'train.log',
    samples: 3,
    line: (step, { loss, norm, rate }) =>
      `step=${step} loss=${loss.toFixed(4)} lr=${python(rate.toExponential(3))} grad_norm=${norm.toFixed(4)}\n`,
  },
  dict: {
    file: 'train.log',
    samples: 3,
    line: (step, { loss, norm, rate }) =>
      `{'loss': ${loss.toFixed(4)}, 'grad_norm': ${norm}, 'learning_rate': ${python(rate)}, 'epoch': ${(step / STEPS_AN_EPOCH).toFixed(2)}}\n`,
  },
  csv: {
    file: 'log.csv',
    samples: 3,
    head: 'step,epoch,train_loss,grad_norm,lr\n',
    line: (step, { loss, norm, rate }) =>
      `${step},${Math.floor(step / STEPS_AN_EPOCH)},${loss},${norm.toFixed(6)},${python(rate)}\n`,
  },
  bars: {
    file: 'train.log',
    samples: 2,
    line: (step, { loss, rate }) =>
      `Training: ${bar(step)}, loss=${loss.toFixed(3)}, lr=${python(rate.toExponential(2))}]\r`,
  },
  megatron: { file: 'train.log', samples: 9, line: megatronLine },
  trainerState: {
    file: 'trainer_state.json',
    samples: 3,
    head: '{\n  "best_metric": null,\n  "epoch": 1.0,\n  "global_step": 1,\n  "log_history": [',
    line: (step, { loss, norm, rate }) => `${step === 1 ? '' : ','}
    {
      "epoch": ${(step / STEPS_AN_EPOCH).toFixed(2)},
      "grad_norm": ${norm},
      "learning_rate": ${python(rate)},
      "loss": ${loss.toFixed(4)},
      "step": ${step}
    }`,
    tail: '\n  ],\n  "max_steps": 5000000,\n  "trial_name": null\n}\n',
  },
}

/** Makes logs below a folder, each once. */
export function inputsIn(folder) {
  const made = new Map()
  /** A log of a kind, of so many megabytes or of so many lines. */
  return (kind, { megabytes = Infinity, lines = Infinity }) => {
    const name = `${kind}-${lines === Infinity ? `${megabytes}MB` : lines}`
    if (!made.has(name)) made.set(name, make(join(folder, name), KINDS[kind], megabytes * MEGABYTE, lines))
    return made.get(name)
  }
}

function make(folder, { file, samples, head = '', line, tail = '' }, mostBytes, mostLines) {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  const output = openSync(path, 'w')
  const curve = new Curve(STEPS)
  let written = 0
  let text = head
  let lines = 0
  while (lines < mostLines && written + text.length < mostBytes) {
    lines++
    curve.advance()
    text += line(lines, curve)
    if (text.length < PIECE_CHARS) continue
    written += writeSync(output, text)
    text = ''
  }
  writeSync(output, text + tail)
  closeSync(output)
  return { path, lines, bytes: statSync(path).size, samples: lines * samples }
}

/** Ten metrics in full double precision. */
function ten(curve) {
  const { loss, norm, rate, noise } = curve
  const losses = [loss, loss - noise / 50, noise / 50]
  const values = [...losses, norm, rate, 0.5 + noise / 10, 100 + norm, norm / 1000, 0.4 + noise / 100, 60 + noise]
  return TEN.map((name, i) => `"${name}": ${python(values[i])}`).join(', ')
}

/** A step takes so long, and up to a twentieth more or less. */
function timeOf(step, { noise }) {
  return new Date(FIRST_TIME_MS + STEP_MS * (step + noise / 20))
}

/** What tqdm draws before its last values. */
function bar(step) {
  const share = step / STEPS
  const full = '█'.repeat(Math.floor(share * BAR_CHARS)).padEnd(BAR_CHARS)
  const percent = String(Math.floor(100 * share)).padStart(3)
  return `${percent}%|${full}| ${step}/${STEPS} [${duration(step)}<${duration(STEPS - step)},  3.28it/s`
}

function duration(steps) {
  const seconds = Math.floor((steps * STEP_MS) / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const [mm, ss] = [minutes, seconds % 60].map((part) => String(part).padStart(2, '0'))
  return hours > 0 ? `${hours}:${mm}:${ss}` : `${mm}:${ss}`
}

function megatronLine(step, curve) {
  const { loss, norm, rate, noise } = curve
  const parts = [
    ` [${timeOf(step, curve).toISOString().slice(0, 19).replace('T', ' ')}] iteration ${String(step).padStart(8)}/ ${STEPS}`,
    `consumed samples: ${String(256 * step).padStart(12)}`,
    `elapsed time per iteration (ms): ${(STEP_MS + noise).toFixed(1)}`,
    `learning rate: ${megatronNumber(rate)}`,
    'global batch size:   256',
    `lm loss: ${megatronNumber(loss)}`,
    'loss scale: 1.0',
    `grad norm: ${norm.toFixed(3)}`,
    'number of skipped iterations:   0',
    'number of nan iterations:   0 |\n',
  ]
  return parts.join(' | ')
}

/** As `%.6E` writes it. */
function megatronNumber(value) {
  return python(value.toExponential(6)).toUpperCase()
}

/** A number as Python writes it: its exponent has two digits at least. */
function python(number) {
  return String(number).replace(/e([+-])(\d)$/, 'e$10$2')
}
