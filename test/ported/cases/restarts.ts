import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

/** Some lines are read, the daemon stops, something happens, and it starts again. */
function whileStopped(happens: (scene: Parameters<PortedCase['play']>[0]) => void): PortedCase['play'] {
  return async (scene) => {
    scene.append(LOG, 11, 12, 13)
    await scene.reads(LOG, 11, 12, 13)
    await scene.stop()
    happens(scene)
    await scene.start()
  }
}

export const restarts: readonly PortedCase[] = [
  {
    name: 'reading goes on where it stopped',
    origins: [
      'vector: start_position_server_restart',
      'fluent-bit: restart_resumes_from_db_offset',
      'telegraf: ResumeFromPreviousOffset',
      'otel: RestartOffsets',
    ],
    play: whileStopped((scene) => scene.append(LOG, 14)),
    lines: { [LOG]: [11, 12, 13, 14] },
  },
  {
    name: 'restarts without anything new double nothing',
    origins: ['vector: duplicate_processing_after_restart', 'vector: checkpointer restart'],
    async play(scene) {
      scene.append(LOG, ...span(1, 4000))
      for (let i = 0; i < 3; i++) {
        await scene.reads(LOG, ...span(1, 4000))
        await scene.restart()
      }
    },
    lines: { [LOG]: span(1, 4000) },
  },
  {
    name: 'a stop in the middle of a large file loses and doubles nothing',
    origins: ['vector: start_position_server_restart, unfinalized', 'alloy: cancel while send blocked'],
    async play(scene) {
      const note = 'x'.repeat(1000)
      scene.text(
        LOG,
        span(1, 4000)
          .map((n) => `{"step": ${n}, "loss": ${n}, "note": "${note}"}\n`)
          .join(''),
      )
      for (let i = 0; i < 4; i++) {
        await scene.settle()
        await scene.restart()
      }
    },
    lines: { [LOG]: span(1, 4000) },
  },
  {
    name: 'a line that was half written at the stop is completed once',
    origins: ['fluent-bit: partial_line_across_restart_is_completed_once', 'fluent-bit#11265'],
    async play(scene) {
      scene.text(LOG, `${line(1)}{"step": 2, `)
      await scene.reads(LOG, 1)
      await scene.restart()
      await scene.settle()
      scene.text(LOG, '"loss": 2}\n')
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a rotation while stopped loses nothing of the old file',
    origins: ['vector: restart_with_file_rotation', 'otel: FileMovedWhileOff_BigFiles'],
    play: whileStopped((scene) => {
      scene.append(LOG, 14)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 21)
    }),
    lines: { [LOG]: [11, 12, 13, 14, 21] },
  },
  {
    name: 'a rotation while stopped to a name like a log doubles nothing',
    origins: ['fluent-bit: db_compare_filename_replays_renamed_file_after_restart (replayed there)'],
    play: whileStopped((scene) => {
      scene.append(LOG, 14)
      scene.rename(LOG, 'train-2026.jsonl')
      scene.append(LOG, 21)
    }),
    lines: { [LOG]: [11, 12, 13, 14, 21] },
  },
  {
    name: 'of two rotations while stopped the middle file is not looked for',
    origins: ['loki#14462', 'filebeat: rotated faster than read'],
    play: whileStopped((scene) => {
      scene.append(LOG, 14)
      scene.rename(LOG, `${LOG}.2`)
      scene.append(LOG, 21)
      scene.rename(LOG, `${LOG}.1`)
      scene.append(LOG, 31)
    }),
    lines: { [LOG]: [11, 12, 13, 14, 31] },
  },
  {
    name: 'a long file that was copied and truncated while stopped is read to its end in the copy',
    origins: ['beats#45300', 'fluent-bit: copytruncate_across_restart_reads_new_content_only (lost there)'],
    async play(scene) {
      scene.append(LOG, ...span(101, 150))
      await scene.reads(LOG, ...span(101, 150))
      await scene.stop()
      scene.append(LOG, ...span(151, 160))
      scene.copyTruncate(LOG, `${LOG}.1`)
      scene.append(LOG, ...span(201, 210))
      await scene.start()
    },
    lines: { [LOG]: [...span(101, 160), ...span(201, 210)] },
  },
  {
    name: 'a truncation to a smaller size while stopped is read anew',
    origins: ['filebeat: TruncatedFileClosed', 'loki#924'],
    play: whileStopped((scene) => scene.write(LOG, 21)),
    lines: { [LOG]: [11, 12, 13, 21] },
    gaps: 1,
  },
  {
    name: 'a truncation to the same size while stopped is read anew',
    origins: ['loki#924'],
    play: whileStopped((scene) => scene.write(LOG, 21, 22, 23)),
    lines: { [LOG]: [11, 12, 13, 21, 22, 23] },
    gaps: 1,
  },
  {
    name: 'a truncation to a larger size while stopped is read anew',
    origins: ['loki#924', 'beats#45300'],
    play: whileStopped((scene) => scene.write(LOG, 21, 22, 23, 24)),
    lines: { [LOG]: [11, 12, 13, 21, 22, 23, 24] },
    gaps: 1,
  },
  {
    name: 'a file that was deleted while stopped leaves what was read of it',
    origins: ['fluent-bit: db_delete_stale_file', 'filebeat: MissingLiteralIsRemoved'],
    play: whileStopped((scene) => scene.remove(LOG)),
    lines: { [LOG]: [11, 12, 13] },
  },
  {
    name: 'a file that was deleted and made again while stopped is read anew, and what was not read is a gap',
    origins: ['vector#23076', 'fluent-bit#8025', 'logstash#222'],
    play: whileStopped((scene) => {
      scene.append(LOG, 14)
      scene.remove(LOG)
      scene.append(LOG, 21, 22, 23, 24, 25)
    }),
    lines: { [LOG]: [11, 12, 13, 21, 22, 23, 24, 25] },
    gaps: 1,
  },
  {
    name: 'a file that was replaced by a longer copy while stopped is read on',
    origins: ['alloy: atomic writes, new content'],
    play: whileStopped((scene) => scene.replace(LOG, 11, 12, 13, 14)),
    lines: { [LOG]: [11, 12, 13, 14] },
  },
  {
    name: 'a file that is new since the stop is read from its beginning',
    origins: ['otel: RestartOffsets', 'fluent-bit: discovers_new_files_from_head'],
    play: whileStopped((scene) => scene.append('new.jsonl', 1, 2)),
    lines: { [LOG]: [11, 12, 13], 'new.jsonl': [1, 2] },
  },
  {
    name: 'a rotation that was half seen before the stop is seen to its end after it',
    origins: ['vector: restart_with_file_rotation'],
    async play(scene) {
      scene.append(LOG, 1)
      await scene.reads(LOG, 1)
      scene.append(LOG, 2)
      scene.rename(LOG, `${LOG}.1`)
      await scene.reads(LOG, 1, 2)
      await scene.restart()
      scene.append(LOG, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
  },
]
