import { atStep } from '../detect/wording.ts'
import { processInPath, processNameOf } from '../formats/rank-names.ts'
import type { FallOrder } from './fall.ts'

/** The most ranks that a sentence names. */
const MOST_NAMED = 8

/** One sentence that says who fell first in a run and what became of the others; null where there are no others. */
export function headlineOfFall(fall: FallOrder): string | null {
  const { lead, ranks, knownBy, others } = fall
  const { root, cascade, teardown } = others
  if (ranks.length === 0 && root + cascade + teardown === 0) return null
  const who = ranks.length === 0 ? nameOf(fall.file) : namesOf(ranks)
  const { line } = lead.crash
  const words = line.trim().replace(/\.$/, '').replace(/\s+/g, ' ')
  const said = lead.crash.told?.find(({ rank }) => rank === ranks[0])?.said?.trim()
  const also = [
    root === 0 ? [] : [`${othersOf(root)} failed, too`],
    cascade === 0
      ? []
      : [knownBy === 'nothing' ? `${othersOf(cascade)} did so, too` : `${othersOf(cascade)} waited for it`],
    teardown === 0 ? [] : [`${othersOf(teardown)} ${teardown === 1 ? 'was' : 'were'} stopped`],
  ].flat()
  const rest = also.length === 0 ? '' : `; ${also.join(', ')}`
  const isOne = ranks.length <= 1
  const what = {
    words: `fell first: ${words}`,
    launcher: `fell first: ${isOne ? 'it was' : 'they were'} killed without a word (${words})`,
    'exit code': `fell first: it exited by itself${said === undefined ? '' : `, and said before: ${said}`} (${words})`,
    silence: `fell first: nothing more came from ${isOne ? 'it' : 'them'} (${words})`,
    nothing: `gave up first: ${words}`,
    'none before another': `fell, and others with it: ${words}`,
  }[knownBy]
  return `${atStep(lead.step)}${who} ${what}${ranks.length > 1 ? rest.replace('waited for it', 'waited for them') : rest}.`
}

/** The name of a log, with that of its folder where only this tells it from those of others. */
function nameOf(file: string): string {
  const parts = file.split('/')
  const name = parts.at(-1)!
  return processNameOf(name) === null && processInPath(file) !== null ? parts.slice(-2).join('/') : name
}

function namesOf(ranks: readonly number[]): string {
  if (ranks.length === 1) return `rank ${ranks[0]}`
  const named = ranks.slice(0, MOST_NAMED).join(', ')
  return `ranks ${named}${ranks.length > MOST_NAMED ? ' and others' : ''}`
}

function othersOf(count: number): string {
  return count === 1 ? '1 other' : `${count} others`
}
