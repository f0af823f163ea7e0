// The files that a job of the field writes: one record for each step, or a log of losses beside a dump of predictions.
import { zipSync } from 'fflate'
import { TYPES } from './floats.mjs'
import { probabilitiesOf } from './model.mjs'

/** The content of each file, by its name. */
export function filesOf(job, next) {
  const { set } = job.conditions
  const isHeldOut = set.isHeldOut || job.fault.shows === 'held'
  const isSeparate = set.isSeparate || job.fault.shows === 'held'
  const lossDecimals = 4 + Math.floor(3 * next())
  const isDumped = ({ step, loss, held }) =>
    isHeldOut ? held !== null : step % set.every === 0 || (set.dumpsFailures && !Number.isFinite(loss))
  const number = (value) => (isSeparate && Number.isFinite(value) ? Number(value.toFixed(lossDecimals)) : value)
  const losses = (step) => {
    const named = isHeldOut ? { train_loss: number(step.loss) } : { loss: number(step.loss) }
    const parts = job.config.terms.length > 0 && set.logsParts && job.hidesParts !== true ? step.parts : []
    return {
      ...named,
      ...Object.fromEntries(parts.map(({ name, value }) => [name, number(value)])),
      ...(job.reportsPerplexity && { ppl: number(Math.exp(step.loss)) }),
      ...(job.logsGradient && { grad_norm: number(step.gradientNorm), lr: step.learningRate }),
      ...(isHeldOut &&
        step.held !== null &&
        (set.logsHeldLoss || job.fault.shows === 'held') && { val_loss: number(step.held.loss) }),
    }
  }
  const steps = job.steps.filter((step) => isSeparate || isDumped(step))
  if (!isSeparate) {
    const lines = steps.map((step) => jsonOf({ step: step.step, ...losses(step), ...dumpOf(job, step, isHeldOut) }))
    return new Map([['train.jsonl', `${lines.join('\n')}\n`]])
  }
  const log = steps.map((step) => lineOf(step.step, losses(step)))
  const dumps = steps.filter(isDumped).map((step) => ({ step: step.step, ...dumpOf(job, step, isHeldOut) }))
  const name = isHeldOut ? 'val_preds' : 'preds'
  const files = new Map([['train.log', `${log.join('\n')}\n`]])
  if (!set.isArchive) return files.set(`${name}.jsonl`, `${dumps.map(jsonOf).join('\n')}\n`)
  for (const dump of dumps) files.set(`${name}_${String(dump.step).padStart(5, '0')}.npz`, archiveOf(dump, job))
  return files
}

function dumpOf({ dumps, dumpsInputs, config, conditions: { set }, hidesWeights, logsWeights }, step, isHeldOut) {
  const { dumped: logits, inputs, batch } = isHeldOut ? { ...step.held, dumped: step.held.logits } : step
  const isOfInputs = dumpsInputs === true || config.activation !== 'none'
  const rows = dumps === 'logits' ? logits : isOfInputs ? inputs : logits.map((row) => probsOf(config, row))
  const count = Math.max(1, Math.round(rows.length * set.share))
  const written = (value) => {
    const held = set.half === null ? value : TYPES[set.half].round(value)
    return set.decimals === null || !Number.isFinite(held) ? held : Number(held.toFixed(set.decimals))
  }
  const part = rows.slice(0, count).map((row) => row.map(written))
  const isLogged = logsWeights ?? (set.logsWeights && hidesWeights !== true)
  return {
    [dumps]: config.head === 'sigmoid' ? part.map(([value]) => value) : part,
    labels: batch.labels.slice(0, count),
    ...(isLogged && batch.rowWeights !== undefined && { sample_weight: batch.rowWeights.slice(0, count) }),
    ...(isLogged && config.classWeights !== null && { class_weights: config.classWeights }),
  }
}

function probsOf({ head, dtype }, row) {
  const { round } = TYPES[dtype]
  return head === 'labels' ? row.map((z) => round(1 / (1 + Math.exp(-z)))) : probabilitiesOf(row).map(round)
}

/** JSON as Python writes it: NaN and Infinity stand bare. */
function jsonOf(record) {
  const text = (value) => {
    if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
    return typeof value === 'number' ? String(value) : JSON.stringify(value)
  }
  return `{${Object.entries(record)
    .map(([name, value]) => `"${name}": ${text(value)}`)
    .join(', ')}}`
}

function lineOf(step, losses) {
  const text = (value) =>
    Number.isNaN(value) ? 'nan' : Math.abs(value) === Infinity ? (value > 0 ? 'inf' : '-inf') : value
  return `step ${step} ${Object.entries(losses)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(' ')}`
}

/** An npz of a dump: predictions in half precision where they were rounded to it, whole labels as int64, all else float32. */
function archiveOf(dump, { dumps, conditions: { set } }) {
  const entries = Object.entries(dump).map(([name, value]) => {
    const values = [value].flat(2)
    const isWhole = name === 'step' || (name === 'labels' && values.every(Number.isInteger))
    const type = isWhole ? 'i8' : name === dumps && set.half === 'float16' ? 'f2' : 'f4'
    return [`${name}.npy`, arrayOf(value, values, type)]
  })
  return zipSync(Object.fromEntries(entries), { level: 0 })
}

function arrayOf(value, values, type) {
  const shape = []
  for (let part = value; Array.isArray(part); part = part[0]) shape.push(part.length)
  const bytes = Number(type[1])
  const dimensions = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`
  const header = `{'descr': '<${type}', 'fortran_order': False, 'shape': ${dimensions}, }`
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`
  const data = Buffer.alloc(10 + padded.length + bytes * values.length)
  data.write('\x93NUMPY\x01\x00', 0, 'latin1')
  data.writeUInt16LE(padded.length, 8)
  data.write(padded, 10, 'latin1')
  values.forEach((number, i) => {
    const at = 10 + padded.length + bytes * i
    if (type === 'i8') data.writeBigInt64LE(BigInt(number), at)
    else if (type === 'f4') data.writeFloatLE(number, at)
    else data.writeUInt16LE(halfBits(number), at)
  })
  return data
}

/** The bits of a number that float16 holds. */
function halfBits(x) {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0
  const size = Math.abs(x)
  if (Number.isNaN(x)) return 0x7e00
  if (size === Infinity) return sign | 0x7c00
  if (size < 2 ** -14) return sign | (size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024)
}
