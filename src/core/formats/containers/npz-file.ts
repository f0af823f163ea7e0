import { isNpy, readNpy } from '../../arrays/npy.ts'
import { firstMemberName, isZip, unpack, zipMembers } from '../../binary/zip.ts'
import { isNamed } from '../../reading/name-pattern.ts'
import { stepOfFileName } from '../../records/file-step.ts'
import { WEIGHTS } from '../../records/prediction-fields.ts'
import { isBatchName, isPredictionDump } from '../predictions/prediction-arrays.ts'
import { NOTHING_SEEN, type SeenBatches } from '../predictions/repeated-batches.ts'
import type { Container } from './container.ts'
import { type Dump, DumpBuilder, MAX_DUMP_BYTES, newRecordsOf } from './dump-file.ts'

const NAMES = ['*.npz']

/** Predictions and labels in one file of NumPy. */
export const npz: Container<SeenBatches> = {
  name: 'npz',
  about:
    'Predictions and labels as `np.savez` or `np.savez_compressed` write them; the step is an array, or in the name.',
  example: 'step_000120.npz with probs, labels and loss',
  names: NAMES,
  isPerStep: true,
  // The header of the first member of a zip file.
  leastBytes: 30,
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  recognises: ({ bytes, name }) => isZip(bytes) && (firstMemberName(bytes).endsWith(NPY) || isNamed(name, NAMES)),

  start: () => NOTHING_SEEN,

  parse: (frame, seen, name) => newRecordsOf(arraysOf(frame.bytes), frame, seen, stepOfFileName(name)),
}

const NPY = '.npy'

function arraysOf(bytes: Uint8Array): Dump {
  const builder = new DumpBuilder()
  const members = zipMembers(bytes)
  if (members === null) builder.fail('broken-frame', 'a zip file without its list of members: written in part')
  const names = (members ?? []).map(({ name }) => nameOf(name))
  if (!isPredictionDump(names)) return builder.dump
  for (const member of members ?? []) {
    const name = nameOf(member.name)
    if (!isBatchName(name) && !WEIGHTS.has(name)) continue
    const unpacked = unpack(bytes, member)
    if (typeof unpacked === 'string') builder.fail('broken-frame', `${name}: ${unpacked}`)
    else if (isNpy(unpacked)) builder.add(name, readNpy(unpacked))
  }
  return builder.dump
}

function nameOf(member: string): string {
  return member.endsWith(NPY) ? member.slice(0, -NPY.length) : member
}
