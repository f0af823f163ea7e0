import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../../src/core/formats/catalogue.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'
import { readLog } from '../formats/lines.ts'
import { utf8 } from '../reading/bytes.ts'

/** Every layout of lines that is documented, by its name. */
const LAYOUTS = CATALOGUE.filter(({ key }) => key === 'lines' || key === 'stacks').flatMap(({ key, entries }) =>
  entries.map(({ name, example }, index) => ({ name: `${key} ${index} ${name}`, lines: example.split('\n') })),
)

/** What launchers, containers, collectors, loggers and terminals put before a line. */
const WRAPPINGS: Readonly<Record<string, (line: string) => string>> = {
  'no line feed alone': (line) => `${line}\r`,
  'the mark of a comment': (line) => `# ${line}`,
  colours: (line) => `\u001b[32m${line}\u001b[0m`,
  'ISO time': (line) => `2026-03-04T05:06:07Z ${line}`,
  'a time in brackets': (line) => `[2026-03-04 05:06:07] ${line}`,
  'a time of day': (line) => `05:06:07 ${line}`,
  '[rank0]:': (line) => `[rank0]: ${line}`,
  '[default0]:': (line) => `[default0]:${line}`,
  'Open MPI': (line) => `[1,0]<stdout>:${line}`,
  'colours of CloudWatch': (line) => `#033[34m${line}#033[0m`,
  SageMaker: (line) => `[1,mpirank:0,algo-1]<stdout>:${line}`,
  'srun -l': (line) => `0: ${line}`,
  Ray: (line) => `(ActorRolloutWorker pid=31337) ${line}`,
  'Ray on another node': (line) => `(FitActor pid=777, ip=192.168.4.20) ${line}`,
  'a pod': (line) => `pod-0 ${line}`,
  'kubectl --prefix': (line) => `[pod/fit-0/main] ${line}`,
  compose: (line) => `trainer-1  | ${line}`,
  Docker: (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-03-04T05:06:07.123456789Z' }),
  CRI: (line) => `2026-03-04T05:06:07.123456789Z stdout F ${line}`,
  journald: (line) => `Mar 04 05:06:07 gpu04 python3[77]: ${line}`,
  'a process': (line) => `[31337] ${line}`,
  '[0]:': (line) => `[0]: ${line}`,
  '0|': (line) => `0|${line}`,
  pdsh: (line) => `node7: ${line}`,
  stern: (line) => `fit-worker-0 pytorch ${line}`,
  'stern, a pod of any name': (line) => `train-0 pytorch ${line}`,
  'a node and a device': (line) => `[node3][gpu2] ${line}`,
  'a rank in brackets': (line) => `(rank 0) ${line}`,
  'worker-0 |': (line) => `worker-0 | ${line}`,
  'logging.basicConfig': (line) => `INFO:root:${line}`,
  'a level': (line) => `[INFO] ${line}`,
  'a logger': (line) => `2026-03-04 05:06:07,123 - my_job - INFO - ${line}`,
  'a logger behind its level': (line) => `2026-03-04 05:06:07 INFO my.job: ${line}`,
  'a logger with tabs': (line) => `2026-03-04 05:06:07,123\tmy-job\tINFO\t${line}`,
  'a padded level between tabs': (line) => `05:06:07\t31337\tWARNING \t${line}`,
  loguru: (line) => `2026-03-04 05:06:07.123 | INFO     | job.loop:fit:88 - ${line}`,
  'a level and a place': (line) => `LOG (fit-net[5.5.0~1-a2]:Train():fit-net.cc:280) ${line}`,
  'a level and a file': (line) => `WARNING (loop.py:88) ${line}`,
  absl: (line) => `I0304 05:06:07.123456 31337 loop.py:88] ${line}`,
  Hydra: (line) => `[2026-03-04 05:06:07,123][__main__][INFO] - ${line}`,
  DeepSpeed: (line) => `[2026-03-04 05:06:07,123] [INFO] [logging.py:96:log_dist] [Rank 0] ${line}`,
  transformers: (line) => `[INFO|loop.py:88] 2026-03-04 05:06:07,123 >> ${line}`,
  vLLM: (line) => `INFO 03-04 05:06:07 [loop.py:88] ${line}`,
  'a tab': (line) => `\t${line}`,
  blanks: (line) => `    ${line}`,
  'a quotation': (line) => `> ${line}`,
  'Ray and a logger': (line) => `(W pid=5) 2026-03-04 05:06:07,123 - INFO - ${line}`,
  'srun and torchrun': (line) => `0: [rank0]: ${line}`,
  'mpirun --timestamp-output': (line) => `Wed Mar  4 05:06:07 2026<stdout>:${line}`,
  SkyPilot: (line) => `(fit-bert, pid=8123) ${line}`,
  'SkyPilot on several nodes': (line) => `(head, rank=0, pid=8123) ${line}`,
  'Docker swarm': (line) => `fit.1.k3v9q2w7z1xp@gpubox    | ${line}`,
  foreman: (line) => `05:06:07 fit.1     | ${line}`,
  Airflow: (line) => `[2026-03-04, 05:06:07 UTC] {logging_mixin.py:88} INFO - ${line}`,
  'Airflow with an ISO time': (line) => `[2026-03-04T05:06:07.123+0000] {subprocess.py:88} INFO - ${line}`,
  'Vertex AI': (line) => `INFO\t2026-03-04 05:06:07 +0000\tworkerpool0-0\t${line}`,
  'a pool of Vertex AI': (line) => `workerpool0-0 ${line}`,
  rich: (line) => `[05:06:07] INFO     ${line.padEnd(60)}  loop.py:88`,
  'rich with a date': (line) => `[03/04/26 05:06:07] INFO     ${line.padEnd(60)}  loop.py:88`,
  structlog: (line) => `2026-03-04T05:06:07Z [info     ] ${line}`,
  log4j: (line) => `26/03/04 05:06:07 INFO Executor: ${line}`,
  'a process before its level': (line) => `2026-03-04 05:06:07,123 - 31337 - INFO - ${line}`,
  'tracing of Rust': (line) => `2026-03-04T05:06:07.123456Z  INFO job::fit: ${line}`,
  'a date with points': (line) => `04.03.2026 05:06:07 INFO ${line}`,
  coloredlogs: (line) => `2026-03-04 05:06:07 gpubox job[31337] INFO ${line}`,
  'a thread': (line) => `2026-03-04 05:06:07,123 [MainThread  ] [INFO ] ${line}`,
  'a process by name': (line) => `2026-03-04 05:06:07,123 SpawnProcess-1 INFO ${line}`,
  TensorFlow: (line) => `2026-03-04 05:06:07.123456: I job/loop.cc:88] ${line}`,
  logfmt: (line) => `time=2026-03-04T05:06:07Z level=info msg=${JSON.stringify(line)}`,
  'python-json-logger': (line) =>
    JSON.stringify({ asctime: '2026-03-04 05:06:07,123', name: 'job', levelname: 'INFO', message: line }),
  'a JSON logger that begins with its level': (line) =>
    JSON.stringify({ level: 'info', ts: 1772600767.123, caller: 'job/loop.go:88', msg: line }),
  'a logger with the place behind its time': (line) => `[2026-03-04 05:06:07 tiny_net](loop.py 88): INFO ${line}`,
  'a date in words': (line) => `Wed 04 Mar 2026 05:06:07 INFO  ${line}`,
  'a date in words without its day': (line) => `04 Mar 2026 05:06:07,123 ${line}`,
  'SageMaker on one machine': (line) => `algo-1-k3v9q  | ${line}`,
  'syslog as it is sent': (line) => `<134>1 2026-03-04T05:06:07.123Z gpubox fit 77 - - ${line}`,
  'syslog as it was sent before': (line) => `<13>Mar  4 05:06:07 gpubox fit[77]: ${line}`,
  'a place with a blank': (line) => `INFO 2026-03-04 05:06:07,123 loop.py: 88] ${line}`,
  'a process in brackets': (line) => `2026-03-04 05:06:07,123 [31337] INFO ${line}`,
  'a thread and the place': (line) => `2026-03-04 05:06:07,123 INFO    MainThread:31337 [loop.py:fit():88] ${line}`,
  'CRI and srun': (line) => `2026-03-04T05:06:07Z stdout F 0: ${line}`,
}

/** The same that may be a cell of a row as well, so that words must have stood behind it before. */
const CELLS: Readonly<Record<string, (line: string) => string>> = {
  'seconds since 1970': (line) => `1772600767.123 ${line}`,
  'whole seconds since 1970': (line) => `1772600767 ${line}`,
  'the same in brackets': (line) => `[1772600767.123] ${line}`,
  'seconds since the start': (line) => `+12.5s ${line}`,
  'the same in brackets, with blanks': (line) => `[  12.5s] ${line}`,
  'a kernel': (line) => `[   12.500000] ${line}`,
  'a kernel in thousandths': (line) => `[    0.123] ${line}`,
  Kaggle: (line) => `12.5s\t7\t${line}`,
  pm2: (line) => `0|fit      | ${line}`,
  'stern of a job': (line) => `fit-x7k2p fitter ${line}`,
  'stern -A of a job': (line) => `ml fit-5d8f9c7b6d-x7k2p fitter ${line}`,
  'time since the start': (line) => `[0:02:03] ${line}`,
  'the name of a program': (line) => `wandb-agent> ${line}`,
}

/** How ranks mark their lines, and the names of their series; '' for that of the first. */
const RANKS: Readonly<
  Record<string, { mark: (rank: number, line: string) => string; name: (rank: number) => string }>
> = {
  torchrun: { mark: (rank, line) => `[rank${rank}]: ${line}`, name: (rank) => `rank${rank}` },
  'srun -l': { mark: (rank, line) => `${rank}: ${line}`, name: (rank) => `rank${rank}` },
  'mpirun -l': { mark: (rank, line) => `[${rank}] ${line}`, name: (rank) => `rank${rank}` },
  SageMaker: { mark: (rank, line) => `[1,mpirank:${rank},algo-1]<stdout>:${line}`, name: (rank) => `rank${rank}` },
  Ray: { mark: (rank, line) => `(W pid=${4000 + 7 * rank}) ${line}`, name: (rank) => `pid${4000 + 7 * rank}` },
  syslog: {
    mark: (rank, line) => `Mar  4 05:06:07 gpubox train[${4000 + 7 * rank}]: ${line}`,
    name: (rank) => `pid${4000 + 7 * rank}`,
  },
  'Ray in a pod': {
    mark: (rank, line) => `[pod/fit-0/main] (W pid=${4000 + 7 * rank}, ip=10.0.0.4) ${line}`,
    name: (rank) => `fit-0-main-pid${4000 + 7 * rank}`,
  },
  'a time and two blanks': {
    mark: (rank, line) => `2026-03-04 05:06:07  [${rank}] ${line}`,
    name: (rank) => `rank${rank}`,
  },
  'a rank in a column of loguru': {
    mark: (rank, line) => `2026-03-04 05:06:07.123 | INFO | rank${rank} | job:fit:88 - ${line}`,
    name: (rank) => `rank${rank}`,
  },
  torchx: { mark: (rank, line) => `trainer/${rank} ${line}`, name: (rank) => `trainer-${rank}` },
  'a device in brackets': { mark: (rank, line) => `[cuda:${rank}] ${line}`, name: (rank) => `cuda-${rank}` },
  'a process in parentheses': { mark: (rank, line) => `(proc ${rank}) ${line}`, name: (rank) => `proc-${rank}` },
  'a task and a bar': { mark: (rank, line) => `task${rank}| ${line}`, name: (rank) => `task${rank}` },
  'a machine of a domain': {
    mark: (rank, line) => `worker${rank}.cluster.local: ${line}`,
    name: (rank) => `worker${rank}`,
  },
  icefall: {
    mark: (rank, line) => `2026-03-04 05:06:07,123 INFO [train.py:88] (${rank}/4) ${line}`,
    name: (rank) => `rank${rank}`,
  },
  pdsh: { mark: (rank, line) => `node${rank + 1}: ${line}`, name: (rank) => `node${rank + 1}` },
  compose: { mark: (rank, line) => `worker-${rank} | ${line}`, name: (rank) => `worker-${rank}` },
  'pdsh by address': { mark: (rank, line) => `10.0.0.${rank + 4}: ${line}`, name: (rank) => `10.0.0.${rank + 4}` },
  'a padded srun -l': { mark: (rank, line) => `  ${rank}: ${line}`, name: (rank) => `rank${rank}` },
  'a GPU in brackets': { mark: (rank, line) => `[gpu${rank}] ${line}`, name: (rank) => `gpu${rank}` },
  'a node and a process': { mark: (rank, line) => `[n0:${rank}] ${line}`, name: (rank) => `n0-${rank}` },
  'a node and a device': { mark: (rank, line) => `[node1][gpu${rank}] ${line}`, name: (rank) => `node1-gpu${rank}` },
  'nodes and a device': { mark: (rank, line) => `[box${rank}] [cuda0]: ${line}`, name: (rank) => `box${rank}-cuda0` },
  'stern, pods of any name': { mark: (rank, line) => `eval-${rank} jax ${line}`, name: (rank) => `eval-${rank}` },
  'a worker in words': { mark: (rank, line) => `Worker ${rank}: ${line}`, name: (rank) => `Worker-${rank}` },
  'stern -A': { mark: (rank, line) => `ml trainer-${rank} main ${line}`, name: (rank) => `trainer-${rank}` },
  'Ray Train': {
    mark: (rank, line) => `(TrainWorker(rank=${rank}) pid=${4000 + 7 * rank}) ${line}`,
    name: (rank) => `pid${4000 + 7 * rank}`,
  },
  SkyPilot: {
    mark: (rank, line) => `(worker${rank}, rank=${rank}, pid=${4000 + 7 * rank}, ip=10.0.0.${rank + 4}) ${line}`,
    name: (rank) => `rank${rank}`,
  },
  'Docker swarm': {
    mark: (rank, line) => `fit.${rank + 1}.k3v9q2w7z1x${rank}@gpubox${rank}    | ${line}`,
    name: (rank) => `fit.${rank + 1}`,
  },
  foreman: { mark: (rank, line) => `05:06:07 fit.${rank + 1}     | ${line}`, name: (rank) => `fit.${rank + 1}` },
  'Vertex AI': {
    mark: (rank, line) => `INFO\t2026-03-04 05:06:07 +0000\tworkerpool0-${rank}\t${line}`,
    name: (rank) => `workerpool0-${rank}`,
  },
  'a pool of Vertex AI': { mark: (rank, line) => `workerpool1-${rank} ${line}`, name: (rank) => `workerpool1-${rank}` },
  'a device of torch': { mark: (rank, line) => `cuda:${rank} | ${line}`, name: (rank) => `cuda-${rank}` },
  'a GPU with a colon': { mark: (rank, line) => `GPU:${rank} | ${line}`, name: (rank) => `GPU-${rank}` },
  'a device in words': { mark: (rank, line) => `Device ${rank}: ${line}`, name: (rank) => `Device-${rank}` },
  multiprocessing: {
    mark: (rank, line) => `2026-03-04 05:06:07,123 SpawnProcess-${rank + 1} INFO ${line}`,
    name: (rank) => `SpawnProcess-${rank + 1}`,
  },
  'a host and a number': { mark: (rank, line) => `box-a: ${rank}: ${line}`, name: (rank) => `box-a-${rank}` },
  'a number in parentheses': { mark: (rank, line) => `(${rank}) ${line}`, name: (rank) => `rank${rank}` },
  kubectl: { mark: (rank, line) => `[pod/fit-${rank}/main] ${line}`, name: (rank) => `fit-${rank}-main` },
}
const RANKS_OF_A_JOB = 4

/** All that is read, in short and in order; a series of a process under the name of that process. */
function valuesIn(lines: readonly string[]): readonly string[] {
  const { results } = readLog(splitLines(utf8(`${lines.join('\n')}\n`), 0).lines, 'train.log')
  return results
    .flatMap(({ result }) => (result.kind === 'records' ? result.records.flatMap(inShort) : [result.kind]))
    .filter((text) => text !== 'skip')
}

function inShort(record: LogRecord): readonly string[] {
  if (record.kind === 'hidden') return [`${record.metric} hidden at ${record.step}`]
  if (record.kind === 'batch') return [JSON.stringify(record.batch)]
  const { step, epoch, scalars } = record
  return scalars.map(({ metric, role, value }) => `${metric} = ${value}, ${role}, step ${step}, epoch ${epoch}`)
}

describe.each(Object.entries(WRAPPINGS))('behind %s', (_, wrap) => {
  test.each(LAYOUTS)('$name', ({ lines }) => {
    expect(valuesIn(lines.map(wrap))).toEqual(valuesIn(lines))
  })
})

describe.each(Object.entries(CELLS))('behind %s', (_, wrap) => {
  test.each(LAYOUTS.filter(({ lines }) => !/^\s*[-+.\d]/.test(lines[0]!)))('$name', ({ lines }) => {
    expect(valuesIn(lines.map(wrap))).toEqual(valuesIn(lines))
  })
})

/** Layouts that count by a name, or are objects or tables with a border, need no number of a line. */
describe('behind the number of each line', () => {
  const layouts = LAYOUTS.filter(({ lines }) =>
    lines.every((line) => /^[{[|#=-]|\b(?:step|iter|iteration|epoch|batch)\b/.test(line)),
  )
  test('there are such layouts', () => expect(layouts.length).toBeGreaterThan(9))
  test.each(layouts)('$name', ({ lines }) => {
    const numbered = lines.map((line, at) => `${String(at + 8).padStart(6)}\t${line}`)
    expect(valuesIn(numbered)).toEqual(valuesIn(lines))
  })
  test('it is the step of a line that counts nothing else', () => {
    expect(valuesIn([7, 8, 9].map((at) => `${String(at).padStart(6)}\tloss 0.5`))).toEqual(
      [7, 8, 9].map((at) => `loss = 0.5, train_loss, step ${at}, epoch null`),
    )
  })
})

describe('behind the name of a program', () => {
  const table = ['| epoch | train_loss | val_loss |', '|---|---|---|', '| 1 | 0.5 | 0.75 |', '| 2 | 0.25 | nan |']
  test('a table is read', () => {
    expect(valuesIn(table.map((line) => `fitter: ${line}`))).toEqual(valuesIn(table))
  })
  test('a phase before cells is none', () => {
    const lines = ['Test: | loss 0.5 | acc 0.25 |', 'test: | loss 0.5 | acc 0.25 |', 'val: | loss 0.5 | acc 0.25 |']
    expect(valuesIn(lines)).toEqual([
      'Test/loss = 0.5, val_loss, step null, epoch null',
      'Test/acc = 0.25, accuracy, step null, epoch null',
      'test/loss = 0.5, val_loss, step null, epoch null',
      'test/acc = 0.25, accuracy, step null, epoch null',
      'val/loss = 0.5, val_loss, step null, epoch null',
      'val/acc = 0.25, accuracy, step null, epoch null',
    ])
  })
})

describe.each(Object.entries(RANKS))('of four ranks that write in turn, as %s marks them', (_, { mark, name }) => {
  // Twice, for a job of ranks writes more than one line. A batch of predictions has no series that could be named.
  // A history is one line for all steps, after which a process tells nothing.
  const layouts = LAYOUTS.filter(({ name }) => !name.endsWith('histories'))
    .map(({ name, lines }) => ({ name, lines: [...lines, ...lines] }))
    .filter(({ lines }) => !valuesIn(lines).some((text) => text.startsWith('{')))
  test.each(layouts)('$name', ({ lines }) => {
    const ranks = Array.from({ length: RANKS_OF_A_JOB }, (_, rank) => rank)
    const expected = ranks.flatMap((rank) =>
      valuesIn(lines).map((text) => (rank === 0 ? text : `${name(rank)}/${text}`)),
    )
    const all = lines.flatMap((line) => ranks.map((rank) => mark(rank, line)))
    expect([...valuesIn(all)].sort()).toEqual(expected.sort())
  })
})
