import { expect, test } from 'vitest'
import { HEAD_BYTES } from '../../../src/core/formats/containers/container.ts'
import { looksLikeDocument } from '../../../src/core/formats/containers/looks-like-document.ts'

const cases: readonly (readonly [what: string, name: string, text: string, isDocument: boolean])[] = [
  ['an object over several lines', 'trainer_state.json', '{\n  "epoch": 1.0,\n  "log_history": []\n}', true],
  ['an object on one line', 'history.json', '{"loss": [1, NaN]}', true],
  ['an object on one line, and a line break', 'history.json', '{"loss": [1, NaN]}\n', true],
  ['a flat object', 'wandb-summary.json', '{"_step": 4, "loss": 3.5}', true],
  ['the half of a document', 'trainer_state.json', '{\n  "epoch": 1.0,\n  "log_hi', true],
  ['a document with a byte order mark', 'Log.JSON', '\ufeff\n[1, 2]', true],
  ['documents one after the other', 'log.json', '{\n"step": 1\n}\n{\n"step": 2\n}\n', true],
  ['a document longer than the head', 'deepobs.json', `{"train_losses": [${'1, '.repeat(HEAD_BYTES)}`, true],
  ['brackets and quotes in strings', 'history.json', '{"note": "}\\"]{",\n"loss": [1]}', true],
  ['a list of objects without an ending', 'log', '[\n  {\n    "iteration": 2\n  }\n]', true],
  ['the first line of a log', 'metrics.json', '{"iteration": 19, "total_loss": 1.5}\n', false],
  ['one object per line', 'metrics.json', '{"iteration": 19}\n{"iteration": 39}\n', false],
  ['one list per line', 'metrics.json', '[1, 2]\n[3, 4]\n', false],
  ['settings before a log', 'train.log', '{\n  "lr": 0.1\n}\nstep 1 loss 2\n', false],
  ['settings before a log that is still to come', 'train.log', '{\n  "lr": 0.1\n}\n', false],
  ['settings in a file of that name before a log', 'out.json', '{\n  "lr": 0.1\n}\nstep 1 loss 2\n', false],
  ['a list before a log', 'out.log', '[\n{"lr": 0.1}\n]\nstep 1 loss 2\n', false],
  ['one object per line under another name', 'metrics.jsonl', '{"step": 1, "probs": [1]}\n', false],
  ['a time in brackets', 'train.log', '[2026-01-01 10:00:00] step 1 loss 2\n', false],
  ['nothing', 'history.json', '', false],
  ['text', 'history.json', 'step 1 loss 2', false],
]

test.each(cases)('%s in %s', (_what, name, text, isDocument) => {
  const bytes = new TextEncoder().encode(text)
  const head = { name, bytes: bytes.subarray(0, HEAD_BYTES), sizeBytes: bytes.length }
  expect(looksLikeDocument(head)).toBe(isDocument)
})
