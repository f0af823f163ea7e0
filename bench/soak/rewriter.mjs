// The process that `rewrites` reads from: it writes a state file anew again and again, as a job saves its state.
import { closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'

const [path, count, way] = process.argv.slice(2)

/** As the Trainer of Hugging Face keeps its state: with every tenth step one record more. */
function state(step) {
  const history = Array.from({ length: Math.ceil(step / 10) }, (_, i) => ({
    epoch: i / 100,
    loss: 1 + 1 / (i + 1),
    step: i + 1,
  }))
  return `${JSON.stringify({ epoch: step / 1000, global_step: step, log_history: history, max_steps: 1e6 }, null, 2)}\n`
}

for (let step = 1; step <= Number(count); step++) {
  const text = state(step)
  if (way === 'replace') {
    writeFileSync(`${path}.tmp`, text)
    renameSync(`${path}.tmp`, path)
  } else {
    const file = openSync(path, 'w')
    const cut = (step * 7919) % text.length
    writeSync(file, text.slice(0, cut))
    writeSync(file, text.slice(cut))
    closeSync(file)
  }
  if (step % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
}
