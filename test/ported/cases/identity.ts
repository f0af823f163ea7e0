import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

/** Each life of a file is a line shorter than the one before. */
function ofLife(life: number): number[] {
  return span(life * 10, life * 10 + 5 - life)
}

export const identity: readonly PortedCase[] = [
  {
    name: 'a file that is deleted and made again is read anew',
    origins: ['telegraf: DeleteRecreate', 'fluent-bit: delete_and_recreate_same_path', 'fluent-bit#8025'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.remove(LOG)
      await scene.settle()
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'what a deleted file still held is read',
    origins: ['telegraf: Delete (skipped there)', 'alloy: deleted while reading', 'filebeat: CloseRemoved'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2, 3)
      scene.remove(LOG)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file that is deleted and made again at once gives the rest of the old one and then the new one',
    origins: ['vector: remove_file', 'fluent-bit#4895'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.remove(LOG)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a shorter file that was given the inode of the last one is read from its beginning',
    origins: ['vector#23076', 'fluent-bit#4895', 'fluent-bit#11455'],
    async play(scene) {
      for (const life of span(1, 5)) {
        scene.append(LOG, ...ofLife(life))
        await scene.reads(LOG, ...span(1, life).flatMap(ofLife))
        scene.remove(LOG)
        await scene.settle()
      }
    },
    lines: { [LOG]: span(1, 5).flatMap(ofLife) },
  },
  {
    name: 'a file that was given the inode of another one, which is gone, is read from its beginning',
    origins: ['beats#36541', 'beats#40197', 'vector: inode_fingerprint'],
    async play(scene) {
      scene.append('old.jsonl', 1, 2, 3)
      await scene.reads('old.jsonl', 1, 2, 3)
      scene.remove('old.jsonl')
      await scene.settle()
      scene.append('new.jsonl', 11, 12, 13, 14)
    },
    lines: { 'old.jsonl': [1, 2, 3], 'new.jsonl': [11, 12, 13, 14] },
  },
  {
    name: 'a file that is replaced by an equal copy holds nothing new',
    origins: ['alloy: atomic writes, same content', 'nxadm-tail: ReOpen'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.replace(LOG, 1, 2)
      await scene.settle()
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file that is replaced by a longer copy is read on',
    origins: ['alloy: atomic writes, new content', 'alloy#5143'],
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.reads(LOG, 1, 2)
      scene.replace(LOG, 1, 2, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file that is replaced by another one is read anew, after the rest of the old one',
    origins: ['gnu-tail: inotify-race2', 'filebeat: RenameBeforeFingerprintOpen'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.replace(LOG, 11, 12, 13, 14)
    },
    lines: { [LOG]: [1, 2, 11, 12, 13, 14] },
  },
  {
    name: 'a state file that is replaced in one step gives each state that lasts, without a gap',
    origins: ['alloy: atomic writes, new content'],
    async play(scene) {
      for (const state of span(10, 19)) {
        scene.replace('state.json', state)
        await scene.reads('state.json', ...span(10, state))
      }
    },
    lines: { 'state.json': span(10, 19) },
  },
  {
    name: 'two files with the same first line are two',
    origins: ['vector: first_line_checksum_fingerprint, duplicate'],
    async play(scene) {
      scene.append('a.jsonl', 1, 2)
      scene.append('b.jsonl', 1, 3)
    },
    lines: { 'a.jsonl': [1, 2], 'b.jsonl': [1, 3] },
  },
  {
    name: 'eight ranks with one banner, and equal lines, are eight files',
    origins: ['otel: DelayedDisambiguation', 'otel: StalePartialFingerprintDiscarded'],
    async play(scene) {
      const banner = `${'='.repeat(300)}\n`
      for (const rank of span(0, 7)) scene.text(`rank-${rank}.jsonl`, banner)
      await scene.settle()
      for (const rank of span(0, 7)) scene.append(`rank-${rank}.jsonl`, 1, 2)
    },
    lines: Object.fromEntries(span(0, 7).map((rank) => [`rank-${rank}.jsonl`, [1, 2]])),
  },
  {
    name: 'a hard link to a followed file is not a second file',
    origins: ['gnu-tail: follow one of several hard links', 'vector: inode_fingerprint'],
    async play(scene) {
      scene.append('a.jsonl', 1)
      await scene.reads('a.jsonl', 1)
      scene.link('a.jsonl', 'b.jsonl')
      scene.append('b.jsonl', 2)
    },
    lines: { 'a.jsonl': [1, 2] },
  },
  {
    name: 'a link beside the file that it leads to is not a second file',
    origins: ['filebeat: SymlinksEnabled', 'gnu-tail: follow-symlink'],
    async play(scene) {
      scene.append('run-7.jsonl', 1)
      scene.symlink('run-7.jsonl', 'latest.jsonl')
      await scene.reads('run-7.jsonl', 1)
      scene.append('run-7.jsonl', 2)
    },
    lines: { 'run-7.jsonl': [1, 2] },
  },
  {
    name: 'a root within another one doubles nothing',
    origins: ['vector: multiple_paths'],
    roots: ['runs', 'runs/job', 'runs/job/train.jsonl'],
    startsStopped: true,
    async play(scene) {
      scene.append('job/train.jsonl', 1)
      scene.append('other.jsonl', 7)
      await scene.start()
      await scene.reads('job/train.jsonl', 1)
      scene.append('job/train.jsonl', 2)
    },
    lines: { 'job/train.jsonl': [1, 2], 'other.jsonl': [7] },
  },
  {
    name: 'a file of one short line is read at once',
    origins: ['vector: first_line_checksum_fingerprint, small', 'filebeat: files below 1,024 bytes (ignored there)'],
    async play(scene) {
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'a file whose first line is unfinished is known again when it is finished',
    origins: ['vector: first_line_checksum_fingerprint, no newline', 'telegraf: PartialWrite'],
    async play(scene) {
      scene.text(LOG, '{"step": 1, ')
      await scene.settle()
      scene.text(LOG, '"loss": 1}\n')
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'an empty file leaves no trace, and is read once it has a line',
    origins: ['otel: IgnoreEmptyFiles', 'vector: checksum_fingerprint, empty'],
    async play(scene) {
      scene.write(LOG)
      await scene.settle()
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'an empty file that is deleted and made again is read once',
    origins: ['fluent-bit: db_delete_stale_file'],
    async play(scene) {
      scene.write(LOG)
      await scene.settle()
      scene.remove(LOG)
      await scene.settle()
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'the files of a folder that is renamed are not read again',
    origins: ['filebeat: DirectoryRenameDuringScan'],
    async play(scene) {
      scene.append('job/train.jsonl', 1, 2)
      await scene.reads('job/train.jsonl', 1, 2)
      scene.rename('job', 'job-old')
      await scene.ends('job/train.jsonl')
      await scene.ends('job-old/train.jsonl')
      scene.append('job-old/train.jsonl', 3)
      await scene.reads('job-old/train.jsonl', 3)
    },
    lines: { 'job/train.jsonl': [1, 2], 'job-old/train.jsonl': [3] },
  },
  {
    name: 'a file that grew by itself is the same one, however short what was read of it',
    origins: ['otel: growing fingerprint', 'alloy: signature, 18 cases'],
    async play(scene) {
      scene.text(LOG, '\n')
      await scene.settle()
      for (const number of span(1, 20)) {
        scene.text(LOG, line(number))
        await scene.reads(LOG, ...span(1, number))
      }
    },
    lines: { [LOG]: span(1, 20) },
  },
]
