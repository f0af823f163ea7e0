/**
 * How often the cause of a wrong loss is named rightly, over seeded jobs whose cause is known (see the end of docs/causes.md).
 *
 *     npm run bench:causes -- [SEED] [REPEATS] [--only textbook|field] [--jobs N] [--verbose] [--keep FOLDER] [--write]
 *
 * REPEATS is the number of textbook jobs of each combination, N that of the jobs of each fault in the field. `--verbose` lists
 * where something is wrong or silent, `--keep` leaves what these jobs wrote, and `--write` puts the figures into
 * docs/causes.md. Exit code 1: a goal is missed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withMeasured, withoutMeasured } from '../../scripts/measured-part.mjs'
import { markdownTable } from '../markdown-table.mjs'
import { judgedFieldJobs } from './field.mjs'
import { byCause, byCondition, codeText, figuresOf, goalsOf, percent, table } from './figures.mjs'
import { measuredSection } from './measured.mjs'
import { textbookFigures, textbookScores } from './textbook.mjs'

const PAGE = new URL('../../docs/causes.md', import.meta.url)

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    jobs: { type: 'string', default: '24' },
    verbose: { type: 'boolean', default: false },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const seed = Number(positionals[0] ?? 1)
const repeats = Number(positionals[1] ?? 2)
const out = (line) => process.stdout.write(`${line}\n`)

const textbook = options.only === 'field' ? null : textbookScores({ seed, repeats })
if (textbook !== null) printTextbook(textbook)
const jobs = options.only === 'textbook' ? null : await fieldJobs()
if (jobs !== null) printField(jobs)
if (options.write && textbook !== null && jobs !== null) write()

function fieldJobs() {
  return judgedFieldJobs({ seed, ofEach: Number(options.jobs), keepIn: options.keep ?? null })
}

function printTextbook(scores) {
  const share = (part, of) => (part / of).toFixed(3)
  out('cause                        jobs  top-1  top-3  abstained  wrong')
  for (const [number, { jobs, first, third, open, wrong, confusions }] of scores) {
    const most = [...confusions].sort((a, b) => b[1] - a[1]).slice(0, 3)
    const instead = most.map(([what, times]) => `${times} × ${what}`).join(', ')
    const name = number === 0 ? 'healthy' : codeText(number)
    const shares = `${share(first, jobs)}  ${share(third, jobs)}      ${share(open, jobs)}  ${share(wrong, jobs)}`
    out(`${name.padEnd(27)} ${String(jobs).padStart(5)}  ${shares}  ${instead}`)
  }
  const { jobs, macro, lowest, wrong } = textbookFigures(scores)
  out(`macro top-1 ${macro.toFixed(3)} · lowest of those that one batch proves ${lowest.toFixed(3)}`)
  out(`wrong advice ${wrong.toFixed(3)} of ${jobs} jobs · seed ${seed}`)
}

function printField(all) {
  if (options.verbose) for (const job of all) tell(job)
  const keys = [
    'faulty',
    'named',
    'namedOfKnown',
    'mentioned',
    'silent',
    'jobs',
    'wrong',
    'healthy',
    'warned',
    'tried',
    'cured',
  ]
  out(`\n${table('Condition', keys, byCondition(all))}\n\n${table('Cause', keys, byCause(all))}\n`)
  const uncured = all.flatMap((job) =>
    job.cures
      .filter(({ isCured }) => isCured === false)
      .map(({ number }) => `${codeText(number)} on a job of ${codeText(job.number)}`),
  )
  for (const [what, times] of counted(uncured)) out(`not cured: ${times} × ${what}`)
  const goals = goalsOf(all)
  const rows = goals.map(({ name, figure, bound, isMet }) => [name, percent(figure), bound, isMet ? 'yes' : 'no'])
  out(
    `\n${markdownTable(['Goal', 'Figure', 'Bound', 'Met'], rows)}\n\n${figuresOf(all).jobs} jobs of the field · seed ${seed}`,
  )
  if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1
}

/** Where a job is told wrongly, or not at all. */
function tell({ number, shows, canBeKnown, conditions, told, isRight, isWarned, wrong, folder }) {
  const fate = wrong.length > 0 ? 'wrong' : number === 0 ? (isWarned ? 'warned' : null) : isRight ? null : 'not named'
  if (fate === null) return
  const what = told.map(
    (one) => `${one.severity} ${one.rule} ${one.number ?? one.candidates.join('/')} ${one.confidence ?? ''}`,
  )
  out(
    `${fate}: ${number} ${shows}${canBeKnown ? '' : ' (cannot be known)'} [${conditions.join(', ')}] ${what.join('; ') || 'nothing'} ${folder}`,
  )
}

function counted(texts) {
  const times = new Map()
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1)
  return [...times].sort((a, b) => b[1] - a[1])
}

function write() {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(PAGE, withMeasured(page, withoutMeasured(page), measuredSection({ seed, textbook, jobs })))
}
