// The last part of docs/causes.md: what the benchmark measured, as Markdown.
import { markdownTable } from '../markdown-table.mjs'
import { byCause, byCondition, codeText, figuresOf, goalsOf, percent, table } from './figures.mjs'
import { textbookFigures } from './textbook.mjs'

const OF_CONDITIONS = [
  'faulty',
  'named',
  'namedOfKnown',
  'silent',
  'jobs',
  'wrong',
  'healthy',
  'warned',
  'tried',
  'cured',
]
const OF_CAUSES = ['faulty', 'named', 'namedOfKnown', 'mentioned', 'wrong', 'tried', 'cured']

/** The section about the figures of one run of the benchmark. */
export function measuredSection({ seed, textbook, jobs }) {
  const { jobs: bookJobs, macro, wrong: bookWrong } = textbookFigures(textbook)
  const all = figuresOf(jobs)
  const goals = goalsOf(jobs).map(({ name, figure, bound, isMet }) => [
    name,
    percent(figure),
    bound,
    isMet ? 'yes' : 'no',
  ])
  return `## How often they are named rightly

\`npm run bench:causes\` makes jobs whose cause is known, from seeds (here ${seed}), and counts what is said of them. It does so in
two ways, and exits with 1 where a goal is missed.

**As in a textbook**: ${bookJobs} jobs of six batches, each batch as the job held it, with its loss and in full. The cause is the
likeliest one in ${percent(macro)} of the jobs of a cause on average, and another in ${percent(bookWrong)} of all.

**As in the field**: ${all.jobs} jobs that train a small model in emulated types for 40 steps and write logs, which are read as
\`nanwatch check\` reads them. Three of ten are under none of the conditions below, four under one, two under two and one under
three. Another cause at \`likely\` or more is wrong advice, and the right one counts as named at \`likely\` or more without such;
that a job has weights, an added term or more rows than are logged is no wrong advice where it is so. Of a job that died of a
logarithm every cause is right that gives the same losses. Not every cause can be known from what is written down: the batch
that failed may not be logged, and a part of the rows has another mean than all of them. The fix of each cause that is named
\`proven\` or \`strong\` is applied to the job, which is run again: it is cured where its loss stays finite, or where it was
finite, is what the job means. A cause without a name has no code yet.

${markdownTable(['Goal', 'Figure', 'Bound', 'Met'], goals)}

${table('Condition', OF_CONDITIONS, byCondition(jobs))}

By cause, the textbook (the likeliest cause, and wrong ones) beside the field. Nothing tells apart what a NaN of the data, of the
weights and of a normalisation do to the batch that holds it, so R26 is a candidate at best.

${causesTable(textbook, jobs)}
`
}

function causesTable(textbook, jobs) {
  const columns = ['Textbook jobs', 'Likeliest', 'Wrong']
  return table('Cause', OF_CAUSES, byCause(jobs), columns, (name) => {
    const score = [...textbook].find(([number]) => number !== 0 && codeText(number) === name)?.[1]
    return score === undefined
      ? ['–', '–', '–']
      : [String(score.jobs), percent(score.first / score.jobs), percent(score.wrong / score.jobs)]
  })
}
