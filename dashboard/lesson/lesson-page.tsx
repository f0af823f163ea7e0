import { useSignal, useSignalEffect } from '@preact/signals'
import type { Lesson, LessonSource, TopicsAnswer } from '../../src/protocol/lesson.ts'
import { ApiError } from '../api.ts'
import { server } from '../live-data.ts'
import { countText } from '../number-text.ts'
import { dispatch, view } from '../page-store.ts'
import './lesson.css'
import { LessonBlocks } from './block-views.tsx'

/** One lesson with the numbers of the selected run, and the way to the others. */
export function LessonPage() {
  const list = useSignal<TopicsAnswer | null>(null)
  const lesson = useSignal<Lesson | null>(null)
  const failure = useSignal<string | null>(null)

  useSignalEffect(() => {
    const { lesson: topic, run } = view.value
    if (topic === null) return
    let isCurrent = true
    const load = async () => {
      try {
        const [topics, answer] = await Promise.all([server.topics(), server.lesson(topic, run)])
        if (!isCurrent) return
        list.value = topics
        lesson.value = answer
        failure.value = null
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (error.isLocked) dispatch({ type: 'locked' })
        else if (isCurrent) failure.value = error.message
      }
    }
    void load()
    return () => {
      isCurrent = false
    }
  })

  return (
    <article class="lesson" data-testid="lesson">
      <nav class="lesson-topics" aria-label="Topics">
        {list.value?.topics.map(({ topic, title }) => (
          <button
            type="button"
            key={topic}
            aria-pressed={topic === view.value.lesson}
            onClick={() => dispatch({ type: 'learn', topic })}
          >
            {title}
          </button>
        ))}
      </nav>
      {failure.value !== null && <p class="hint">{failure.value}</p>}
      {lesson.value !== null && <LessonContent lesson={lesson.value} runs={list.value?.runs ?? []} />}
    </article>
  )
}

function LessonContent({ lesson, runs }: { lesson: Lesson; runs: readonly string[] }) {
  return (
    <>
      <h2>{lesson.title}</h2>
      <p class="lesson-claim">{lesson.claim}</p>
      <Source source={lesson.source} runs={runs} />
      <LessonBlocks blocks={lesson.blocks} />
    </>
  )
}

/** Whose numbers these are, and which others there are. */
function Source({ source, runs }: { source: LessonSource; runs: readonly string[] }) {
  const place = source.step === null ? 'a batch' : `step ${countText(source.step)}`
  const others = runs.filter((run) => run !== source.run)
  return (
    <div class="lesson-source">
      <p data-testid="lesson-source">
        {source.kind === 'run'
          ? `The numbers are of ${place} of ${source.run}.`
          : `The selected run logged no predictions: the numbers are of ${place} of a small training, ${source.run}, that was computed just now.`}
      </p>
      {others.length > 0 && (
        <label>
          Another run:{' '}
          <select value="" onChange={(event) => dispatch({ type: 'select-run', run: event.currentTarget.value })}>
            <option value="" disabled>
              choose
            </option>
            {others.map((run) => (
              <option key={run} value={run}>
                {run}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}
