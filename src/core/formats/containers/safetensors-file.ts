import { isSafetensors, readHeader, readTensor, type SafetensorsHeader } from '../../arrays/safetensors.ts'
import { NumberArray } from '../../literals/record-value.ts'
import { isNamed } from '../../reading/name-pattern.ts'
import { stepOfFileName } from '../../records/file-step.ts'
import { isBatchName, isPredictionDump } from '../predictions/prediction-arrays.ts'
import { NOTHING_SEEN, type SeenBatches } from '../predictions/repeated-batches.ts'
import type { Container } from './container.ts'
import { type Dump, DumpBuilder, MAX_DUMP_BYTES, newRecordsOf } from './dump-file.ts'

const NAMES = ['*.safetensors']

/** Names of files that hold the weights of a model, and never its predictions. */
const MODEL_WEIGHTS =
  /^(?:(?:pytorch_)?model|adapter_model|consolidated|optimizer|diffusion_pytorch_model)\b.*\.safetensors$/i

/** Predictions and labels in a file of safetensors, which nearly always holds the weights of a model instead. */
export const safetensors: Container<SeenBatches> = {
  name: 'safetensors',
  about: 'Predictions and labels as tensors; files of weights are told by their header and passed over.',
  example: 'step_000120.safetensors with logits, labels and loss',
  names: NAMES,
  isFollowed: (name) => !MODEL_WEIGHTS.test(name),
  isPerStep: true,
  leastBytes: 16,
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  // One that is called so may still be written, and end within its header.
  recognises: ({ bytes, sizeBytes, name }) => isSafetensors(bytes, isNamed(name, NAMES) ? Infinity : sizeBytes),

  mayHoldData({ bytes }) {
    const header = readHeader(bytes)
    return header !== null && isPredictionDump(header.tensors.keys())
  },

  start: () => NOTHING_SEEN,

  parse(frame, seen, name) {
    const header = readHeader(frame.bytes)
    if (header !== null) return newRecordsOf(arraysOf(frame.bytes, header), frame, seen, stepOf(header, name))
    return { results: [], state: seen }
  },
}

function stepOf({ metadata }: SafetensorsHeader, name: string): number | null {
  const step = metadata.get('step') ?? metadata.get('global_step') ?? metadata.get('epoch')
  return step !== undefined && /^\d{1,15}$/.test(step) ? Number(step) : stepOfFileName(name)
}

function arraysOf(bytes: Uint8Array, header: SafetensorsHeader): Dump {
  const builder = new DumpBuilder()
  if (!isPredictionDump(header.tensors.keys())) return builder.dump
  for (const [name, entry] of header.tensors) if (isBatchName(name)) builder.add(name, readTensor(bytes, header, entry))
  const loss = header.metadata.get('loss')
  if (loss !== undefined && !header.tensors.has('loss')) {
    builder.add('loss', { ok: true, array: new NumberArray([], Float64Array.of(Number(loss))) })
  }
  return builder.dump
}
