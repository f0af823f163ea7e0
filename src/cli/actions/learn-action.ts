import { existsSync } from 'node:fs'
import { loadConfig } from '../../config/load.ts'
import { lesson, topicList } from '../../core/lessons/lesson-of-topic.ts'
import type { Subject } from '../../core/lessons/topic.ts'
import { ALL_TOPICS } from '../../core/lessons/topic-names.ts'
import { encodeJson } from '../../protocol/json.ts'
import { demoSubject } from '../../server/lessons/demo-subject.ts'
import { subjectOf } from '../../server/lessons/subject.ts'
import { type DatabaseSource, databaseBy, storeBy, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { lessonText, topicsText } from '../print-lesson.ts'
import type { Shell } from '../shell.ts'
import { printable, UsageError } from '../terminal.ts'

interface Where extends DatabaseSource {
  run?: string | undefined
  step?: number | undefined
  demo: boolean
}

export interface LearnArguments extends Where {
  topic?: string | undefined
  json: boolean
}

export const learn =
  ({ terminal }: Shell) =>
  async ({ topic, json, ...where }: LearnArguments) => {
    if (topic === undefined) {
      const topics = topicList()
      terminal.stdout(json ? topics.map((each) => `${encodeJson(each)}\n`).join('') : topicsText(topics, terminal))
      return
    }
    const subject = await subjectFor(where)
    if (where.run !== undefined && !where.demo && subject.source.kind === 'demo')
      terminal.stderr(`${printable(where.run)}: no predictions were logged, so the demo's numbers are used\n`)
    const names = topic === ALL_TOPICS ? topicList().map((each) => each.topic) : [topic]
    for (const name of names) {
      const found = lesson(name, subject)!
      terminal.stdout(json ? `${encodeJson(found)}\n` : lessonText(found, terminal))
    }
  }

/** The batch that the command line names. Throws a UsageError where there is none. */
async function subjectFor({ run, step: asked, demo, ...source }: Where): Promise<Subject> {
  const step = asked ?? null
  const config = await loadConfig(source.config)
  const isNamed = source.db !== undefined || config.database !== null
  const isAnyThere = isNamed || existsSync(databaseBy(source, config))
  const subject =
    demo || (run === undefined && !isAnyThere)
      ? demoSubject(step)
      : await withReader(storeBy(source, config), (reader) =>
          reader.snapshot(async (view) =>
            subjectOf(view, run === undefined ? null : findRun(await view.runs(), run).run, step),
          ),
        )
  if (subject !== null) return subject
  throw new UsageError(`--step ${step}: no batch of predictions was read at this step; leave --step out`)
}
