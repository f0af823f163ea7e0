import { existsSync } from 'node:fs'
import type { CommandModule } from 'yargs'
import { loadConfig } from '../../config/load.ts'
import { lesson, topicList } from '../../core/lessons/lesson-of-topic.ts'
import type { Subject } from '../../core/lessons/topic.ts'
import { encodeJson } from '../../protocol/json.ts'
import { demoSubject } from '../../server/lessons/demo-subject.ts'
import { subjectOf } from '../../server/lessons/subject.ts'
import { DATABASE_OPTIONS, type DatabaseSource, databaseOf, storeOf, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { JSON_OPTION } from '../options.ts'
import { lessonText, topicsText } from '../print-lesson.ts'
import type { Shell } from '../shell.ts'
import { printable, UsageError } from '../terminal.ts'

const ALL = 'all'

interface Where extends DatabaseSource {
  run?: string | undefined
  step?: number | undefined
  demo: boolean
}

interface LearnArguments extends Where {
  topic?: string | undefined
  json: boolean
}

export const learn = ({ terminal }: Shell) =>
  ({
    command: 'learn [topic]',
    describe: 'Explain surprise, entropy, cross-entropy and the log(0), with the numbers of a run of yours',
    builder: (y) =>
      y
        .positional('topic', {
          type: 'string',
          describe: 'what to explain; without one, the list of topics',
          choices: [...topicList().map(({ topic }) => topic), ALL],
        })
        .options({
          run: {
            type: 'string',
            describe: 'a run with predictions, or any unique ending of its name (default: the newest)',
            requiresArg: true,
          },
          step: {
            type: 'number',
            describe: 'the step whose batch is used (default: the last before the loss broke)',
            requiresArg: true,
          },
          demo: { type: 'boolean', default: false, describe: "use the demo's numbers, though there are runs" },
          ...DATABASE_OPTIONS,
          ...JSON_OPTION,
        })
        .example('$0 learn', 'the topics')
        .example('$0 learn crash --run bert-base', 'how the loss of this run broke')
        .example('$0 learn all --demo', 'all of it, with the numbers of a small real training'),
    handler: async ({ topic, json, ...where }) => {
      if (topic === undefined) {
        const topics = topicList()
        terminal.stdout(json ? topics.map((each) => `${encodeJson(each)}\n`).join('') : topicsText(topics, terminal))
        return
      }
      const subject = await subjectFor(where)
      if (where.run !== undefined && !where.demo && subject.source.kind === 'demo')
        terminal.stderr(`${printable(where.run)}: no predictions were logged, so the demo's numbers are used\n`)
      const names = topic === ALL ? topicList().map((each) => each.topic) : [topic]
      for (const name of names) {
        const found = lesson(name, subject)!
        terminal.stdout(json ? `${encodeJson(found)}\n` : lessonText(found, terminal))
      }
    },
  }) satisfies CommandModule<object, LearnArguments>

/** The batch that the command line names. Throws a UsageError where there is none. */
async function subjectFor({ run, step: asked, demo, ...source }: Where): Promise<Subject> {
  const step = asked ?? null
  const config = loadConfig(source.config)
  const isNamed = source.db !== undefined || config.database !== null
  const isAnyThere = isNamed || existsSync(databaseOf(source, config))
  const subject =
    demo || (run === undefined && !isAnyThere)
      ? demoSubject(step)
      : await withReader(storeOf(source, config), (reader) =>
          reader.snapshot(async (view) =>
            subjectOf(view, run === undefined ? null : findRun(await view.runs(), run).run, step),
          ),
        )
  if (subject !== null) return subject
  throw new UsageError(`--step ${step}: no batch of predictions was read at this step; leave --step out`)
}
