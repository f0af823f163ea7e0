import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../src/protocol/alert.ts'
import type { RunState } from '../../../src/protocol/run.ts'
import { loss, plain } from './end-words.ts'
import { endedRun } from './ended-run.ts'

const PIECE_BYTES = 37
const STEPS = plain(20)
const COUNTED = plain(20, 1, 20)
const CUT_SHORT = plain(20, 1, 1000)

/** A traceback whose outermost frame is the program: nobody caught it, or the program itself did. */
const UNCAUGHT =
  'Traceback (most recent call last):\n  File "/job/train.py", line 41, in <module>\n    main()\n  File "/job/train.py", line 30, in main\n    push()\nValueError: no\n'
/** One that who caught it has printed. */
const PRINTED =
  'Traceback (most recent call last):\n  File "/job/train.py", line 30, in push_to_hub\n    api.upload()\nConnectionError: 403\n'
/** One of a program without functions, as `traceback.print_exc()` prints it as well. */
const OF_MODULE =
  'Traceback (most recent call last):\n  File "/job/train.py", line 41, in <module>\n    upload()\nConnectionError: 403\n'
const LOGGED = `2026-11-29 10:00:00,123 ERROR trainer: could not push\n${PRINTED}`
const IN_MAIN = UNCAUGHT.replace('  File "/job/train.py", line 41, in <module>\n    main()\n', '')
const WANDB =
  'wandb: \nwandb: Run history:\nwandb:  loss █▅▃▂▁\nwandb: Run summary:\nwandb:  loss 0.1\nwandb: 🚀 View run clear-sun-3 at: https://wandb.ai/a/b/runs/c\nwandb: Synced 5 W&B file(s)\n'
const CHILD_FAILED =
  'Traceback (most recent call last):\n  File "/bin/torchrun", line 8, in <module>\n    sys.exit(main())\ntorch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n============================================================\ntrain.py FAILED\n------------------------------------------------------------\nRoot Cause (first observed failure):\n[0]:\n  time      : 2026-11-29_10:00:00\n  rank      : 0 (local_rank: 0)\n  exitcode  : 1 (pid: 4711)\n============================================================\n'

/** The error of a thread of a client, below which no code of the job stands, and one of a thread of the job. */
const OF_CLIENT =
  'Exception in thread IntMsgThr:\nTraceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 1045, in _bootstrap_inner\n    self.run()\n  File "/venv/lib/python3.11/site-packages/wandb/sdk/wandb_run.py", line 286, in check\n    loop()\nBrokenPipeError: [Errno 32] Broken pipe\n'
const OF_OWN_THREAD = OF_CLIENT.replace('/venv/lib/python3.11/site-packages/wandb/sdk/wandb_run.py', '/job/train.py')
/** A traceback in a field of one line, longer than a message is. */
const FOLDED = `${JSON.stringify({ level: 'error', event: 'step', exception: UNCAUGHT.replace('push()\n', `push()  # ${'x'.repeat(400)}\n`) })}\n`
const TRACKER =
  'resource_tracker.py:224: UserWarning: 6 leaked semaphore objects\n  warnings.warn(\nTraceback (most recent call last):\n  File "/usr/lib/python3.10/multiprocessing/resource_tracker.py", line 209, in main\n    cache[rtype].remove(name)\nKeyError: \'/psm_2c1f\'\n'
const TRIAL =
  '[W 2026-01-09 09:04:00,221] Trial 8 failed because of the following error: MemoryError().\nTraceback (most recent call last):\n  File "/venv/lib/python3.11/site-packages/optuna/study.py", line 196, in _run_trial\n    func(trial)\nMemoryError\n'

/** All that some jobs print of an exception. */
const ALONE = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n'

type Case = readonly [name: string, text: string, state: RunState, severity: Severity | null]

const CASES: readonly Case[] = [
  // What a client prints at the end of a process shows nothing.
  ...[
    WANDB,
    `wandb: Run summary:\n${Array.from({ length: 30 }, (_, at) => `wandb:  metric${at} 0.5\n`).join('')}`,
    'COMET INFO: Comet.ml Experiment Summary\nCOMET INFO:   Metrics [count] (min, max):\nCOMET INFO:     loss [20] : (0.1, 2.0)\n',
    '[neptune] [info   ] Shutting down background jobs, please wait a moment...\n[neptune] [info   ] Done!\n',
    'Shutting down background jobs, please wait a moment...\nDone!\nAll 12 operations synced, thanks for waiting!\n',
    '2026-11-29 10:00:02,000 - clearml.Task - INFO - Finished uploading\n',
    'swanlab: Experiment clear-sun-3 has completed\n',
    '🏃 View run clear-sun-3 at: http://mlflow/#/experiments/1/runs/c\n',
  ].map(
    (client): Case => [
      `an exception alone, and ${client.slice(0, 24)}`,
      `${STEPS}${ALONE}${client}`,
      'crashed',
      'critical',
    ],
  ),
  // The job went on to its end.
  ['an error line, and done', `${STEPS}ERROR: could not push to hub: 403\nDone.\n`, 'finished', null],
  [
    'an error of the client of W&B, and done',
    `${STEPS}wandb: ERROR Error while calling W&B API: 403\nDone.\n`,
    'finished',
    null,
  ],
  ['a logged traceback, and done', `${STEPS}${LOGGED}Done.\n`, 'finished', null],
  ['a logged traceback, and clear words', `${STEPS}${LOGGED}Training complete\n`, 'finished', null],
  ['a logged traceback, and words in Chinese', `${STEPS}${LOGGED}训练完成\n`, 'finished', null],
  ['a logged traceback, and a saved model', `${STEPS}${LOGGED}Model saved to out/model.pt\n`, 'finished', null],
  ['a logged traceback, and a test', `${STEPS}${LOGGED}Test accuracy: 0.93\n`, 'finished', null],
  ['a logged traceback, more words, and done', `${STEPS}${LOGGED}Retrying in 5 s\nUploaded\nDone.\n`, 'finished', null],
  ['a printed traceback, and done', `${STEPS}${PRINTED}Done.\n`, 'finished', null],
  ['a printed traceback, and clear words', `${STEPS}${PRINTED}Finished training\n`, 'finished', null],
  [
    'a traceback of the program, and a saved model',
    `${STEPS}${UNCAUGHT}Model saved to out/model.pt\n`,
    'finished',
    null,
  ],
  ...[
    'Training finished.',
    'Finished training',
    'Training complete',
    'Model saved. Training complete.',
    '训练完成',
    'Обучение завершено',
  ].map(
    (words): Case => [`a traceback of the program, and ${words}`, `${STEPS}${OF_MODULE}${words}\n`, 'finished', null],
  ),
  [
    'a traceback of the program, more words, and clear words',
    `${STEPS}${UNCAUGHT}upload failed, ignoring\nFinished training\n`,
    'finished',
    null,
  ],
  [
    'a thread that died, and clear words',
    `${STEPS}Exception in thread Thread-3 (upload):\n${PRINTED}Training complete\n`,
    'finished',
    null,
  ],
  [
    'memory that ran out in a batch, and done',
    `${STEPS}RuntimeError: CUDA out of memory. Tried to allocate 2 GiB\nDone.\n`,
    'finished',
    null,
  ],
  [
    'a worker that was killed, and training that went on',
    `${STEPS}WARNING RuntimeError: DataLoader worker (pid 4711) is killed by signal: Killed. Trying again\nstep 21 loss 0.3 lr 0.001\nDone.\n`,
    'finished',
    null,
  ],
  [
    'a worker that was killed, and done',
    `${STEPS}RuntimeError: DataLoader worker (pid 4711) is killed by signal: Killed. \nDone.\n`,
    'finished',
    null,
  ],
  [
    'an exception in a destructor',
    `${STEPS}Done.\nException ignored in: <function Pool.__del__ at 0x7f>\n${IN_MAIN}`,
    'finished',
    null,
  ],
  ['an error at the exit', `${STEPS}Done.\nError in atexit._run_exitfuncs:\n${PRINTED}`, 'finished', null],
  [
    'a broken pipe at the exit',
    `${STEPS}Done.\nException ignored in: <_io.TextIOWrapper name='<stdout>' mode='w' encoding='utf-8'>\nBrokenPipeError: [Errno 32] Broken pipe\n`,
    'finished',
    null,
  ],

  ['a thread of a client that died', `${STEPS}${OF_CLIENT}`, 'ended', null],
  ['a thread of the job that died', `${STEPS}${OF_OWN_THREAD}`, 'crashed', 'critical'],
  ['a process of Python that tidies up', `${STEPS}${TRACKER}`, 'ended', null],
  ['a logger that failed', `${STEPS}--- Logging error ---\n${UNCAUGHT}`, 'ended', null],
  [
    'a trial that failed, and the next one',
    `${STEPS}${TRIAL}[I 2026-01-09 09:15:00,225] Trial 9 finished with value: 0.3\n`,
    'ended',
    null,
  ],
  ['a traceback in a field', `${STEPS}${FOLDED}`, 'crashed', 'critical'],
  ['a traceback in a field, and an event', `${STEPS}${FOLDED}{"event": "finished"}\n`, 'finished', null],
  ['a traceback in a field, and training that goes on', `${STEPS}${FOLDED}step 21 loss 0.3 lr 0.001\n`, 'ended', null],
  ['a program that a script calls', `${STEPS}cp: cannot stat 'a': No such file or directory\n`, 'ended', null],
  [
    'an error with a number, behind that of a rank',
    `${STEPS}2026-11-29 10:00:00,000 ERROR [checkpoint.py:80] (0/4) could not save: [Errno 28] No space left on device\n`,
    'crashed',
    'critical',
  ],
  [
    'a program that is not there, before training',
    './run.sh: line 4: torchrun: command not found\n',
    'crashed',
    'critical',
  ],
  [
    'a failure after steps that are called train steps',
    `${STEPS.replaceAll('step', 'train_steps:')}${UNCAUGHT}`,
    'crashed',
    'critical',
  ],
  ['a failure after a first train step', `train step: 0, loss: 2.3\n${UNCAUGHT}`, 'crashed', 'critical'],

  // Training had ended, and what the job did last failed.
  ['a failure after clear words', `${STEPS}Training complete\n${UNCAUGHT}`, 'finished', 'warning'],
  ['a failure after clear words, and W&B', `${STEPS}Training complete\n${UNCAUGHT}${WANDB}`, 'finished', 'warning'],
  ['a failure after the last step', `${COUNTED}${UNCAUGHT}`, 'finished', 'warning'],
  [
    'a failure after the last step and a saved model',
    `${COUNTED}Model saved to out/model.pt\n${UNCAUGHT}`,
    'finished',
    'warning',
  ],
  [
    'a failure after the last step while a model is saved',
    `${COUNTED}Saving the model\n${UNCAUGHT}`,
    'finished',
    'warning',
  ],
  ['a failure after the last step of a heading', `max_iters = 20\n${STEPS}${UNCAUGHT}`, 'finished', 'warning'],
  ['a failure after the last epoch', `${epochs(3)}${UNCAUGHT}`, 'finished', 'warning'],
  ['a kill after the last step', `${COUNTED}Killed\n`, 'finished', 'warning'],
  [
    'an exit code after the last step',
    `${COUNTED}Script done on 2026-11-29 10:00:00+00:00 [COMMAND_EXIT_CODE="1"]\n`,
    'finished',
    'warning',
  ],
  ['a launcher after clear words', `${STEPS}Training complete\n${UNCAUGHT}${CHILD_FAILED}`, 'finished', 'warning'],

  // Training had ended: the job gives its results below.
  ...['Final test accuracy: 93.1%', 'scores: {"f1": 0.91}', '最终准确率: 0.93', 'Testgenauigkeit: 0.93'].map(
    (words): Case => [`a failure, and ${words}`, `${STEPS}${OF_MODULE}${words}\n`, 'finished', 'warning'],
  ),
  ...['Best accuracy: 0.93', 'accuracy threshold 0.93', 'Final step skipped', 'Elapsed: 31 s'].map(
    (words): Case => [`a failure, and ${words}`, `${STEPS}${OF_MODULE}${words}\n`, 'crashed', 'critical'],
  ),

  // A crash, whatever others say below it.
  ['a failure', `${STEPS}${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure below a saved model', `${STEPS}Model saved to out/model.pt\n${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure in the middle', `${CUT_SHORT}Model saved to out/model.pt\n${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure in the last epoch', `${epochs(2)}Epoch 3/3\n${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure after an epoch', `${epochs(2)}${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure after the steps of the first epoch', `Epoch 1\n${COUNTED}${UNCAUGHT}`, 'crashed', 'critical'],
  ['a failure, and W&B', `${STEPS}${UNCAUGHT}${WANDB}`, 'crashed', 'critical'],
  ['a failure that was logged, and W&B', `${STEPS}${LOGGED}${WANDB}`, 'crashed', 'critical'],
  ['a failure, and the launcher', `${STEPS}${UNCAUGHT}${CHILD_FAILED}`, 'crashed', 'critical'],
  ['a failure that was logged, and the launcher', `${STEPS}${LOGGED}${CHILD_FAILED}`, 'crashed', 'critical'],
  ['a failure, and done of a script', `${STEPS}${UNCAUGHT}Done.\n`, 'crashed', 'critical'],
  ['a failure, and done of a script, and its time', `${STEPS}${OF_MODULE}Finished.\nAll done\n`, 'crashed', 'critical'],
  ['a failure, and that the job is over', `${STEPS}${OF_MODULE}job finished\n`, 'crashed', 'critical'],
  [
    'a failure, and an epoch that is over',
    `${STEPS}${OF_MODULE}Training finished for epoch 3\n`,
    'crashed',
    'critical',
  ],
  [
    'a job that gives up with a logger, and clear words',
    `${STEPS}CRITICAL:root:Training failed\n${PRINTED}Training finished.\n`,
    'crashed',
    'critical',
  ],
  ['a failure, and the words of a scheduler', `${STEPS}${UNCAUGHT}Finished job.\n`, 'crashed', 'critical'],
  [
    'a failure, and the end of a job',
    `${STEPS}${LOGGED}Job finished at Sun Nov 29 10:00:00 UTC 2026\n`,
    'crashed',
    'critical',
  ],
  [
    'a failure, and its time',
    `${STEPS}${UNCAUGHT}\nreal\t5m12.123s\nuser\t4m0.000s\nsys\t0m1.000s\n`,
    'crashed',
    'critical',
  ],
  ['a failure, and a prompt', `${STEPS}${UNCAUGHT}user@host:~/train$ exit\nexit\n`, 'crashed', 'critical'],
  [
    'a failure of Hydra, and done',
    `${STEPS}Error executing job with overrides: []\n${IN_MAIN}Done.\n`,
    'crashed',
    'critical',
  ],
  [
    'a job that gives up with a logger, and done',
    `${STEPS}CRITICAL:root:Training failed\n${PRINTED}Done.\n`,
    'crashed',
    'critical',
  ],
  [
    'a chain of which the program is the last',
    `${STEPS}${PRINTED}\nDuring handling of the above exception, another exception occurred:\n\n${UNCAUGHT}Done.\n`,
    'crashed',
    'critical',
  ],
  ['a kill, and done', `${STEPS}Killed\nDone.\n`, 'crashed', 'critical'],
  ['a fault, and clear words', `${STEPS}Segmentation fault (core dumped)\nTraining complete\n`, 'crashed', 'critical'],
  ['a scheduler, and done', `${STEPS}srun: error: node1: task 0: Killed\nAll done\n`, 'crashed', 'critical'],
  ['an exit code of an editor', `${STEPS}Process finished with exit code 137\n`, 'crashed', 'critical'],
  [
    'an exit code of Kaldi',
    `${STEPS}# Ended (code 1) at Sun Nov 29 10:00:00 UTC 2026, elapsed time 312 seconds\n`,
    'crashed',
    'critical',
  ],
  [
    'an exit code of time',
    `${STEPS}Command exited with non-zero status 1\n\t5:12.31 elapsed 99%CPU\n`,
    'crashed',
    'critical',
  ],

  // A session of a shell.
  ['a session, and no word', session(CUT_SHORT, 0), 'ended', null],
  ['a session that ends with the code of another command', session(CUT_SHORT, 1), 'ended', null],
  ['a session in which training ended', session(`${STEPS}Training complete\n`, 130), 'finished', null],
  ['a session in which a model was saved', session(`${STEPS}Model saved to out/model.pt\n`, 0), 'finished', null],
  ['a session in which training failed', session(`${STEPS}${UNCAUGHT}`, 0), 'crashed', 'critical'],
]

describe('a failure counts by what is said after it, and before', () => {
  for (const [name, text, state, severity] of CASES) {
    test(`${name}: ${state}, ${severity}`, () => {
      expect(endedRun(text)).toMatchObject({ state, severity })
      expect(endedRun(text, PIECE_BYTES)).toMatchObject({ state, severity })
    })
  }
})

function epochs(count: number): string {
  return Array.from({ length: count }, (_, i) => `Epoch ${i + 1}/3\n80/80 - 1s - loss: ${loss(i)}\n`).join('')
}

/** What `script` records of a shell in which a job was run. */
function session(output: string, code: number): string {
  const prompt = '\u001b[?2004h\u001b]0;user@host: ~/train\u0007user@host:~/train$ '
  const crlf = `python train.py\r\n\u001b[?2004l\r${output.replaceAll('\n', '\r\n')}`
  return `Script started on 2026-11-29 10:00:00+00:00 [TERM="xterm" TTY="/dev/pts/1" COLUMNS="80" LINES="24"]\n${prompt}${crlf}${prompt}exit\r\n\u001b[?2004l\rexit\r\n\nScript done on 2026-11-29 10:10:00+00:00 [COMMAND_EXIT_CODE="${code}"]\n`
}

test('a job that stops because its loss is no number has failed, whatever it says of its end', () => {
  for (const words of [
    'Loss is nan, stopping training',
    'Training stopped: loss is NaN',
    'Loss diverged. Stopping training.',
  ]) {
    expect([words, endedRun(`${STEPS}${words}\n`)]).toMatchObject([words, { state: 'crashed', severity: 'critical' }])
  }
  expect(endedRun(`${STEPS}Training finished. Best loss 0.3, no NaN\n`)).toMatchObject({
    state: 'finished',
    severity: null,
  })
})
