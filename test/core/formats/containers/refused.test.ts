import { expect, test } from 'vitest'
import type { FileHead } from '../../../../src/core/formats/containers/container.ts'
import { refused } from '../../../../src/core/formats/containers/refused.ts'

const PICKLE = [0x80, 4, 0x95, 5, 0, 0, 0, 0, 0, 0, 0]
const TORCH = zipOf('archive/data.pkl')

const heads: readonly (readonly [what: string, name: string, bytes: readonly number[], isRefused: boolean])[] = [
  ['a pickle', 'predictions.pkl', PICKLE, true],
  ['a pickle under any name', 'results.bin', [0x80, 2, 0x7d], true],
  ['an archive of PyTorch', 'preds.pt', TORCH, true],
  ['a newer archive of PyTorch', 'preds.pt', zipOf('preds/.format_version'), true],
  ['a compressed file of joblib', 'oof.joblib', [0x78, 0x9c], true],
  ['a compressed pickle', 'logits.pkl.gz', [0x1f, 0x8b], true],
  ['arrays of NumPy', 'preds.npz', zipOf('probs.npy'), false],
  ['text', 'preds.pt.log', [...Buffer.from('step 1 loss 2\n')], false],
  ['half a head of an archive', 'preds.pt', TORCH.slice(0, 20), false],
  ['nothing', 'preds.pkl', [], false],
]

test.each(heads)('%s in %s', (_what, name, bytes, isRefused) => {
  expect(refused.recognises(headOf(name, bytes))).toBe(isRefused)
})

test.each([
  ['predictions.pkl', true],
  ['val_logits_step100.pt', true],
  ['trainHistoryDict.pickle', true],
  ['step0008.pt', true],
  ['model_outputs.pt', true],
  ['model.pt', false],
  ['optimizer.pt', false],
  ['rng_state_0.pth', false],
  ['training_args.bin', false],
  ['epoch=3-step=100.ckpt', false],
])('%s is spoken of: %s', (name, isTold) => {
  const { results } = refused.parse({ offset: 0, bytes: Uint8Array.from(PICKLE), companions: [] }, null, name)
  expect(results.length).toBe(isTold ? 1 : 0)
  if (!isTold) return
  expect(results[0]).toMatchObject({
    result: { kind: 'reject', reason: 'refused', detail: expect.stringMatching(/np\.savez/) },
  })
})

function headOf(name: string, bytes: readonly number[]): FileHead {
  return { name, bytes: Uint8Array.from(bytes), sizeBytes: bytes.length }
}

/** The local header of the first member of a zip archive. */
function zipOf(member: string): readonly number[] {
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(member.length, 26)
  return [...header, ...Buffer.from(member)]
}
