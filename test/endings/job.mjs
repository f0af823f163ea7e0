/**
 * A training job as people write them: it logs a falling loss, and ends as it is told.
 *
 *   node job.mjs FORMAT STEPS [--every MS] [--then WORDS] [--end HOW] [--append FILE] [--log FILE] [--close-after STEPS]
 *     [--from STEP] [--catch-at STEP]
 *
 * FORMAT is `jsonl`, `csv`, `plain`, `count`, `count-from-0`, `key-value`, `bar`, `bar-open` (no line of it ends),
 * `keras`, `trainer` or `heading`. It logs to its stdout, or to `--log` FILE, which it keeps open; with `--append` it opens FILE for each line, from the
 * step on that `--close-after` names, at which it closes its stdout. It begins at step `--from`, and 1 otherwise. At step
 * `--catch-at` it prints on its stderr an exception that it has caught. After its steps it
 * prints WORDS. HOW it ends: `exit` (0), `live` (it lives on and writes no more), `fail` (an exception nobody caught), `die` (the same, on its stderr),
 * `exit-1`, or `nan` (the loss is NaN from half of its steps on).
 */
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '200' },
    // biome-ignore lint/suspicious/noThenProperty: an option, and no promise
    then: { type: 'string', default: '' },
    end: { type: 'string', default: 'exit' },
    append: { type: 'string' },
    log: { type: 'string' },
    'close-after': { type: 'string', default: '0' },
    from: { type: 'string', default: '1' },
    'catch-at': { type: 'string' },
  },
})
const [format, steps] = [positionals[0], Number(positionals[1])]
const log = values.log === undefined ? 1 : openSync(values.log, 'a')

const closeAfter = Number(values['close-after'])
let done = 0

function write(text) {
  if (values.append !== undefined && done >= closeAfter) appendFileSync(values.append, text)
  else writeSync(log, text)
}

const TRACEBACK =
  'Traceback (most recent call last):\n  File "train.py", line 41, in <module>\n    main()\nValueError: the shapes differ\n'

const FORMATS = {
  jsonl: (step, loss) => `{"step": ${step}, "loss": ${loss}}\n`,
  csv: (step, loss) => `${step === 1 ? 'step,loss,lr\n' : ''}${step},${loss},0.001\n`,
  plain: (step, loss) => `step ${step} loss ${loss} lr 0.001\n`,
  count: (step, loss) => `step ${step}/${steps} loss ${loss}\n`,
  'count-from-0': (step, loss) => `iter ${step - 1}/${steps} loss ${loss}\n`,
  'key-value': (step, loss) => `step=${step} loss=${loss} lr=0.001\n`,
  bar: (step, loss) => {
    const percent = Math.floor((100 * step) / steps)
    const bar = '#'.repeat(percent / 10).padEnd(10)
    return `\r${String(percent).padStart(3)}%|${bar}| ${step}/${steps} [00:0${step % 10}<00:00, 10.00it/s, loss=${loss}]${step === steps ? '\n' : ''}`
  },
  'bar-open': (step, loss) => `\r[${step}/${steps}] loss ${loss}`,
  keras: (step, loss) =>
    `Epoch ${step}/${steps}\n80/80 ━━━━━━━━━━━━━━━━━━━━ 0s 2ms/step - accuracy: 0.5000 - loss: ${loss}\n`,
  trainer: (step, loss) => `{'loss': ${loss}, 'grad_norm': 0.5, 'learning_rate': 0.001, 'epoch': ${step / steps}}\n`,
  heading: (step) => `Loading file ${step}\n`,
}

if (format === 'heading') write('Loading the data\nThe model has 124M parameters\n')
for (let step = Number(values.from); step <= steps; step++) {
  const isLost = values.end === 'nan' && step > steps / 2
  const loss = isLost ? (format === 'jsonl' ? 'NaN' : 'nan') : (0.5 + 2 / Math.sqrt(step)).toFixed(4)
  write(FORMATS[format](step, loss))
  done = step
  if (step === Number(values['catch-at'])) writeSync(2, TRACEBACK)
  if (step === closeAfter) closeSync(log)
  await new Promise((resolve) => setTimeout(resolve, Number(values.every)))
}
if (values.then !== '') write(`${values.then.replaceAll('\\n', '\n')}\n`)
switch (values.end) {
  case 'live':
    setInterval(() => undefined, 1000)
    break
  case 'fail':
    write(TRACEBACK)
    process.exit(1)
    break
  case 'die':
    writeSync(2, TRACEBACK)
    process.exit(1)
    break
  case 'exit-1':
    process.exit(1)
}
