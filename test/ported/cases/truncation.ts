import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

/** Copied, truncated, and written to again before anybody looks. */
function copyTruncated(to: readonly number[]): PortedCase['play'] {
  return async (scene) => {
    scene.append(LOG, 11, 12, 13)
    await scene.reads(LOG, 11, 12, 13)
    scene.copyTruncate(LOG, `${LOG}.1`)
    scene.append(LOG, ...to)
  }
}

export const truncation: readonly PortedCase[] = [
  {
    name: 'a file that is copied, truncated and written to a smaller size is read anew',
    origins: ['telegraf: CopyTruncateSmaller', 'vector: truncate', 'gnu-tail: truncate'],
    play: copyTruncated([21]),
    lines: { [LOG]: [11, 12, 13, 21] },
    gaps: 1,
  },
  {
    name: 'a file that is copied, truncated and written to the same size is read anew',
    origins: ['telegraf: CopytruncateSameSize (skipped there)'],
    play: copyTruncated([21, 22, 23]),
    lines: { [LOG]: [11, 12, 13, 21, 22, 23] },
    gaps: 1,
  },
  {
    name: 'a file that is copied, truncated and written to a larger size is read anew',
    origins: ['telegraf: CopytruncateLarger (skipped there)', 'otel: rotation CopyTruncate', 'otel#43693'],
    play: copyTruncated([21, 22, 23, 24, 25]),
    lines: { [LOG]: [11, 12, 13, 21, 22, 23, 24, 25] },
    gaps: 1,
  },
  {
    name: 'a file that is truncated to nothing is read anew when it is written to',
    origins: ['filebeat: TruncateCheckOffset', 'logstash: tailing, shrink', 'alloy: truncate'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.truncate(LOG)
      await scene.settle()
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
    gaps: 1,
  },
  {
    name: 'what was truncated away unread is a gap',
    origins: ['logstash: copy + truncate, lagging', 'beats#45300'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.append(LOG, 3, 4)
      scene.truncate(LOG)
      scene.append(LOG, 5)
    },
    lines: { [LOG]: [1, 2, 5] },
    gaps: 1,
  },
  {
    name: 'a writer that goes on behind a hole after the truncation is followed',
    origins: ['fluent-bit: copytruncate_with_stale_writer', 'logrotate#286'],
    async play(scene) {
      scene.append(LOG, 11, 12, 13)
      await scene.reads(LOG, 11, 12, 13)
      scene.truncate(LOG)
      scene.text(LOG, `${'\0'.repeat(3 * line(11).length)}${line(21)}`)
    },
    lines: { [LOG]: [11, 12, 13, 21] },
    gaps: 1,
  },
  {
    name: 'a file that is truncated twice is read anew twice',
    origins: ['filebeat: copytruncate prospector, twice in order', 'otel: MultiCopyTruncateSlow'],
    async play(scene) {
      for (const number of [1, 2, 3]) {
        scene.append(LOG, number * 10, number * 10 + 1)
        await scene.reads(LOG, ...span(1, number).flatMap((life) => [life * 10, life * 10 + 1]))
        if (number < 3) scene.copyTruncate(LOG, `${LOG}.${number}`)
      }
    },
    lines: { [LOG]: [10, 11, 20, 21, 30, 31] },
    gaps: 2,
  },
  {
    name: 'a file behind a link that is truncated is read anew',
    origins: ['filebeat: TruncateWithSymlink'],
    async play(scene) {
      scene.append('../targets/a', 1, 2)
      scene.symlink('../targets/a', LOG)
      await scene.reads(LOG, 1, 2)
      scene.truncate('../targets/a')
      scene.append('../targets/a', 3)
    },
    lines: { [LOG]: [1, 2, 3] },
    gaps: 1,
  },
  {
    name: 'a file that is rewritten in place gives its old lines once and its new lines once',
    origins: ['vector#23619'],
    async play(scene) {
      scene.append(LOG, ...span(1, 50))
      await scene.reads(LOG, ...span(1, 50))
      scene.write(LOG, ...span(101, 160))
      await scene.reads(LOG, ...span(1, 50), ...span(101, 160))
      scene.append(LOG, 161)
    },
    lines: { [LOG]: [...span(1, 50), ...span(101, 161)] },
    gaps: 1,
  },
  {
    name: 'a file that loses its end is read anew from its beginning',
    origins: ['logstash: tailing, shrink', 'nxadm-tail: ReSeek'],
    async play(scene) {
      scene.append(LOG, 1, 2, 3, 4)
      await scene.reads(LOG, 1, 2, 3, 4)
      scene.truncate(LOG, 2 * line(1).length)
      scene.append(LOG, 5)
    },
    lines: { [LOG]: [1, 2, 3, 4, 1, 2, 5] },
    gaps: 1,
  },
  {
    name: 'a file that is truncated and written to as it was holds nothing new',
    origins: ['loki#924'],
    async play(scene) {
      scene.append(LOG, 1, 2, 3)
      await scene.reads(LOG, 1, 2, 3)
      scene.write(LOG, 1, 2, 3)
      scene.append(LOG, 4)
    },
    lines: { [LOG]: [1, 2, 3, 4] },
  },
  {
    name: 'twenty truncations in a row are each told of',
    origins: ['filebeat: TruncateBigScannerInterval', 'filebeat: TruncatedFileOpen'],
    async play(scene) {
      for (const life of span(0, 20)) {
        scene.write(LOG, 10 + life)
        await scene.reads(LOG, ...span(10, 10 + life))
      }
    },
    lines: { [LOG]: span(10, 30) },
    gaps: 20,
  },
  {
    name: 'a copy under a name like a log is a file of its own',
    origins: ['otel: CopyTruncateWriteBoth'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.copyTruncate(LOG, 'train-old.jsonl')
      scene.append(LOG, 3)
      scene.append('train-old.jsonl', 4)
    },
    lines: { [LOG]: [1, 2, 3], 'train-old.jsonl': [1, 2, 4] },
    gaps: 1,
  },
  {
    name: 'the half line before a truncation does not join the first line after it',
    origins: ['otel: TruncateThenWrite', 'nxadm-tail: IncompleteLinesWithReopens'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.text(LOG, '{"step": 2, "lo')
      await scene.settle()
      scene.truncate(LOG)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 3] },
    gaps: 1,
  },
  {
    name: 'a state file that is rewritten in place gives each state that lasts, whole',
    origins: ['filebeat: TruncatedFileClosed'],
    async play(scene) {
      for (const state of span(10, 19)) {
        scene.write('state.json', state)
        await scene.reads('state.json', ...span(10, state))
      }
    },
    lines: { 'state.json': span(10, 19) },
    gaps: 9,
  },
  {
    name: 'a file that is truncated while a large one is read is read anew',
    origins: ['filebeat: TruncateBlockedOutput'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append('large.jsonl', ...span(1, 5000))
      scene.write(LOG, 2)
    },
    lines: { [LOG]: [1, 2], 'large.jsonl': span(1, 5000) },
    gaps: 1,
  },
]
