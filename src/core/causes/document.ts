import type { CrashClass } from '../crashes/crash-class.ts'
import { CRASH_CLASSES } from '../crashes/index.ts'
import { type CauseEntry, FRAMEWORKS } from './entry.ts'
import { CAUSES, codeOf } from './index.ts'
import { withPart } from './page-part.ts'

/** The text of docs/cli.md with the code of each cause in its place. */
export function withCauseCodes(page: string): string {
  const codes = [...CAUSES.map(codeOf), ...CRASH_CLASSES.map(({ code }) => code)]
  const list = codes.map((code) => `\`${code}\``).join(', ')
  return withPart('docs/cli.md', page, 'cause codes', 'node scripts/causes-doc.mjs', list)
}

/** All causes as the Markdown of docs/causes.md. */
export function causesDocument(): string {
  const losses = CAUSES.map((cause) => lineOf(codeOf(cause), cause.title))
  const deaths = CRASH_CLASSES.map(({ code, why }) => lineOf(code, why.replace(/\.$/, '')))
  const parts = [
    INTRODUCTION,
    losses.join('\n'),
    CRASHES_INTRODUCTION,
    deaths.join('\n'),
    ...CAUSES.map(sectionOf),
    ...CRASH_CLASSES.map(crashSectionOf),
  ]
  return `${parts.join('\n\n')}\n`
}

const INTRODUCTION = `# Causes

Why a loss is NaN, infinite or not what its predictions give. \`nanwatch explain R3\` prints one of these, and
\`nanwatch explain\` with an alert or a log the one that was found there with its evidence.

This page is written by \`node scripts/causes-doc.mjs\` from the files in \`src/core/causes\`.`

const CRASHES_INTRODUCTION = `And what a job died of, where its last words tell. These are classes, which go by what Python, a framework, the kernel, a
shell or a scheduler says, whoever wrote the job. The root is named: the first exception of a chain, what a worker raised and
not who passed it on, what a rank said before its launcher. \`npm run bench:crashes\` reads 661 logs of 29 modes, written by
hand around what these really say, or by programs that really fell, and 97 logs of jobs that lived: macro-F1 0.995, 0.989 and
1.000 on its three parts, and none of the 97 is called failed. On 237 labelled logs of 15 modes by others it is 1.000, each
called failed. The patterns were mended by all of these, so new words are named less often: of 154, 48, 34 and 40 logs that
were written without a look at the patterns 136, 39, 22 and 30 were named rightly at first, the 34 partly of other languages than
Python. A job that came to its time limit, was preempted or stopped is warned of, and not called failed.`

function lineOf(code: string, title: string): string {
  return `- [${code}](#${code.toLowerCase()}): ${title}`
}

function crashSectionOf({ code, why, fix, next }: CrashClass): string {
  return [`## ${code}`, why, `**Fix.** ${fix}`, `**Look at next.** ${next}`].join('\n\n')
}

function sectionOf(cause: CauseEntry): string {
  const fixes = FRAMEWORKS.flatMap((framework) => {
    const code = cause.inCode[framework]
    return code === undefined ? [] : [`${framework}:\n\n\`\`\`python\n${code}\n\`\`\``]
  })
  return [
    `## ${codeOf(cause)}`,
    `**${cause.title}.** ${cause.what}`,
    `**Signs.** ${cause.signs}`,
    `**Fix.** ${cause.fix}`,
    ...fixes,
    `**Confirm.** ${cause.confirm}`,
    `**Read more.** ${cause.links.map((link) => `<${link}>`).join(', ')}`,
  ].join('\n\n')
}
