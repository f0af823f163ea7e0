import fc from 'fast-check'

const decoder = new TextDecoder()

/** Any line that bytes on a disk can make: text, and noise with broken characters. */
export const anyText = fc.oneof(
  fc.string(),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => decoder.decode(bytes)),
)

const WORDS = [
  'step',
  'loss',
  'val_loss',
  'lm loss',
  'grad norm',
  'epoch',
  'lr',
  'INFO',
  'Test',
  'at',
  'nan',
  'inf',
  'nanms',
  '0.5',
  '1/2',
  '12',
  '-',
  '1e400',
  '{',
  '}',
  '"',
  "'",
  '[',
  ']',
  '(',
  ')',
  '=',
  ': ',
  ',',
  '|',
  ' ',
  '  ',
  '\t',
  '%',
  '2026-01-01 10:00:00',
  '{"step": 1, "loss": 0.5}',
  "{'loss': nan}",
  'step,loss',
  '1,0.5',
  '\u001b[31m',
  '\\',
]

/** A line put together from the words of training logs, which gets deeper than noise does. */
export const logLikeText = fc.array(fc.constantFrom(...WORDS), { maxLength: 16 }).map((words) => words.join(''))
