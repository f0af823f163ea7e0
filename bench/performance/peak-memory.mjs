// Loaded before a program by `--import`: writes the most memory that it had resident into the file of this variable.
import { readFileSync, writeFileSync } from 'node:fs'

process.on('exit', () => {
  // Not that of `resourceUsage`, which holds what the parent had when it forked.
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
  writeFileSync(process.env.NANWATCH_BENCH_PEAK, kib)
})
