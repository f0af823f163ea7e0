type Draw = () => number

/** A log of one layout: its heading, and the line of a step. */
export interface Layout {
  readonly name: string
  readonly heading?: string
  line(step: number, draw: Draw): string
}

const loss = (step: number, draw: Draw) => 0.6 + 3 * Math.exp(-step / 900) + 0.2 * draw()
const rate = (step: number) => 1e-4 * (1 + Math.cos(step / 500))
const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
const clockOf = (step: number) => `${two(8 + ((step / 3600) % 12))}:${two((step / 60) % 60)}:${two(step % 60)}`
const bar = (share: number) => '█'.repeat(Math.floor(10 * share)).padEnd(10, ' ')

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'JSON lines',
    line: (step, draw) =>
      JSON.stringify({
        step,
        loss: loss(step, draw),
        lr: rate(step),
        grad_norm: Number((2 * draw()).toFixed(3)),
        epoch: step / 100,
      }),
  },
  {
    name: 'JSON lines with a time and words',
    line: (step, draw) =>
      `{"time": "2026-03-05T${clockOf(step)}.${Math.floor(100 + 900 * draw())}Z", "split": "train", "iter": ${step}, "train_loss": ${loss(step, draw).toFixed(5)}, "eta": "0:${two(60 * draw())}:${two(60 * draw())}"}`,
  },
  {
    name: 'JSON lines with seconds since 1970',
    line: (step, draw) =>
      `{"ts": ${1_772_000_000 + step}.${Math.floor(10 + 89 * draw())}, "step": ${step}, "loss": ${loss(step, draw).toFixed(4)}}`,
  },
  {
    name: 'Python dicts',
    line: (step, draw) =>
      `{'loss': ${loss(step, draw).toFixed(4)}, 'grad_norm': ${(3 * draw()).toFixed(6)}, 'learning_rate': ${rate(step)}, 'epoch': ${(step / 200).toFixed(2)}}`,
  },
  {
    name: 'words and bars behind a logger',
    line: (step, draw) =>
      `2026-03-0${1 + Math.floor(step / 2000)} ${clockOf(step)},${Math.floor(100 + 899 * draw())} INFO step ${step} | loss: ${loss(step, draw).toFixed(4)} | lr: ${rate(step).toExponential(3)} | grad norm: ${(4 * draw()).toFixed(3)}`,
  },
  {
    name: 'pairs',
    line: (step, draw) =>
      `step=${step} loss=${loss(step, draw).toFixed(4)} lr=${rate(step).toFixed(8)} acc=${draw().toFixed(2)}`,
  },
  {
    name: 'bars of progress',
    line: (step, draw) =>
      `Epoch ${Math.floor(step / 500)}: ${String(Math.floor((step % 500) / 5)).padStart(3)}%|${bar((step % 500) / 500)}| ${step % 500}/500 [${two((step / 60) % 60)}:${two(step % 60)}<${two(59 * draw())}:${two(59 * draw())}, ${(5 + 9 * draw()).toFixed(2)}it/s, loss=${loss(step, draw).toFixed(3)}]`,
  },
  {
    name: 'aligned columns of a large framework',
    line: (step, draw) =>
      ` iteration ${String(step).padStart(8)}/  500000 | consumed samples: ${String(step * 256).padStart(12)} | elapsed time per iteration (ms): ${(400 + 99 * draw()).toFixed(1)} | learning rate: ${rate(step).toExponential(6).toUpperCase()} | lm loss: ${loss(step, draw).toExponential(6).toUpperCase()} | grad norm: ${(2 * draw()).toFixed(3)} | number of nan iterations:   0 |`,
  },
  {
    name: 'CSV',
    heading: 'step,epoch,train_loss,lr',
    line: (step, draw) => `${step},${(step / 100).toFixed(2)},${loss(step, draw)},${rate(step)}`,
  },
  {
    name: 'CSV in quotes',
    heading: '"step","loss","val_loss"',
    line: (step, draw) => `"${step}","${loss(step, draw)}","${loss(step, draw).toFixed(4)}"`,
  },
  {
    name: 'columns of spaces',
    heading: '#  step      rmse_trn      rmse_val            lr',
    line: (step, draw) =>
      ` ${String(step).padStart(6)}      ${loss(step, draw).toExponential(2)}      ${loss(step, draw).toExponential(2)}      ${rate(step).toExponential(1)}`,
  },
  {
    name: 'epochs and batches in brackets',
    line: (step, draw) =>
      `Epoch: [${Math.floor(step / 100)}][${step % 100}/100]\tTime ${draw().toFixed(3)} (${draw().toFixed(3)})\tLoss ${loss(step, draw).toExponential(4)} (${loss(step, draw).toExponential(4)})\tAcc@1 ${(100 * draw()).toFixed(2)} (${(100 * draw()).toFixed(2)})`,
  },
  {
    name: 'a rank before each line',
    line: (step, draw) =>
      `[rank${step % 4}]: step ${Math.floor(step / 4)} loss ${loss(step, draw).toFixed(4)} time ${draw().toFixed(2)}s`,
  },
  {
    name: 'seconds since 1970 before its level',
    line: (step, draw) =>
      `${1_772_000_000 + step}.${Math.floor(999 * draw())} INFO step ${step} loss ${loss(step, draw).toFixed(4)}`,
  },
  {
    name: 'training and validation in turn',
    line: (step, draw) =>
      step % 3 === 2
        ? `  validation: val_loss ${loss(step, draw).toFixed(4)} val_acc ${draw().toFixed(3)}`
        : `iter ${step}: loss ${loss(step, draw).toFixed(4)}, time ${(99 * draw()).toFixed(2)}ms, mfu ${(40 * draw()).toFixed(2)}%`,
  },
  {
    name: 'losses that are 0 now and then',
    line: (step, draw) =>
      `[${clockOf(step)}] step ${step} loss ${draw() < 0.2 ? '0.0000' : loss(step, draw).toFixed(4)} aux ${draw() < 0.5 ? '0.0' : draw().toFixed(1)}`,
  },
  {
    name: 'rounds of boosting',
    line: (step, draw) =>
      `[${step}]\ttrain-logloss:${loss(step, draw).toFixed(5)}\teval-logloss:${loss(step, draw).toFixed(5)}`,
  },
]

const INSERTED = [
  'e',
  '.',
  '-',
  '+',
  ',',
  '"',
  "'",
  ' ',
  '0',
  '00',
  '7',
  '/',
  ':',
  '%',
  'x',
  '\t',
  'k',
  ')',
  '1e400',
  '=',
  '|',
]
const NUMBERS = [
  'NaN',
  'nan',
  'inf',
  '-inf',
  '.5',
  '5.',
  '00',
  '007',
  '1e400',
  '1e-400',
  '-0',
  '-0.0',
  '+3',
  '1,234',
  '1_000',
  '0x1f',
  '12345678901234567890123',
  '0.1234567890123456789012345',
  '20260305',
  '1772000000',
  '1.7e9',
  '2026-03-05',
  '10:20:30',
  '3/4',
  '99%',
  '1e5',
  '12ms',
  'None',
  'null',
  '',
]

/** A line with one to three changes in or beside its numbers. */
export function mutated(line: string, draw: Draw): string {
  let text = line
  for (let count = 1 + Math.floor(3 * draw()); count > 0; count--) {
    const numbers = [...text.matchAll(/\d[\d.e+-]*/g)]
    if (numbers.length === 0) return text
    const { index, 0: number } = numbers[Math.floor(draw() * numbers.length)]!
    const at = index + Math.floor(draw() * (number.length + 1))
    const kind = draw()
    if (kind < 0.35) text = text.slice(0, at) + pick(INSERTED, draw) + text.slice(at)
    else if (kind < 0.6) text = text.slice(0, index) + pick(NUMBERS, draw) + text.slice(index + number.length)
    else if (kind < 0.8)
      text =
        text.slice(0, index) +
        number.replace(/\d/g, () => String(Math.floor(10 * draw()))) +
        text.slice(index + number.length)
    else text = text.slice(0, index) + text.slice(Math.min(text.length, at + 1))
  }
  return text
}

function pick(all: readonly string[], draw: Draw): string {
  return all[Math.floor(draw() * all.length)]!
}
