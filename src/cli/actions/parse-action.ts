import type { FileUpdate, HiddenValue, PlacedSample } from '../../core/pipeline/commit.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import { MISREAD } from '../../core/templates/template-shelf.ts'
import { encodeJson } from '../../protocol/json.ts'
import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { type ConfigSource, rulesFrom } from '../config-source.ts'
import { EMPTY_INPUT } from '../nothing-read.ts'
import { ReadCounts } from '../read-counts.ts'
import { ReadingReport } from '../reading-report.ts'
import { fileReads } from '../replay/file-reads.ts'
import { Replay } from '../replay/replay.ts'
import { streamReads } from '../replay/stream-reads.ts'
import { mustBeOneFile } from '../scan-paths.ts'
import type { Shell } from '../shell.ts'
import { STANDARD_INPUT } from '../standard-input.ts'
import { type ExitCode, printable, type Terminal } from '../terminal.ts'

export interface ParseArguments extends ConfigSource {
  file?: string | undefined
  json: boolean
  measures: boolean
}

export const parse =
  ({ terminal, exit }: Shell) =>
  async (args: ParseArguments) => {
    exit(await parseFile(args.file === STANDARD_INPUT ? '-' : args.file!, args, await rulesFrom(args), terminal))
  }

async function parseFile(
  path: string,
  { json, measures }: ParseArguments,
  rules: Rules,
  terminal: Terminal,
): Promise<ExitCode> {
  if (path !== '-') await mustBeOneFile(path)
  const reads = path === '-' ? streamReads(terminal.stdin) : fileReads
  const counts = new ReadCounts()
  const isShown = (metric: string) => measures || !metric.startsWith(RECOMPUTED_PREFIX)
  const report = new ReadingReport(counts)
  // One chunk is held back: what follows may show that its last sample began a new attempt.
  let held: PlacedSample[] = []
  let heldHidden: readonly HiddenValue[] = []
  let bytes = 0
  const replay = new Replay(rules)
  for await (const step of replay.read({ path, run: path }, reads, counts)) {
    const hidden = counts.takeHidden()
    bytes = step.bytesRead
    report.add(step, hidden, isShown)
    const next = [...step.samples].filter(({ metric }) => isShown(metric))
    const both = corrected([...held, ...next], step)
    print(both.slice(0, held.length), heldHidden)
    held = both.slice(held.length)
    heldHidden = hidden
    for (const { offset, reason, detail, excerpt } of step.rejects) {
      terminal.stderr(`${printable(path)}: byte ${offset}: ${reason}: ${printable(detail)}\n`)
      counts.unread.add({ offset, text: excerpt })
    }
  }
  print(held, heldHidden)
  if (replay.misread.has(path)) terminal.stderr(`${printable(path)}: ${MISREAD}\n`)
  if (path === '-' && bytes === 0) {
    terminal.stderr(`${EMPTY_INPUT}\n`)
    return 1
  }
  const { unread } = counts
  terminal.stderr(json ? unread.json(path, rules.formats) : report.text() + unread.text(path, rules.formats))
  return 0

  function print(samples: readonly PlacedSample[], hidden: readonly HiddenValue[]): void {
    const text = json ? jsonText : lineText
    for (const entry of inOrder(samples, hidden)) terminal.stdout(`${text(entry)}\n`)
  }
}

/** What is known of a value in the log, or of one that it hides. */
type Printed = PlacedSample | HiddenValue

/** Masks where they would have stood: behind the samples of their record. */
function inOrder(samples: readonly PlacedSample[], hidden: readonly HiddenValue[]): readonly Printed[] {
  if (hidden.length === 0) return samples
  return [...samples, ...hidden].sort((one, other) => Number(one.offset) - Number(other.offset))
}

function jsonText(printed: Printed): string {
  const { attempt, step, metric, role, offset } = printed
  const place = { attempt, step, metric, role }
  if ('reason' in printed) return encodeJson({ ...place, value: null, offset, masked: printed.reason })
  const { value, isPlaceholder } = printed
  return encodeJson({ ...place, value, offset, ...(isPlaceholder ? { placeholder: true } : {}) })
}

function lineText(printed: Printed): string {
  const { attempt, step, metric } = printed
  const isHidden = 'reason' in printed
  const notes = [
    ...(isHidden ? [`${printed.reason}: ${printed.detail}`] : []),
    ...(!isHidden && printed.isPlaceholder ? ['placeholder'] : []),
    ...(attempt > 0 ? [`attempt ${attempt}`] : []),
  ]
  return [step ?? '-', printable(metric), isHidden ? 'masked' : printed.value, ...notes].join('\t')
}

function corrected(samples: readonly PlacedSample[], { moves }: FileUpdate): PlacedSample[] {
  if (moves.length === 0) return [...samples]
  const attempts = new Map(moves.map(({ metric, ordinal, attempt }) => [`${metric}\u0000${ordinal}`, attempt]))
  return samples.map((sample) => {
    const attempt = attempts.get(`${sample.metric}\u0000${sample.ordinal}`)
    return attempt === undefined ? sample : { ...sample, attempt }
  })
}
