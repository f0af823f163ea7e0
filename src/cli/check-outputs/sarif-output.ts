import { pathToFileURL } from 'node:url'
import type { Location, Log, Notification, ReportingDescriptor, Result } from 'sarif'
import { RULES } from '../../core/detect/index.ts'
import { type Alert, messageOf, type Severity } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { NO_LOSS } from '../../protocol/run.ts'
import { packageVersion } from '../package-folder.ts'
import { printable } from '../terminal.ts'
import type { FileReport, OpenCheckOutput } from './check-output.ts'
import { lineNumbers } from './line-numbers.ts'
import { placeIn } from './source-place.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const LEVELS = { critical: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, Result.level>
/** The folder that relative places count from: where `check` was started. */
const ROOT = '%SRCROOT%'

/** One log of SARIF 2.1.0 for all files, which code scanning and editors take. */
export const sarifOutput: OpenCheckOutput = (terminal) => {
  const found: { readonly alert: Alert; readonly line: number | null }[] = []
  const notifications: Notification[] = []
  return {
    unread(path, reason) {
      const text = printable(`${path}: not read: ${reason}`)
      notifications.push({ level: 'error', message: { text }, locations: [locationOf(path, null)] })
    },
    async file(report) {
      const lines = await lineNumbers(report.file.path, report.alerts)
      for (const alert of report.alerts) found.push({ alert, line: lines.get(alert) ?? null })
      notifications.push(...notificationsOf(report))
    },
    end(code) {
      const rules = rulesFor(found.map(({ alert }) => alert))
      const indexOf = new Map(rules.map(({ id }, index) => [id, index]))
      const log: Log = {
        $schema: SCHEMA,
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { name: 'nanwatch', version: packageVersion(), rules } },
            // 0 and 3 are what a check ends with when it went well: 3 says that it found something.
            invocations: [
              {
                executionSuccessful: code === 0 || code === 3,
                exitCode: code,
                toolExecutionNotifications: notifications,
              },
            ],
            originalUriBaseIds: { [ROOT]: { uri: `${pathToFileURL(process.cwd()).href}/` } },
            columnKind: 'utf16CodeUnits',
            results: found.map(({ alert, line }) => resultOf(alert, line, indexOf.get(alert.rule)!)),
          },
        ],
      }
      terminal.stdout(`${encodeJson(log)}\n`)
    },
  }
}

/** Every rule, and those of the user that have fired. */
function rulesFor(alerts: readonly Alert[]): ReportingDescriptor[] {
  const own = [...new Set(alerts.map(({ rule }) => rule))].filter((rule) => RULES.every(({ name }) => name !== rule))
  return [
    ...RULES.map(({ name, document, defaults }) => ({
      id: name,
      shortDescription: { text: document.about },
      fullDescription: { text: `Watches ${document.watches}.` },
      help: { text: withoutLinks(`Fires ${document.fires(defaults)}. Severity: ${document.severity(defaults)}.`) },
    })),
    ...own.map((rule) => ({ id: rule, shortDescription: { text: 'a rule of the configuration' } })),
  ]
}

/** The sentence without the links to other pages of the documentation. */
function withoutLinks(text: string): string {
  return text.replace(/ \(\[more\]\([^)]*\)\)/g, '')
}

function resultOf(alert: Alert, line: number | null, ruleIndex: number): Result {
  const { id, run, rule, severity, state, metric, step, attempt, value } = alert
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: printable(messageOf(alert)) },
    locations: [{ ...locationOf(alert.file, line), logicalLocations: [{ name: run, kind: 'run' }] }],
    // Equal for the same finding of the same log, so that it is one finding from upload to upload.
    partialFingerprints: { 'alert/v1': id },
    properties: { run, severity, state, metric, step, attempt, value },
  }
}

/** Files that could not be read, files without a loss, and runs that were to be compared and were not. */
function notificationsOf({ file, totals: { problem }, verdict, comparison }: FileReport): Notification[] {
  const locations = [locationOf(file.path, null)]
  const texts = [
    ...(problem === null ? [] : [`cannot be read: ${problem}`]),
    ...(comparison?.notCompared ?? []).map(({ baseline, reason }) => `not compared with ${baseline}: ${reason}`),
  ]
  const level =
    problem !== null || comparison?.isUnread === true || comparison?.isUncompared === true ? 'error' : 'note'
  return [
    ...texts.map((text) => ({ level, message: { text: printable(text) }, locations }) as const),
    ...(verdict === 'no-loss' ? [{ level: 'warning', message: { text: NO_LOSS }, locations } as const] : []),
  ]
}

function locationOf(file: string, line: number | null): Location {
  const { uri, isRelative } = placeIn(file)
  const artifactLocation = isRelative ? { uri, uriBaseId: ROOT } : { uri }
  const region = line === null ? {} : { region: { startLine: line } }
  return { physicalLocation: { artifactLocation, ...region } }
}
