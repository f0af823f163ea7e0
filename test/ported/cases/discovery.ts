import { execFileSync } from 'node:child_process'
import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

export const discovery: readonly PortedCase[] = [
  {
    name: 'a file that was there before the start is read from its beginning',
    origins: ['vector: happy_path', 'fluent-bit: existing_file_from_tail_on_startup (from its end there)'],
    startsStopped: true,
    async play(scene) {
      scene.append(LOG, 1, 2)
      await scene.start()
      await scene.reads(LOG, 1, 2)
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a file that comes later is read from its beginning',
    origins: ['fluent-bit: discovers_new_files_from_head', 'otel: MultiFileParallel_Live'],
    async play(scene) {
      await scene.settle()
      scene.append(LOG, 1, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'what is written between the first read and the watch is read',
    origins: ['gnu-tail: inotify-race'],
    startsStopped: true,
    async play(scene) {
      scene.append(LOG, 1)
      const started = scene.start()
      for (const number of span(2, 40)) {
        scene.append(LOG, number)
        await new Promise((resolve) => setTimeout(resolve))
      }
      await started
    },
    lines: { [LOG]: span(1, 40) },
  },
  {
    name: 'a file in a folder that is made with it is read',
    origins: ['gnu-tail: inotify-dir-recreate', 'chokidar#685'],
    async play(scene) {
      scene.append('a/b/c/train.jsonl', 1)
      await scene.reads('a/b/c/train.jsonl', 1)
      scene.append('a/b/c/train.jsonl', 2)
    },
    lines: { 'a/b/c/train.jsonl': [1, 2] },
  },
  {
    name: 'a folder that is deleted and made again is followed again',
    origins: ['gnu-tail: inotify-dir-recreate'],
    async play(scene) {
      scene.append('job/train.jsonl', 1)
      await scene.reads('job/train.jsonl', 1)
      scene.remove('job')
      await scene.settle()
      scene.append('job/train.jsonl', 2)
      await scene.reads('job/train.jsonl', 1, 2)
      scene.append('job/train.jsonl', 3)
    },
    lines: { 'job/train.jsonl': [1, 2, 3] },
  },
  {
    name: 'hidden files, and files that are no logs by their names, are not read',
    origins: ['vector: exclude_paths'],
    async play(scene) {
      scene.append('.hidden.jsonl', 1)
      scene.append('.hidden/train.jsonl', 1)
      scene.append('weights.bin', 1)
      scene.append('train.jsonl~', 1)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [2] },
  },
  {
    name: 'files that are excluded are not read',
    origins: ['vector: exclude_paths'],
    exclude: ['debug*'],
    async play(scene) {
      scene.append('debug-1.jsonl', 1)
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [2] },
  },
  {
    name: 'files of several roots are each read once',
    origins: ['vector: multiple_paths', 'otel: MultiFileParallel_Preloaded'],
    roots: ['runs', 'more'],
    startsStopped: true,
    async play(scene) {
      scene.append(LOG, 1)
      scene.append('../more/train.jsonl', 2)
      await scene.start()
      await scene.reads(LOG, 1)
      scene.append(LOG, 3)
      scene.append('../more/train.jsonl', 4)
    },
    lines: { [LOG]: [1, 3], '../more/train.jsonl': [2, 4] },
  },
  {
    name: 'more files than are held open are all read, and read on',
    origins: [
      'filebeat: HarvestAllFilesWhenHarvesterLimitExceeded',
      'logstash: max_open_files',
      'otel: FileBatching',
      'gnu-tail: inotify-hash-abuse',
    ],
    async play(scene) {
      const logs = span(0, 269).map((job) => `${job}.jsonl`)
      for (const log of logs) scene.append(log, 1)
      await scene.reads('269.jsonl', 1)
      for (const log of logs) scene.append(log, 2)
    },
    lines: Object.fromEntries(span(0, 269).map((job) => [`${job}.jsonl`, [1, 2]])),
  },
  {
    name: 'a link that leads nowhere is read once it leads to a file',
    origins: ['filebeat: DanglingSymlinkIsRemoved', 'filebeat: SymlinksRemoved'],
    async play(scene) {
      scene.symlink('../targets/later', LOG)
      await scene.settle()
      scene.append('../targets/later', 1)
      await scene.reads(LOG, 1)
      scene.append('../targets/later', 2)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a link to a folder, or to itself, leads nobody in a circle',
    origins: ['gnu-tail: follow-symlink', 'vector: no_error_on_dir'],
    async play(scene) {
      scene.append('job/train.jsonl', 1)
      scene.symlink('.', 'job/again.jsonl')
      scene.symlink('loop.jsonl', 'loop.jsonl')
    },
    lines: { 'job/train.jsonl': [1] },
  },
  {
    name: 'a folder and a pipe with names like logs are passed over',
    origins: ['vector: no_error_on_dir'],
    async play(scene) {
      scene.folder('folder.jsonl')
      execFileSync('mkfifo', [scene.path('pipe.jsonl')])
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'a root that is not there yet is followed once it is',
    origins: ['gnu-tail: F-vs-missing', 'gnu-tail: retry', 'nxadm-tail: WaitForCreateThenMove'],
    roots: ['later'],
    async play(scene) {
      await scene.settle()
      scene.append('../later/train.jsonl', 1)
      await scene.reads('../later/train.jsonl', 1)
      scene.append('../later/train.jsonl', 2)
    },
    lines: { '../later/train.jsonl': [1, 2] },
  },
  {
    name: 'a root that is a file is followed through a rotation, whatever its name',
    origins: ['gnu-tail: F-vs-rename', 'filebeat: MissingLiteralIsRemoved'],
    roots: ['runs/nohup.3'],
    startsStopped: true,
    async play(scene) {
      scene.append('nohup.3', 1)
      await scene.start()
      await scene.reads('nohup.3', 1)
      scene.append('nohup.3', 2)
      scene.rename('nohup.3', 'nohup.4')
      scene.append('nohup.3', 3)
    },
    lines: { 'nohup.3': [1, 2, 3] },
  },
  {
    name: 'a file that is moved into the root is read from its beginning',
    origins: ['logstash: tailing, rename into glob', 'otel: MoveFile'],
    async play(scene) {
      scene.append('../elsewhere/train.jsonl', 1, 2)
      await scene.settle()
      scene.rename('../elsewhere/train.jsonl', LOG)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a file that is renamed to a name like no log is read to its end and left',
    origins: ['logstash: tailing, rename out of glob', 'filebeat: CloseAfterIntervalRenamed'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, 'train.bak')
      await scene.reads(LOG, 1, 2)
      await scene.ends(LOG)
      scene.append('train.bak', 3)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a file that is made and deleted at once leaves no trace',
    origins: ['filebeat: DeleteDuringScan'],
    async play(scene) {
      for (const number of span(1, 50)) {
        scene.folder('job')
        scene.append('job/train.bak', number)
        scene.remove('job')
      }
      scene.append(LOG, 1)
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'a file that is renamed while the folders are listed is read once',
    origins: ['filebeat: RenameDuringScan', 'chokidar#552'],
    async play(scene) {
      scene.append('a.jsonl', 1, 2)
      await scene.reads('a.jsonl', 1, 2)
      for (const to of ['b', 'c', 'd', 'e']) {
        scene.rename(`${String.fromCharCode(to.charCodeAt(0) - 1)}.jsonl`, `${to}.jsonl`)
        await scene.ends(`${to}.jsonl`)
      }
      scene.append('e.jsonl', 3)
      await scene.reads('e.jsonl', 3)
    },
    lines: { 'a.jsonl': [1, 2], 'e.jsonl': [3] },
  },
  {
    name: 'files that come and go by the dozen keep nobody from reading',
    origins: ['gnu-tail: inotify-rotate-resources', 'telegraf: SemaphoreLeak'],
    async play(scene) {
      for (const number of span(1, 10)) {
        scene.append(LOG, number)
        for (const temporary of span(1, 12)) scene.append(`tmp-${temporary}.part`, 0)
        await scene.reads(LOG, ...span(1, number))
        for (const temporary of span(1, 12)) scene.remove(`tmp-${temporary}.part`)
      }
    },
    lines: { [LOG]: span(1, 10) },
  },
  {
    name: 'a file that says it was written long ago, or tomorrow, is read all the same',
    origins: ['vector: ignore_old_files (ignored there)', 'fluent-bit: ignore_older', 'logstash: ignore_older'],
    async play(scene) {
      for (const [i, seconds] of [0, 86_400, 4_000_000_000].entries()) {
        scene.append(LOG, 2 * i)
        scene.setWritten(LOG, seconds)
        await scene.settle()
        scene.text(LOG, line(2 * i + 1))
        scene.setWritten(LOG, seconds)
        await scene.reads(LOG, ...span(0, 2 * i + 1))
      }
    },
    lines: { [LOG]: span(0, 5) },
  },
  {
    name: 'a file that was quiet for long is read when it grows',
    origins: [
      'filebeat: DataAddedAfterCloseInactive',
      'fluent-bit: ignore_active_older resumes',
      'logstash: close_older',
    ],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      for (let i = 0; i < 10; i++) await scene.settle()
      scene.append(LOG, 2)
    },
    lines: { [LOG]: [1, 2] },
  },
]
