import type { Container } from './container.ts'

/** How the words begin by which somebody who dumps predictions or a history would call it. */
const DATA_WORDS = /^(?:pred|prob|logit|output|label|target|loss|metric|hist|result|eval|curve|oof|softmax|score|dump)/
/** How the words begin by which the parts of a checkpoint go. */
const CHECKPOINT_WORDS =
  /^(?:model|pytorch|optim|sched|rng|random|training|checkpoint|ckpt|weight|adapter|ema|best|last|scaler|shard|zero|rank|layer|consolidated|state|param|tokenizer|vocab)/

const ADVICE =
  'a pickle can run any program when it is read, so it is not read; save predictions with np.savez or safetensors, ' +
  'and a history with json.dump'

/**
 * Pickles, by whatever name: what `pickle.dump`, `torch.save` and `joblib.dump` write.
 *
 * One is refused with advice, unless its name is that of a part of a checkpoint:
 * each checkpoint has several of those, and nobody would expect them to be read.
 */
export const refused: Container<null> = {
  name: 'pickle',
  about: 'A pickle, also of PyTorch and joblib: never read, for that could run a program.',
  example: 'predictions.pkl, preds.pt, history.pickle',
  names: ['*.pkl', '*.pickle', '*.pt', '*.pth', '*.joblib'],
  // Below a folder only those that somebody meant to be read, by their names: the others are checkpoints.
  isFollowed: (name) => /pred|prob|logit|history|oof/i.test(name),
  framing: 'whole',
  readsHeadOnly: true,
  recognises: ({ name, bytes }) =>
    isPickle(bytes) || isTorchArchive(bytes) || /\.joblib$|\.(?:pkl|pickle)\.(?:gz|bz2|xz)$/i.test(name),
  start: () => null,

  parse({ offset }, state, name) {
    if (isOfCheckpoint(name)) return { results: [], state }
    return { results: [{ offset, result: { kind: 'reject', reason: 'refused', detail: ADVICE } }], state }
  },
}

/** Whether the first bytes are the opcode and the number of a pickle protocol. */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5
}

/** `torch.save` writes a zip archive whose first member is a pickle, or the version of the layout. */
function isTorchArchive(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4 || bytes.length < NAME_START)
    return false
  const length = bytes[26]! + 256 * bytes[27]!
  const name = String.fromCharCode(...bytes.subarray(NAME_START, NAME_START + Math.min(length, 256)))
  return /(?:^|\/)(?:data\.pkl|constants\.pkl|\.format_version)$/.test(name)
}

function isOfCheckpoint(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  return words.some((word) => CHECKPOINT_WORDS.test(word)) && !words.some((word) => DATA_WORDS.test(word))
}

const NAME_START = 30
