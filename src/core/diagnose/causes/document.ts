import { type CauseEntry, FRAMEWORKS } from './entry.ts'
import { CAUSES, codeOf } from './index.ts'

/** All causes as the Markdown of docs/causes.md. */
export function causesDocument(): string {
  const list = CAUSES.map((cause) => `- [${codeOf(cause)}](#${codeOf(cause).toLowerCase()}): ${cause.title}`)
  return `${[INTRODUCTION, list.join('\n'), ...CAUSES.map(sectionOf)].join('\n\n')}\n`
}

const INTRODUCTION = `# Causes

Why a loss is NaN, infinite or not what its predictions give. \`nanwatch explain R3\` prints one of these, and
\`nanwatch explain\` with an alert or a log the one that was found there with its evidence.

This page is written by \`node scripts/causes-doc.mjs\` from the table in \`src/core/diagnose/causes\`.`

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
