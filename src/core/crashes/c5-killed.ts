import type { CrashClass } from './crash-class.ts'
import { endedBySignal } from './ended-by-signal.ts'

/** C5: a signal that no process can answer. */
export const killed = {
  code: 'C5-killed',
  kind: 'killed',
  why: 'Something killed the process and gave it no time to say why.',
  fix: "It is the kernel's out-of-memory killer more often than not: see dmesg, or the accounting of the scheduler.",
  next: 'dmesg -T, or sacct -j JOB --format=State,ExitCode,MaxRSS, at the time of the last line.',
  surely: [
    /status=9\/kill/,
    /(?:(?:with|by) signal |signals\.)sigkill\b/,
    /^killed(?:$|: 9$| {2})/,
    /: line \d+: +\d+ killed\b/,
    /signal:? 9\b|\(sigkill\)/,
    /return ?code:? ?=? -9\b/,
    /(?:exit )?signal: killed/,
    /task \d+: killed|\*\*\* \[.{1,160}\] killed$/,
    /^\[\d+\]\+? +(?:\d+ )?killed\b/,
    endedBySignal(
      '9',
      'killed',
      'getötet|terminado(?= \\((?:killed|matado))|terminato(?= \\((?:killed|ucciso))|processus arrêté|ucciso|matado|убито|已杀死|已砍掉|強制終了|죽었음',
    ),
  ],
  says: [/worker died (?:or was killed|unexpectedly) while executing/],
  exitCodes: [-9, 137],
  isGeneral: true,
  reachesOthers: true,
} as const satisfies CrashClass
