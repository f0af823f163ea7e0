import { join } from 'node:path'
import { expect } from 'vitest'
import { CRASH_CLASSES } from '../../src/core/crashes/index.ts'
import type { Extension } from './extension.ts'

const NUMBER = CRASH_CLASSES.length + 1
const CODE = `C${NUMBER}-no-licence`
const WHY = 'The server of licences gave none.'
const FIX = 'Wait for a free licence, or ask for more.'
const NEXT = 'Who holds them: lmstat -a.'

const CLASS = `
import type { CrashClass } from './crash-class.ts'

/** C${NUMBER}: a licence. */
export const noLicence = {
  code: '${CODE}',
  kind: 'no-licence',
  why: '${WHY}',
  fix: '${FIX}',
  next: '${NEXT}',
  says: [/licen[cs]e .{0,40}(?:checkout|denied|failed)/],
} as const satisfies CrashClass
`

export const crashClass: Extension = {
  name: 'a class of crash',

  async add(copy) {
    await copy.add(`src/core/crashes/c${NUMBER}-no-licence.ts`, CLASS)
    const line = `import { noLicence } from './c${NUMBER}-no-licence.ts'`
    await copy.addLine('src/core/crashes/index.ts', 'import { aborted }', line)
    await copy.addLine('src/core/crashes/index.ts', '  runtimeError,', '  noLicence,')
  },

  async shows(copy) {
    await copy.runScript('causes-doc.mjs')
    const log = join(copy.folder, 'licence.log')
    await copy.add('licence.log', 'step 1 loss 0.5\nstep 2 loss 0.4\nRuntimeError: license server: checkout failed\n')
    const alert = JSON.parse((await copy.run('check', log, '--json')).stdout.split('\n', 1)[0]!)
    expect(alert).toMatchObject({ rule: 'crashed', severity: 'critical', why: WHY, cause: { code: CODE, fix: FIX } })
    const explained = await copy.run('explain', `C${NUMBER}`)
    for (const text of [WHY, FIX, NEXT]) expect(explained.stdout).toContain(text)
    expect(await copy.read('docs/causes.md')).toContain(`## ${CODE}`)
  },
}
