// The build of another commit, in a temporary folder, with the packages that are installed here.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const QUIET = ['ignore', 'ignore', 'inherit']

/** The build that stands in a folder: what is started, and where its modules lie one by one. */
export function buildIn(folder) {
  const modules = ['build', 'dist'].map((name) => join(folder, name)).find((each) => existsSync(join(each, 'core')))
  return { main: join(folder, 'dist/main.js'), modules }
}

/** The build of this working tree. */
export const OWN_BUILD = buildIn(ROOT)

/** Builds a commit. `remove` takes the folder away again. */
export function otherBuild(commit) {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-before-'))
  const remove = () => {
    // Where no worktree came about there is none to remove.
    if (existsSync(join(folder, '.git'))) git('worktree', 'remove', '--force', folder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    git('worktree', 'add', '--detach', folder, commit)
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: QUIET })
  } catch (error) {
    remove()
    throw error
  }
  return { ...buildIn(folder), remove }
}

function git(...rest) {
  execFileSync('git', ['-C', ROOT, ...rest], { stdio: QUIET })
}
