/** What `-` on the command line stands for; yargs would drop the bare dash. */
export const STANDARD_INPUT = '/dev/stdin'
