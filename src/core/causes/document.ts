import { CRASHES, type CrashEntry } from './crashes.ts'
import { type CauseEntry, FRAMEWORKS } from './entry.ts'
import { CAUSES, codeOf } from './index.ts'

/** All causes as the Markdown of docs/causes.md. */
export function causesDocument(): string {
  const crashes = Object.values(CRASHES)
  const losses = CAUSES.map((cause) => lineOf(codeOf(cause), cause.title))
  const deaths = crashes.map(({ code, why }) => lineOf(code, why.replace(/\.$/, '')))
  const parts = [
    INTRODUCTION,
    losses.join('\n'),
    CRASHES_INTRODUCTION,
    deaths.join('\n'),
    ...CAUSES.map(sectionOf),
    ...crashes.map(crashSectionOf),
  ]
  return `${parts.join('\n\n')}\n`
}

const INTRODUCTION = `# Causes

Why a loss is NaN, infinite or not what its predictions give. \`nanwatch explain R3\` prints one of these, and
\`nanwatch explain\` with an alert or a log the one that was found there with its evidence.

This page is written by \`node scripts/causes-doc.mjs\` from the table in \`src/core/diagnose/causes\`.`

const CRASHES_INTRODUCTION = 'And what a job died of, where its last words tell:'

function lineOf(code: string, title: string): string {
  return `- [${code}](#${code.toLowerCase()}): ${title}`
}

function crashSectionOf({ code, why, fix }: CrashEntry): string {
  return [`## ${code}`, why, `**Fix.** ${fix}`].join('\n\n')
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
