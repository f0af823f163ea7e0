import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

export const rotation: readonly PortedCase[] = [
  {
    name: 'a file that was read to its end and renamed makes way for the new one',
    origins: ['vector: rotate', 'fluent-bit: follows_rename_rotation', 'logstash: create + rename, fully read'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3, 4)
    },
    lines: { [LOG]: [1, 2, 3, 4] },
  },
  {
    name: 'what a renamed file still held is read before the new one',
    origins: [
      'logstash: create + rename, not fully read',
      'alloy: rotation drains remaining lines',
      'telegraf: LogRotateCreate',
    ],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2, 3)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 4)
    },
    lines: { [LOG]: [1, 2, 3, 4] },
  },
  {
    name: 'a renamed file is read to its end though the new one comes later',
    origins: ['gnu-tail: F-vs-rename', 'filebeat: CloseRenamed'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, `${LOG}.1`)
      await scene.reads(LOG, 1, 2)
      await scene.settle()
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a cascade of renames gives each file once, in order',
    origins: ['logstash: two-file cascade, slow', 'fluent-bit: multiple_rename_rotations', 'otel: MultiFileRotateSlow'],
    async play(scene) {
      for (const number of span(1, 5)) {
        scene.append(LOG, number)
        await scene.reads(LOG, ...span(1, number))
        if (number > 1) scene.rename(`${LOG}.1`, `${LOG}.2`)
        scene.rename(LOG, `${LOG}.1`)
      }
      scene.append(LOG, 6)
    },
    lines: { [LOG]: span(1, 6) },
  },
  {
    name: 'a file that came and went between two looks is not read, and those around it are',
    origins: ['loki#14462', 'logstash: two-file cascade, normal'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.rename(LOG, `${LOG}.2`)
      scene.append(LOG, 2)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 3] },
  },
  {
    name: 'twenty rotations in a row lose nothing',
    origins: ['gnu-tail: inotify-rotate', 'fluent-bit: multi_file_rapid_rotation', 'otel: MultiFileRotate'],
    async play(scene) {
      for (const number of span(0, 19)) {
        scene.append(LOG, 2 * number)
        await scene.reads(LOG, ...span(0, 2 * number))
        scene.append(LOG, 2 * number + 1)
        scene.rename(LOG, `${LOG}.${number}`)
        await scene.reads(LOG, ...span(0, 2 * number + 1))
      }
      scene.append(LOG, 40)
    },
    lines: { [LOG]: span(0, 40) },
  },
  {
    name: 'a file renamed to a name like a log is not read again',
    origins: ['logstash: active file renamed inside glob, no lag', 'otel: rotation MoveCreate, timestamped'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.rename(LOG, 'train-2026.jsonl')
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file renamed to a name like a log before its end was read gives the rest once',
    origins: ['logstash: active file renamed inside glob, lag', 'otel: rotation MoveCreate, sequential'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2, 3)
      scene.rename(LOG, 'train-2026.jsonl')
      scene.append(LOG, 4)
    },
    lines: { [LOG]: [1, 2, 3, 4] },
  },
  {
    name: 'a file that is moved away and comes back is read on',
    origins: ['gnu-tail: descriptor-vs-rename', 'filebeat: MetadataUpdatedOnRename'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.rename(LOG, `${LOG}.aside`)
      await scene.settle()
      scene.rename(`${LOG}.aside`, LOG)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a rotated file that is deleted leaves what was read of it',
    origins: ['filebeat: CloseAfterIntervalRotatedAndRemoved', 'fluent-bit: rotate_wait_keeps_old_inode_then_purges'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
      scene.remove(`${LOG}.1`)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a new file that is deleted at once leaves what the old one held',
    origins: ['filebeat: CloseAfterIntervalRotatedAndNewRemoved'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
      scene.remove(LOG)
      await scene.reads(LOG, 1, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'what the writer adds to the renamed file before the new one is there is read',
    origins: ['fluent-bit: rotate_wait_keeps_old_inode_then_purges', 'fluent-bit#5382', 'nxadm-tail: ReOpen'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(`${LOG}.1`, 2)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file that is moved out of the root is read to its end',
    origins: ['otel: TrackMovedAwayFiles', 'otel: MoveFile', 'logstash: inactive file rotated outside glob'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, '../elsewhere/train.jsonl')
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a rotated file that is compressed is not read as text',
    origins: ['vector: gzipped_file', 'otel: gzip from begin'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.rename(LOG, `${LOG}.1`)
      scene.text(`${LOG}.1.gz`, Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3))
      scene.remove(`${LOG}.1`)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a link that is led to another file gives the rest of the old one and then the new one',
    origins: ['fluent-bit: symlink_target_rotation', 'filebeat: SymlinksRotated', 'telegraf: Symlink'],
    async play(scene) {
      scene.append('../targets/a', 1)
      scene.symlink('../targets/a', LOG)
      await scene.reads(LOG, 1)
      scene.append('../targets/a', 2)
      scene.append('../targets/b', 3)
      scene.symlink('../targets/b', LOG)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a link that is led to thirty files one after the other gives each of them once',
    origins: ['otel: SymlinkedFiles'],
    async play(scene) {
      for (const file of span(0, 29)) {
        scene.append(`../targets/${file}`, ...span(10 * file, 10 * file + 9))
        scene.symlink(`../targets/${file}`, LOG)
        await scene.reads(LOG, ...span(0, 10 * file + 9))
      }
    },
    lines: { [LOG]: span(0, 299) },
  },
  {
    name: 'two files that begin with the same header are kept apart',
    origins: ['otel: rotation Deletion/ExceedFingerprint', 'vector: test_first_two_lines fingerprint, with headers'],
    async play(scene) {
      scene.text('train.csv', 'step,loss\n1,1\n')
      await scene.reads('train.csv', 1)
      scene.text('train.csv', '2,2\n')
      scene.rename('train.csv', 'train.csv.1')
      scene.text('train.csv', 'step,loss\n3,3\n')
    },
    lines: { 'train.csv': [1, 2, 3] },
  },
  {
    name: 'the last line of a renamed file is a line though it has no end',
    origins: ['otel: NoLostPartial', 'filebeat: CloseEOF'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.text(LOG, line(2).trimEnd())
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'half a line in a renamed file is told of, and does not join the first line of the new one',
    origins: ['fluent-bit#5382', 'otel: DeleteAfterRead_SkipPartials'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.text(LOG, '{"step": 2, "lo')
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 3] },
    rejects: 1,
  },
  {
    name: 'many files that are rotated at the same moment lose nothing',
    origins: ['otel: MultiFileRotate', 'logstash: multi-file cascade'],
    async play(scene) {
      const logs = span(0, 9).map((job) => `job-${job}/train.jsonl`)
      for (const log of logs) scene.append(log, 1)
      for (const log of logs) await scene.reads(log, 1)
      for (const log of logs) {
        scene.append(log, 2)
        scene.rename(log, `${log}.1`)
        scene.append(log, 3)
      }
    },
    lines: Object.fromEntries(span(0, 9).map((job) => [`job-${job}/train.jsonl`, [1, 2, 3]])),
  },
]
