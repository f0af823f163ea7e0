import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'
const CSV_CAP_BYTES = 256 * 1024

export const lines: readonly PortedCase[] = [
  {
    name: 'appended lines are read in order',
    origins: ['vector: happy_path', 'telegraf: Append', 'otel: DefaultBehaviors'],
    async play(scene) {
      for (const number of span(1, 20)) {
        scene.append(LOG, number)
        if (number % 5 === 0) await scene.reads(LOG, ...span(1, number))
      }
    },
    lines: { [LOG]: span(1, 20) },
  },
  {
    name: 'a line that is written in two pieces is read once, whole',
    origins: ['telegraf: PartialWrite', 'otel: SplitWrite', 'alloy: partial line', 'vector: split_reads'],
    async play(scene) {
      scene.text(LOG, `${line(1)}{"step": 2, `)
      await scene.reads(LOG, 1)
      await scene.settle()
      scene.text(LOG, '"loss": 2}\n')
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a line that is written byte by byte is read once, whole',
    origins: ['nxadm-tail: IncompleteLines', 'telegraf: StopIncompleteMultiline'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      for (const character of line(2)) {
        scene.text(LOG, character)
        await new Promise((resolve) => setTimeout(resolve))
      }
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a line without an end waits for it',
    origins: ['otel: NoNewline', 'otel: NoLostPartial', 'nxadm-tail: IncompleteLinesWithoutFollow'],
    async play(scene) {
      scene.append(LOG, 1)
      scene.text(LOG, line(2).trimEnd())
      await scene.reads(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'empty lines are no lines',
    origins: ['filebeat: EmptyLine', 'otel: EmptyLine', 'otel: MultipleEmpty', 'vector: read_empty_lines (kept there)'],
    async play(scene) {
      scene.text(LOG, `${line(1)}\n\n\n${line(2)}\n`)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a file of nothing but empty lines gives nothing until a line comes',
    origins: ['filebeat: EmptyLinesOnly', 'otel: LeadingEmpty'],
    async play(scene) {
      scene.text(LOG, '\n\n\n')
      await scene.settle()
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'lines that end as on Windows are read without the end',
    origins: ['telegraf: DosLineEndings', 'fluent-bit: skip_empty_lines_crlf'],
    async play(scene) {
      scene.text(LOG, '{"step": 1, "loss": 1}\r\n\r\n{"step": 2, "loss": 2}\r\n')
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a delimiter of two bytes that is written in two pieces ends one line',
    origins: ['vector: multi_char_delimiter_split_across_buffer_boundary'],
    async play(scene) {
      scene.text(LOG, '{"step": 1, "loss": 1}\r')
      await scene.settle()
      scene.text(LOG, '\n{"step": 2, "loss": 2}\r')
      await scene.settle()
      scene.text(LOG, '\n')
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a progress bar that redraws itself gives each state once',
    origins: ['vector: non_default_line_delimiter'],
    async play(scene) {
      for (const number of span(1, 5)) {
        scene.text(LOG, `\r{"step": ${number}, "loss": ${number}}`)
        await scene.settle()
      }
      scene.text(LOG, '\n')
    },
    lines: { [LOG]: span(1, 5) },
  },
  {
    name: 'a line above the cap is told of, and those around it are read',
    origins: [
      'vector: max_line_bytes',
      'fluent-bit: skip_long_lines_keeps_surrounding_records',
      'fluent-bit: truncate_long_lines_continues',
      'telegraf: LongLine',
    ],
    async play(scene) {
      scene.text('train.csv', `step,loss\n1,1\n2,${'2'.repeat(CSV_CAP_BYTES)}\n3,3\n`)
    },
    lines: { 'train.csv': [1, 3] },
    rejects: 1,
  },
  {
    name: 'a long line below the cap is read in one piece',
    origins: ['otel: DecodeBufferIsResized', 'nxadm-tail: IncompleteLongLines'],
    async play(scene) {
      scene.append(LOG, 1)
      scene.text(LOG, `{"step": 2, "loss": 2, "note": "${'x'.repeat(200_000)}"}\n`)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a coloured line is read without its colours',
    origins: ['telegraf: ColoredLine'],
    async play(scene) {
      scene.text(LOG, `\u001b[32m${line(1).trimEnd()}\u001b[0m\n`)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'four thousand lines are each read once',
    origins: ['otel: ManyLogsDelivered', 'vector: duplicate_processing_after_restart'],
    async play(scene) {
      for (const part of span(0, 39)) {
        scene.append(LOG, ...span(part * 100, part * 100 + 99))
        if (part % 10 === 0) await scene.settle()
      }
    },
    lines: { [LOG]: span(0, 3999) },
  },
  {
    name: 'a file of several reads keeps lines whole at the seams',
    origins: ['vector: qc_read_until_with_max_size', 'gnu-tail: big-4gb (smaller here)'],
    async play(scene) {
      const padding = 'é'.repeat(700)
      scene.text(
        LOG,
        span(1, 1500)
          .map((n) => `{"step": ${n}, "loss": ${n}, "note": "${padding}"}\n`)
          .join(''),
      )
    },
    lines: { [LOG]: span(1, 1500) },
  },
  {
    name: 'two lines a few milliseconds apart are both read',
    origins: ['chokidar#1455', 'gnu-tail: inotify-race'],
    async play(scene) {
      scene.append(LOG, 0)
      await scene.reads(LOG, 0)
      for (const gapMs of [0, 1, 2, 5, 10, 20, 40]) {
        scene.append(LOG, gapMs)
        await new Promise((resolve) => setTimeout(resolve, gapMs))
        scene.append(LOG, gapMs + 1)
        await scene.settle()
      }
    },
    lines: { [LOG]: [0, ...[0, 1, 2, 5, 10, 20, 40].flatMap((gapMs) => [gapMs, gapMs + 1])] },
  },
  {
    name: 'a file that was given its size in advance is read as far as it is written',
    origins: ['fluent-bit: leading NULs are skipped', 'go-tail#1'],
    async play(scene) {
      scene.text(LOG, `${line(1)}${'\0'.repeat(4096)}`)
      await scene.reads(LOG, 1)
      scene.truncate(LOG, line(1).length)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a file with much to read keeps the others waiting for no more than a turn',
    origins: ['vector: fair_reads', 'vector: oldest_first (no order here)'],
    async play(scene) {
      const note = 'x'.repeat(1000)
      scene.text(
        'large.jsonl',
        span(1, 3000)
          .map((n) => `{"step": ${n}, "loss": ${n}, "note": "${note}"}\n`)
          .join(''),
      )
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
    },
    lines: { [LOG]: [1], 'large.jsonl': span(1, 3000) },
  },
]
