/** A job ends its own workers so. Looked for behind the words of an end: before them, it would be at every place of a line. */
const NOT_OF_HELPER = '(?<!\\b(?:workers?|child|children|subprocess\\w*|helpers?|loaders?)\\b.{0,90})'
/** The names of the signals, as far as a line gives one in place of a number. */
const NAMES: Readonly<Record<string, string>> = {
  '2': 'int',
  '4': 'ill',
  '6': 'abrt',
  '7': 'bus',
  '8': 'fpe',
  '9': 'kill',
  '10': 'bus',
  '11': 'segv',
  '15': 'term',
}
const WORDS_OF_AN_END = '\\b(?:exited|killed|terminated|ended|died|crashed) (?:on|by|with|due to|from)'

/**
 * What launchers say of a process that a signal ended, and shells in other languages than English.
 *
 * Open MPI says `exited on signal 6 (Aborted)`, MPICH `KILLED BY SIGNAL: 6 (Aborted)` or `EXIT STRING: Aborted (signal 6)`,
 * Slurm `task 3: Aborted`, systemd `code=killed, status=6/ABRT`. A process of Open MPI says itself `Signal: Aborted (6)`. A
 * number alone, as in `received signal 15`, tells of no end. `abroad` are the words of the GNU C library, which a shell
 * writes at the begin of a line or behind a process number. zsh writes the English ones so.
 */
export function endedBySignal(numbers: string, name: string, abroad?: string): RegExp {
  const names = numbers.split('|').map((each) => NAMES[each])
  const told = [
    `${WORDS_OF_AN_END} (?:signal:? ?(?:${numbers})|sig(?:${names.join('|')}))\\b${NOT_OF_HELPER}`,
    `^(?:\\[[\\w.:-]{1,80}\\] )?signal: ${name} \\((?:${numbers})\\)`,
    `\\bcode=(?:killed|dumped), status=(?:${numbers})/`,
    `exit string: [\\w ]{1,40}\\(signal (?:${numbers})\\)`,
    `\\btasks? \\d[\\d,-]*: ${name}\\b`,
    `^zsh: ${name}\\b`,
  ]
  if (abroad !== undefined) told.push(`(?:^|[:：] *\\d+ +)(?:${abroad})(?:です)?(?:$|[。.!]$| ?[(（]| {2})`)
  return new RegExp(told.join('|'))
}
