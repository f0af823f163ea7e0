import { isNpy, readNpy } from '../../arrays/npy.ts'
import { NumberArray } from '../../literals/record-value.ts'
import type { Frame } from '../../reading/frame.ts'
import { type CsvState, readCsvLine } from '../../records/csv-rows.ts'
import { isLossRole } from '../../records/fields.ts'
import { stepOfFileName } from '../../records/file-step.ts'
import { isPredictionName, knownName, LABELS } from '../../records/prediction-fields.ts'
import { NOTHING_SEEN, type SeenBatches } from '../predictions/repeated-batches.ts'
import type { Container } from './container.ts'
import { type Dump, DumpBuilder, MAX_DUMP_BYTES, newRecordsOf } from './dump-file.ts'

/** Predictions in a file of NumPy of their own, with the labels in another one beside it. */
export const npy: Container<SeenBatches> = {
  name: 'npy',
  about: 'Predictions as `np.save` writes them, named so, with the labels in a second file beside them.',
  example: 'logits.npy and labels.npy; preds_120.npy and labels_120.npy',
  names: ['*.npy'],
  isPerStep: true,
  leastBytes: 16,
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  recognises: ({ bytes }) => isNpy(bytes),

  // Most arrays that a job saves are data, and those may be large.
  mayHoldData: ({ name }) => namePartsOf(name) !== null,

  companions(name) {
    const parts = namePartsOf(name)
    if (parts === null) return []
    const { prefix, suffix } = parts
    const beside = [...LABELS, ...LOSSES].map((other) => `${prefix}${other}${suffix}.npy`)
    const shared = [...LABELS, ...LOSSES, ...STEPS].map((other) => `${other}.npy`)
    return [...new Set([...beside, ...shared, ...LOSSES.map((loss) => `${loss}.csv`)])]
  },

  start: () => NOTHING_SEEN,

  parse(frame, seen, name) {
    const parts = namePartsOf(name)
    if (parts === null) return { results: [], state: seen }
    return newRecordsOf(arraysOf(frame, parts), frame, seen, stepOfFileName(name))
  },
}

const LOSSES = ['loss', 'losses']
const STEPS = ['step', 'steps']
const MAX_CSV_LINES = 100_000

/** `val_logits_120.npy` in parts: what stands around the name of the predictions, and may stand around that of the labels. */
interface NameParts {
  readonly prefix: string
  readonly predictions: string
  readonly suffix: string
}

function namePartsOf(fileName: string): NameParts | null {
  const stem = fileName.endsWith('.npy') ? fileName.slice(0, -4) : fileName
  const base = withoutCounter(stem)
  if (!isPredictionName(base)) return null
  const predictions = knownName(base)
  return { prefix: base.slice(0, base.length - predictions.length), predictions, suffix: stem.slice(base.length) }
}

/** `preds` of `preds-120` and of `preds_epoch3`. */
function withoutCounter(stem: string): string {
  let end = stem.length
  while (end > 0 && isDigit(stem.charAt(end - 1))) end--
  if (end === stem.length) return stem
  const trim = () => {
    while (end > 0 && '-_.='.includes(stem.charAt(end - 1))) end--
  }
  trim()
  const word = ['step', 'epoch', 'iter'].find((word) => stem.endsWith(word, end))
  if (word === undefined) return stem.slice(0, end)
  end -= word.length
  trim()
  return stem.slice(0, end)
}

function arraysOf({ bytes, companions }: Frame, { predictions, prefix, suffix }: NameParts): Dump {
  const builder = new DumpBuilder()
  // Companions come in no order, and the one that is named alike goes before a shared one.
  const isOwn = (name: string) => name.startsWith(prefix) && name.endsWith(`${suffix}.npy`)
  const sorted = [...companions].sort((a, b) => Number(isOwn(b.name)) - Number(isOwn(a.name)))
  let hasLabels = false
  let hasLoss = false
  builder.add(predictions, readNpy(bytes))
  for (const companion of sorted) {
    const stem = companion.name.slice(0, companion.name.lastIndexOf('.'))
    const name = isOwn(companion.name) ? stem.slice(prefix.length, stem.length - suffix.length) : stem
    if (companion.name.endsWith('.csv')) {
      if (!hasLoss) for (const [column, array] of columnsOf(companion.bytes)) builder.add(column, { ok: true, array })
      hasLoss = true
    } else if (LOSSES.includes(name)) {
      if (!hasLoss) builder.add('loss', readNpy(companion.bytes))
      hasLoss = true
    } else if (LABELS.includes(name)) {
      if (!hasLabels) builder.add(name, readNpy(companion.bytes))
      hasLabels = true
    } else {
      builder.add('step', readNpy(companion.bytes))
    }
  }
  return builder.dump
}

/** The steps and losses of a table beside the predictions. */
function columnsOf(bytes: Uint8Array): readonly [string, NumberArray][] {
  const steps: number[] = []
  const losses: number[] = []
  let state: CsvState = null
  for (const text of new TextDecoder().decode(bytes).split('\n', MAX_CSV_LINES)) {
    if (text.trim() === '') continue
    const parsed = readCsvLine({ text, offset: 0, bytes: text.length }, state)
    state = parsed.state
    for (const record of parsed.result.kind === 'records' ? parsed.result.records : []) {
      if (record.kind !== 'scalars') continue
      const loss = record.scalars.find(({ role }) => isLossRole(role))
      if (record.step === null || loss === undefined) continue
      steps.push(record.step)
      losses.push(Number(loss.value))
    }
  }
  return Object.entries({ step: steps, loss: losses }).map(([name, numbers]) => [
    name,
    new NumberArray([numbers.length], Float64Array.from(numbers)),
  ])
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}
