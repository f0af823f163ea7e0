import { type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

/** A file cannot be read for a time, grows meanwhile, and keeps no other one waiting. */
function unreadable(code: string): PortedCase['play'] {
  return async (scene) => {
    scene.append(LOG, 1)
    await scene.reads(LOG, 1)
    scene.fail(LOG, code)
    scene.append(LOG, 2)
    await scene.tellsOfProblem(LOG)
    scene.append('other.jsonl', 7)
    await scene.reads('other.jsonl', 7)
    scene.fail(LOG, null)
    scene.append(LOG, 3)
    await scene.reads(LOG, 1, 2, 3)
  }
}

export const permissions: readonly PortedCase[] = [
  {
    name: 'a file that may not be read for a time is read on afterwards',
    origins: ['influxdata-tail: PermissionChange', 'logstash: tailing, no longer readable'],
    play: unreadable('EACCES'),
    lines: { [LOG]: [1, 2, 3], 'other.jsonl': [7] },
  },
  {
    name: 'a file that may not be read when it is found is read once it may',
    origins: ['fluent-bit: discovers_file_after_permissions_are_restored'],
    async play(scene) {
      scene.fail(LOG, 'EACCES')
      scene.append(LOG, 1, 2)
      await scene.tellsOfProblem(LOG)
      scene.fail(LOG, null)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a stale handle does not end the following',
    origins: ['loki#3651'],
    play: unreadable('ESTALE'),
    lines: { [LOG]: [1, 2, 3], 'other.jsonl': [7] },
  },
  {
    name: 'an error of the disk does not end the following',
    origins: ['chokidar: any error of stat is an unlink'],
    play: unreadable('EIO'),
    lines: { [LOG]: [1, 2, 3], 'other.jsonl': [7] },
  },
  {
    name: 'too many open files end nothing',
    origins: ['serverless#13281'],
    play: unreadable('EMFILE'),
    lines: { [LOG]: [1, 2, 3], 'other.jsonl': [7] },
  },
  {
    name: 'a rotation while the file may not be read loses nothing of what it held',
    origins: ['influxdata-tail: PermissionChange', 'filebeat: CloseAfterIntervalRenamed'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.fail(LOG, 'EACCES')
      scene.append(LOG, 2)
      await scene.tellsOfProblem(LOG)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 3)
      scene.fail(LOG, null)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a folder that may not be listed for a time loses none of its files',
    origins: ['chokidar: any error of stat is an unlink'],
    async play(scene) {
      scene.append('job/train.jsonl', 1)
      await scene.reads('job/train.jsonl', 1)
      scene.fail('job', 'EACCES')
      scene.append('job/train.jsonl', ...span(2, 3))
      scene.append('job/new.jsonl', 4)
      await scene.tellsOfProblem('job')
      scene.fail('job', null)
      await scene.reads('job/new.jsonl', 4)
    },
    lines: { 'job/train.jsonl': [1, 2, 3], 'job/new.jsonl': [4] },
  },
]
