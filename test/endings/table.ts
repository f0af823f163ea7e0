import type { RunState } from '../../src/protocol/run.ts'

/** How a job ends, and what must be said of it. */
export interface Case {
  readonly name: string
  /** Run by bash in the folder of the run. `job` is `job.mjs`; what it prints goes where the command sends it. */
  readonly command: string
  readonly state: RunState
  /** Given to the command as `$WORDS`. */
  readonly words?: string
  /** The gravest severity of its alerts that fires at the end; null for none. A warning may be told where nobody can know. */
  readonly severity: 'critical' | 'warning' | null
  /** Sent to the process group after `AFTER_MS`. */
  readonly signal?: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGINT'
  /** Set where it died before and was started again: an alert was right for a while. */
  readonly isRestarted?: boolean
  /** The program that it needs; it is skipped where that is absent. */
  readonly needs?: string
}

const LOGGED = 'Traceback (most recent call last):\\n  File "train.py", line 3, in push\\nConnectionError: 403'

const PRINTED = 'Traceback (most recent call last):\\n  File "train.py", line 3, in <module>\\nConnectionError: 403'

/** Jobs with these last words live on, as in a notebook or a shell that keeps the log open. */
const WORDS: Readonly<Record<string, string>> = {
  english: 'Training complete!',
  'with a level': '2026-11-29 10:00:00,123 INFO trainer: Finished training.',
  lightning: '`Trainer.fit` stopped: `max_epochs=3` reached.',
  chinese: '训练完成，总用时 3 小时',
  japanese: '学習が完了しました',
  korean: '학습이 완료되었습니다.',
  russian: 'Обучение завершено за 3 часа',
  german: 'Training abgeschlossen.',
  french: 'Entraînement terminé en 3 h',
  spanish: 'Entrenamiento finalizado',
  done: 'Done.',
  'done in chinese': '完成',
  'saved model': 'Model saved to out/model.pt',
  'saved weights, done': 'Saved final weights to out/final.safetensors\\nDone!',
  'a summary': 'Total time: 0:08:02',
  'a best value': 'Best val accuracy: 0.934 at epoch 7',
  'saved in german': 'Modell wurde nach out/model.pt gespeichert',
  'a structured event': '{"event":"training_finished","epochs":3}',
  'an evaluation': 'Test set: Average loss: 0.0270, Accuracy: 9912/10000 (99%)',
  'a report':
    'Classification report:\\n    accuracy                           0.97       100\\nweighted avg       0.97      0.97      0.97       100',
  loguru: '2026-11-29 10:00:00.123 | SUCCESS  | __main__:main:99 - Done!',
  'saved in korean': '모델이 out/model.pt 에 저장되었습니다',
  'a best value in chinese': '最佳验证准确率: 93.4%',
  'an error that was caught, and done': `ERROR:root:could not push\\n${LOGGED}\\nDone.`,
  trainer: "{'train_runtime': 8.3, 'train_samples_per_second': 120.0, 'train_loss': 0.7, 'epoch': 1.0}",
}

export const ENDINGS: readonly Case[] = [
  // Healthy ends, without a word.
  { name: 'jsonl', command: 'job jsonl 40 > train.jsonl', state: 'ended', severity: null },
  { name: 'jsonl kept open', command: 'job jsonl 40 --log metrics.jsonl', state: 'ended', severity: null },
  { name: 'csv', command: 'job csv 40 --log metrics.csv', state: 'ended', severity: null },
  { name: 'plain', command: 'job plain 40 > train.log', state: 'ended', severity: null },
  { name: 'key-value', command: 'job key-value 40 > train.log', state: 'ended', severity: null },
  {
    name: 'exit code 1 without a word',
    command: 'job plain 40 --end exit-1 > train.log',
    state: 'ended',
    severity: null,
  },
  { name: 'nohup', command: 'nohup $JOB plain 40 > train.log', state: 'ended', severity: null },
  { name: 'tee', command: 'job plain 40 | tee train.log', state: 'ended', severity: null },
  { name: 'heading only', command: 'job heading 40 > train.log', state: 'ended', severity: null },
  {
    name: 'a reader stays',
    command: 'job plain 40 > train.log & sleep 1; tail -f train.log > /dev/null',
    state: 'ended',
    severity: null,
  },
  {
    name: 'stdout beside a log that is opened for each line',
    command: 'job jsonl 40 --append metrics.jsonl > stdout.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'short, after files that were written before it',
    command: 'echo \'{"lr": 0.1}\' > config.json; echo "step,loss" > val.csv; sleep 3; job plain 25 > train.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'short, in a file with a heading of another program',
    command: 'echo "step,loss,lr" > metrics.csv; sleep 3; job csv 25 >> metrics.csv',
    state: 'ended',
    severity: null,
  },
  {
    name: 'closes its stdout and goes on in a file that it opens for each line',
    command: '$JOB jsonl 60 --close-after 25 --append metrics.jsonl > train.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'in a namespace of its own',
    command: 'unshare --pid --fork --mount-proc bash -c "$JOB plain 40 > train.log"',
    state: 'ended',
    severity: null,
    needs: 'unshare',
  },
  { name: 'killed', command: 'job plain 4000 > train.log', signal: 'SIGKILL', state: 'ended', severity: null },
  { name: 'terminated', command: 'job plain 4000 > train.log', signal: 'SIGTERM', state: 'ended', severity: null },
  { name: 'interrupted', command: 'job csv 4000 > train.csv', signal: 'SIGINT', state: 'ended', severity: null },

  // Healthy ends that the log tells.
  { name: 'count', command: 'job count 40 > train.log', state: 'finished', severity: null },
  { name: 'count, lives on', command: 'job count 40 --end live > train.log', state: 'finished', severity: null },
  { name: 'from 0', command: 'job count-from-0 40 > train.log', state: 'finished', severity: null },
  {
    name: 'from 0, lives on',
    command: 'job count-from-0 40 --end live > train.log',
    state: 'finished',
    severity: null,
  },
  { name: 'bar', command: 'job bar 40 > train.log', state: 'finished', severity: null },
  { name: 'bar that is never left', command: 'job bar-open 40 > train.log', state: 'finished', severity: null },
  {
    name: 'words without a line break',
    command: '(job plain 40; printf "Training complete") > train.log',
    state: 'finished',
    severity: null,
  },
  { name: 'bar, lives on', command: 'job bar 40 --end live > train.log', state: 'finished', severity: null },
  { name: 'keras', command: 'job keras 40 > train.log', state: 'finished', severity: null },
  { name: 'keras, lives on', command: 'job keras 40 --end live > train.log', state: 'finished', severity: null },
  {
    name: 'script',
    command: 'script -q -e -c "$JOB plain 40" train.log > /dev/null',
    state: 'finished',
    severity: null,
    needs: 'script',
  },
  ...Object.entries(WORDS).map(
    ([name, words]): Case => ({
      name: `lives on after: ${name}`,
      command: `job ${words.startsWith('{') ? 'trainer' : 'plain'} 40 --then "$WORDS" --end live > train.log`,
      words,
      state: 'finished',
      severity: null,
    }),
  ),

  {
    name: 'sklearn',
    command: '/usr/bin/python3 -u "$JOBS/sklearn_job.py" > train.log',
    state: 'finished',
    severity: null,
    needs: 'sklearn',
  },
  {
    name: 'torch',
    command: '/usr/bin/python3 "$JOBS/torch_job.py" exit > train.log',
    state: 'ended',
    severity: null,
    needs: 'torch',
  },

  {
    name: 'an error that was caught, and done',
    command: 'job plain 40 --then "$WORDS" > train.log',
    words: `ERROR:root:could not push\\n${LOGGED}\\nDone.`,
    state: 'finished',
    severity: null,
  },
  {
    name: 'the bound of a heading',
    command: 'echo "max_iters = 40" > train.log; job plain 40 --end live >> train.log',
    state: 'finished',
    severity: null,
  },
  {
    name: 'killed in the middle, below a saved model',
    command: 'echo "max_iters = 90" > train.log; job plain 40 --then "Model saved to out/model.pt" >> train.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'a session of a shell, recorded',
    command: `printf '%s\\n' "$JOB plain 40 --then 'Training complete'" exit | SHELL=/bin/bash script -q train.log > /dev/null`,
    state: 'finished',
    severity: null,
    needs: 'script',
  },
  {
    name: 'a session of a shell, recorded, without a word',
    command: `printf '%s\\n' "$JOB plain 40" exit | SHELL=/bin/bash script -q train.log > /dev/null`,
    state: 'ended',
    severity: null,
    needs: 'script',
  },

  // The training ended, and what the job did last failed.
  {
    name: 'exception after the last step',
    command: 'job count 40 --end fail > train.log',
    state: 'finished',
    severity: 'warning',
  },

  // Failures.
  {
    name: 'exception, and the words of a client and a scheduler',
    command:
      '{ job plain 40 --end fail; printf "wandb: Run summary:\\nwandb:  loss 0.7\\nwandb: Synced 5 files\\nFinished job.\\n"; } > train.log 2>&1',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'torch, failed',
    command: '/usr/bin/python3 "$JOBS/torch_job.py" fail > train.log 2>&1',
    state: 'crashed',
    severity: 'critical',
    needs: 'torch',
  },
  { name: 'exception', command: 'job plain 40 --end fail > train.log', state: 'crashed', severity: 'critical' },
  {
    name: 'exception in jsonl and stderr',
    command: 'job jsonl 40 --append metrics.jsonl --end fail > stdout.log; true',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'out of memory, gone',
    command: 'job plain 40 --then "RuntimeError: CUDA out of memory. Tried to allocate 2 GiB" > train.log',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'a shell tells of the kill',
    command:
      '{ job plain 20; bash -c \'kill -9 $$\'; echo "train.sh: line 3: 4711 Killed  python train.py"; } > train.log 2>&1',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'script, failed',
    command: 'script -q -e -c "$JOB plain 40 --end exit-1" train.log > /dev/null',
    state: 'crashed',
    severity: 'critical',
    needs: 'script',
  },
  { name: 'nan', command: 'job jsonl 40 --end nan > train.jsonl', state: 'failed', severity: 'critical' },

  // Hangs.
  { name: 'hung', command: 'job plain 40 --end live > train.log', state: 'stalled', severity: 'critical' },
  {
    name: 'hung, jsonl',
    command: 'job jsonl 40 --end live --log metrics.jsonl',
    state: 'stalled',
    severity: 'critical',
  },
  { name: 'stopped', command: 'job plain 4000 > train.log', signal: 'SIGSTOP', state: 'stalled', severity: 'critical' },
  {
    name: 'hung behind tee',
    command: 'job plain 40 --end live | tee train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'hung within an epoch',
    command: 'job keras 40 --then "Epoch 41/80" --end live > train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'hung after an epoch that it called finished',
    command: 'job plain 20 --then "Finished training epoch 1" > train.log; job plain 20 --end live >> train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'hung after an error that it logged',
    command:
      'job plain 40 --then "ERROR:root:retry\\nTraceback (most recent call last):\\n  File \\"a.py\\", line 1, in b\\nValueError: c" --end live > train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'hung one before the end',
    command: 'job plain 3 > train.log; job count 38 --then "step 39/40 loss 0.8" --end live > train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'gone, and what its shell does next holds the log',
    command: '{ $JOB plain 20; sleep 600; } > train.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'hung after a checkpoint',
    command:
      '{ for i in 1 2; do $JOB plain 20 --every 50 --then "Model saved to out/model-$i.pt"; done; $JOB plain 20 --every 50 --then "Model saved to out/model-3.pt" --end live; } > train.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'hung, opened for each line, stdout held',
    command: 'job jsonl 40 --append metrics.jsonl --end live > stdout.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'torch, waits for its data loader',
    command: '/usr/bin/python3 "$JOBS/torch_job.py" hang > train.log 2>&1',
    state: 'stalled',
    severity: 'critical',
    needs: 'torch',
  },
  // Caught, and printed to a file of its own.
  {
    name: 'caught, errors in a file of their own',
    command: 'job plain 60 --catch-at 20 > out.log 2> err.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'caught, opened for each line, errors in a file of their own',
    command: 'job jsonl 60 --append metrics.jsonl --catch-at 20 2> err.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'caught, below a shell that holds the files',
    command: '(job plain 60 --catch-at 20; true) > out.log 2> err.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'hung after it was caught, errors in a file of their own',
    command: 'job plain 60 --catch-at 20 --end live > out.log 2> err.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'caught, and died later, errors in a file of their own',
    command: 'job plain 60 --catch-at 20 --end die > out.log 2> err.log',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'caught, its output through tee, errors in a file of their own',
    command: 'job plain 60 --catch-at 20 2> err.log | tee out.log',
    state: 'ended',
    severity: null,
  },
  {
    name: 'died, its output through tee, errors in a file of their own',
    command: 'job plain 40 --end die 2> err.log | tee out.log',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'caught, every file opened for each line',
    command:
      'for i in {1..60}; do echo "{"step": $i, "loss": $((300 - i)).$((RANDOM % 9))}" >> metrics.jsonl; [ $i = 20 ] && printf "$WORDS" >> errors.log; sleep 0.2; done; echo "Training complete" >> metrics.jsonl',
    words: `${PRINTED}\n`,
    state: 'finished',
    severity: null,
  },
  // Nobody can know.
  {
    name: 'hung, opened for each line',
    command: 'job jsonl 40 --append metrics.jsonl --end live',
    state: 'lost',
    severity: 'warning',
  },
  {
    name: 'over, opened for each line',
    command: 'job jsonl 40 --append metrics.jsonl',
    state: 'lost',
    severity: 'warning',
  },

  {
    name: 'moved away while it is held, and written on',
    command: 'job plain 4000 > train.log & sleep 6; mv train.log ../../moved; wait',
    state: 'lost',
    severity: 'warning',
  },
  {
    name: 'hung, after it closed its stdout and went on in a file that it opens for each line',
    command: '$JOB jsonl 60 --close-after 25 --append metrics.jsonl --end live > train.log',
    state: 'lost',
    severity: 'warning',
  },
  {
    name: 'hung, after its tee ended and it went on in a file that it opens for each line',
    command: '$JOB jsonl 120 --close-after 25 --append metrics.jsonl --end live | tee train.log',
    state: 'lost',
    severity: 'warning',
  },
  {
    name: 'copied in as a folder of several files',
    command:
      'for f in train.log metrics.csv val.csv; do echo "step,loss" > $f; sleep 0.2; done; echo "1,2.0" >> val.csv',
    state: 'ended',
    severity: null,
  },
  {
    name: 'copied in as a whole',
    command: 'f=$(mktemp); job plain 10 --every 0 > $f; cp $f train.log; rm $f',
    state: 'ended',
    severity: null,
  },

  // At work.
  { name: 'works', command: 'job plain 4000 > train.log', state: 'running', severity: null },
  {
    name: 'works, opened for each line',
    command: 'job jsonl 4000 --append metrics.jsonl',
    state: 'running',
    severity: null,
  },
  { name: 'works slowly', command: 'job plain 4000 --every 1500 > train.log', state: 'running', severity: null },
  { name: 'prepares', command: 'job heading 4000 > train.log', state: 'starting', severity: null },
  {
    name: 'resumed',
    command: 'job plain 60 > train.log; sleep 6; job plain 4000 >> train.log',
    state: 'running',
    severity: null,
  },

  // Died, and was started again.
  {
    name: 'dead, in a loop of a shell that will start it again',
    command: 'until job plain 30 --end die; do sleep 600; done > train.log 2>&1',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'dead, in a loop of a shell whose output goes through tee',
    command: '{ until job plain 30 --end die; do sleep 600; done; } 2>&1 | tee train.log',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'started again, a file for each day',
    command: 'job plain 20 --end fail > train_20260901.log 2>&1; sleep 2; job plain 4000 > train_20260902.log',
    state: 'running',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'started again, errors in a file of their own',
    command: 'job plain 20 --end fail >> out.log 2>> err.log; sleep 2; job plain 4000 >> out.log 2>> err.log',
    state: 'running',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'started again, and ends',
    command: 'job plain 20 --end fail > log_1756000000.txt 2>&1; sleep 2; job plain 60 > log_1756000900.txt',
    state: 'ended',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'started again, and dies again',
    command: 'job plain 20 --end fail >> out.log 2>> err.log; sleep 2; job plain 60 --end fail >> out.log 2>> err.log',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'started again, and dies alike, in files that are written anew',
    command: 'for k in 1 2; do job plain 30 --end die > out.log 2> err.log; sleep 3; done',
    state: 'crashed',
    severity: 'critical',
  },
  {
    name: 'goes on at the next step',
    command:
      'job jsonl 20 --append metrics.jsonl --end die >> train.log 2>&1; sleep 4; job jsonl 4000 --from 21 --append metrics.jsonl >> train.log 2>&1',
    state: 'running',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'goes on at the next step, at once, in a loop that holds the log',
    command:
      '{ job jsonl 20 --append metrics.jsonl --end die; job jsonl 4000 --from 21 --append metrics.jsonl; } >> train.log 2>&1',
    state: 'running',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'goes on at the next step, and hangs',
    command:
      'job jsonl 20 --append metrics.jsonl --end die >> train.log 2>&1; sleep 4; job jsonl 60 --from 21 --append metrics.jsonl --end live >> train.log 2>&1',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'started again, and hangs',
    command: 'job plain 20 --end fail > train_20260901.log 2>&1; sleep 2; job plain 60 --end live > train_20260902.log',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'started again, the log replaced',
    command: 'job plain 20 --end fail > train.log 2>&1; mv train.log train.log.1; sleep 2; job plain 4000 > train.log',
    state: 'running',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'started again over its own log, shorter, and ends',
    command: 'job plain 40 --end die > train.log 2>&1; sleep 6; job plain 12 > train.log 2>&1',
    state: 'ended',
    severity: null,
    isRestarted: true,
  },
  {
    name: 'started again over its own log, and hangs before it is as long',
    command: 'job plain 40 --end die > train.log 2>&1; sleep 6; job plain 12 --end live > train.log 2>&1',
    state: 'stalled',
    severity: 'critical',
  },
  {
    name: 'says that it failed, opened for each line',
    command: 'job plain 20 --append train.log; echo "ERROR: training failed: bad batch" >> train.log',
    state: 'crashed',
    severity: 'critical',
  },
]

const STEPS = Array.from({ length: 20 }, (_, i) => `step ${i + 1} loss ${(2 / (i + 1)).toFixed(4)} lr 0.001\n`).join('')
const TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\nValueError: no\n'

/** Logs that were there, and silent for an hour, before they were watched. Nobody is told of them. */
export const OLD_LOGS: readonly {
  readonly name: string
  readonly text: string
  readonly state: RunState
  /** By default an hour. */
  readonly ageHours?: number
}[] = [
  { name: 'old, no word', text: STEPS, state: 'ended' },
  { name: 'old, empty', text: '', state: 'ended' },
  { name: 'old, half a line', text: 'step 1', state: 'ended' },
  { name: 'old, a heading', text: 'Loading the data\n', state: 'ended' },
  { name: 'old, clear words', text: `${STEPS}Training complete\n`, state: 'finished' },
  { name: 'old, a sign', text: `${STEPS}Model saved to out/model.pt\n`, state: 'finished' },
  { name: 'old, a count', text: STEPS.replaceAll(/step (\d+)/g, 'step $1/20'), state: 'finished' },
  { name: 'old, words without a line break', text: `${STEPS}Training complete`, state: 'finished', ageHours: 25 },
  { name: 'old, cut short', text: STEPS.replaceAll(/step (\d+)/g, 'step $1/21'), state: 'ended' },
  { name: 'old, crashed', text: `${STEPS}${TRACEBACK}`, state: 'crashed' },
  {
    name: 'old, an error alone',
    text: `${STEPS}RuntimeError: CUDA out of memory. Tried to allocate 2 GiB\n`,
    state: 'crashed',
  },
  { name: 'old, nan', text: `${STEPS}step 21 loss nan lr 0.001\n`, state: 'failed' },
]
