import { existsSync } from 'node:fs'
import { CAUSES, causeOf, codeOf } from '../../core/causes/index.ts'
import { CRASH_CLASSES, crashOf } from '../../core/crashes/index.ts'
import { RunSettings } from '../../core/detect/overrides.ts'
import { checksOf, missingForCourse } from '../../core/detect/rule-checks.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import { type Alert, published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { type ConfigSource, rulesFrom } from '../config-source.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import { noLossText, tellNothingRead } from '../nothing-read.ts'
import { alertText } from '../print-alert.ts'
import { causeText, evidenceText } from '../print-cause.ts'
import { type FileTotals, filesOf, readRuns } from '../replay/read-runs.ts'
import type { Shell } from '../shell.ts'
import { printable, type Terminal, UsageError } from '../terminal.ts'

export interface ExplainArguments extends ConfigSource, DatabaseSource {
  what: string
  json: boolean
}

export const explain =
  ({ terminal, exit }: Shell) =>
  async ({ json, ...args }: ExplainArguments) => {
    const code = codeNamed(args.what)
    if (code !== null) {
      terminal.stdout(
        json
          ? `${encodeJson({ type: 'cause', code, ...(causeOf(code) ?? crashFields(code)) })}\n`
          : causeText(code, terminal),
      )
      return
    }
    for (const alert of await alertsOf(args, terminal, () => exit(1))) {
      terminal.stdout(json ? `${encodeJson(explanationOf(alert))}\n` : explanationText(alert, terminal))
    }
  }

/** What programs are told of a class of crash; the patterns that find it are no part of it. */
function crashFields(code: string) {
  const { why, fix, next, kind } = crashOf(code)!
  return { why, fix, next, kinds: [kind] }
}

/** The code that `R3`, `R3-clip-lost-in-float32` or `C5` names; null for anything else. */
function codeNamed(what: string): string | null {
  const codes = [...CAUSES.map(codeOf), ...CRASH_CLASSES.map(({ code }) => code)]
  return codes.find((code) => code === what || code.split('-', 1)[0] === what.toUpperCase()) ?? null
}

async function alertsOf(
  args: Omit<ExplainArguments, 'json'>,
  terminal: Terminal,
  onUnread: () => void,
): Promise<readonly Alert[]> {
  const place = placeNamed(args.what)
  if (place !== null) return alertsIn(place, await rulesFrom(args), terminal, onUnread)
  const all = await withReaderOf(args, (reader) => reader.alerts({ withParts: true }))
  const found = all.filter(({ id }) => id.startsWith(args.what))
  if (found.length === 0)
    throw new UsageError(`${args.what}: no such file, alert or cause; \`nanwatch alerts\` lists alerts`)
  for (const { id, partOf } of found) if (partOf !== null) terminal.stderr(`${id} is a part of the alert ${partOf}\n`)
  // What was told under its own id may have become a part of another alert since, which says more.
  const wholes = all.filter(({ id }) => found.some(({ partOf }) => partOf === id))
  return [...new Set([...wholes, ...found])]
}

interface NamedPlace {
  readonly path: string
  readonly step: number | null
}

/** A path that is there, with the step behind its last colon; a name may hold a colon itself. */
function placeNamed(what: string): NamedPlace | null {
  if (existsSync(what)) return { path: what, step: null }
  const colon = what.lastIndexOf(':')
  const step = Number(what.slice(colon + 1))
  if (colon <= 0 || colon === what.length - 1 || !Number.isInteger(step)) return null
  const path = what.slice(0, colon)
  return existsSync(path) ? { path, step } : null
}

/** The alerts of the logs at a place. `onUnread` is called where some of them could not be read. */
async function alertsIn(
  { path, step }: NamedPlace,
  rules: Rules,
  terminal: Terminal,
  onUnread: () => void,
): Promise<readonly Alert[]> {
  let isAllRead = true
  const files = await filesOf([path], terminal, () => {
    isAllRead = false
  })
  if (files.length === 0) {
    onUnread()
    return []
  }
  const { alerts: found, totals } = await readRuns(files, rules, terminal, () => undefined)
  if ([...totals.values()].some(({ problem }) => problem !== null)) isAllRead = false
  if (!isAllRead) onUnread()
  const chosen = found.filter((alert) => step === null || isAt(alert, step))
  if (chosen.length === 0) {
    const where = step === null ? '' : ` at step ${step}`
    const others = [...new Set(found.map((alert) => alert.step))].filter((other) => other !== null)
    const hint = others.length === 0 ? '' : `; there is at ${others.join(', ')}`
    const hasData = [...totals.values()].some(({ samples, batches }) => samples + batches > 0)
    const hasLoss = [...totals.values()].some(({ seen }) => seen.hasLoss)
    const missing = found.length === 0 && isAllRead ? missingIn(totals, rules) : null
    const soFar = missing === null ? '' : ` so far: ${missing}`
    if (found.length === 0 && isAllRead && !hasData) tellNothingRead([path], totals, terminal)
    else if (found.length === 0 && isAllRead && !hasLoss) terminal.stderr(noLossText([path]))
    else
      terminal.stderr(
        `${printable(path)}: nothing is wrong${where}${isAllRead ? '' : ' in what could be read'}${soFar}${hint}\n`,
      )
  }
  return chosen
}

/** What the only log lacks for a judgement of the course of its loss; null where nothing is missing, and of several logs. */
function missingIn(totals: ReadonlyMap<string, FileTotals>, rules: Rules): string | null {
  const [total, ...others] = totals.values()
  if (total === undefined || others.length > 0 || total.samples === 0) return null
  return missingForCourse(total.seen, checksOf(total.seen, new RunSettings(rules.detectors, rules.overrides ?? [], '')))
}

function isAt(alert: Alert, step: number): boolean {
  return alert.step === step || [...alert.related, ...alert.signs].some((other) => other.step === step)
}

function codesOf({ cause }: Alert): readonly string[] {
  if (cause === null) return []
  return cause.code === null ? cause.candidates : [cause.code]
}

function explanationOf(alert: Alert) {
  const causes = codesOf(alert).flatMap((code) => {
    const entry = causeOf(code)
    return entry === null ? [] : [{ code, ...entry }]
  })
  return { type: 'explanation', alert: published(alert), causes }
}

function explanationText(alert: Alert, terminal: Terminal): string {
  // What a job died of by its own words, the message of its alert says in full.
  const codes = codesOf(alert).filter((code) => crashOf(code) === null)
  const evidence = alert.cause === null ? '' : evidenceText(alert.cause, terminal)
  return [alertText(alert, terminal), evidence, ...codes.map((code) => causeText(code, terminal))]
    .filter((part) => part !== '')
    .join('\n')
}
