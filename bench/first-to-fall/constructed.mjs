/**
 * Jobs of several ranks that die of one, as their logs. The rank that fell first is known, because it was made to.
 *
 * Each incident is `{ name, files, first }`: the text of each file, and the ranks of which any is a right answer. The
 * texts are those of PyTorch 2, NCCL, gloo, Slurm, Open MPI and the Linux kernel.
 */

const START_MS = Date.parse('2026-03-04T10:00:00Z')

/** The time of a line: `2026-03-04 10:00:05,120`. */
const clock = (second) =>
  new Date(START_MS + Math.round(second * 1000)).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '')
/** Glog's: `I0304 10:00:05.120000`. */
const glog = (second, level = 'E') => `[${level}304 ${clock(second).slice(11).replace(',', '.')}000000 `

const step = (second, n) => `${clock(second)} INFO step ${n} loss ${(3 - n / 100).toFixed(4)} lr 3.0e-04`
const traceback = (error, place = '/job/train.py", line 118') => [
  'Traceback (most recent call last):',
  '  File "/job/train.py", line 201, in <module>',
  '    main()',
  `  File "${place}, in train_step`,
  '    loss = step(model, batch)',
  error,
]
const timeout = (second, rank, { seq = 4521, ranMs = 600_123 } = {}) => [
  `${glog(second)}ProcessGroupNCCL.cpp:616] [Rank ${rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=${seq}, OpType=ALLREDUCE, NumelIn=4194304, NumelOut=4194304, Timeout(ms)=600000) ran for ${ranMs} milliseconds before timing out.`,
  `${glog(second + 0.3)}ProcessGroupNCCL.cpp:1785] [PG ID 0 PG GUID 0 Rank ${rank}] Exception (either an error or timeout) detected by watchdog at work: ${seq}, last enqueued NCCL work: ${seq + 2}, last completed NCCL work: ${seq - 1}.`,
  `terminate called after throwing an instance of 'c10::DistBackendError'`,
  `  what():  [PG ID 0 PG GUID 0 Rank ${rank}] NCCL watchdog thread terminated with exception: [Rank ${rank}] Watchdog caught collective operation timeout`,
]
const remote = (second, rank) => [
  `${clock(second)} ERROR backward failed`,
  ...traceback(
    'torch.distributed.DistBackendError: NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1970, remote process exited or there was a network error, NCCL version 2.21.5',
  ),
  'ncclRemoteError: A call failed possibly due to a network error or a remote process exiting prematurely.',
  `Last error: socketProgress: Connection closed by remote peer node${rank >> 2}<41234>`,
]
const gloo = () =>
  traceback(
    'RuntimeError: [../third_party/gloo/gloo/transport/tcp/pair.cc:534] Connection closed by peer [10.0.0.7]:38211',
  )
const sigterm = (second) => [`${clock(second)} WARNING Received SIGTERM, terminating`]
const table = (second, rank, exit) => [
  `E0304 ${clock(second).slice(11).replace(',', '.')}000 77 torch/distributed/elastic/multiprocessing/api.py:869] failed (exitcode: ${exit}) local_rank: ${rank} (pid: ${9000 + rank}) of binary: /usr/bin/python3`,
  ...traceback('torch.distributed.elastic.multiprocessing.errors.ChildFailedError: '),
  '============================================================',
  '/job/train.py FAILED',
  '------------------------------------------------------------',
  'Failures:',
  '  <NO_OTHER_FAILURES>',
  '------------------------------------------------------------',
  'Root Cause (first observed failure):',
  '[0]:',
  `  time      : ${clock(second).slice(0, 10)}_${clock(second).slice(11, 19)}`,
  '  host      : node0',
  `  rank      : ${rank} (local_rank: ${rank})`,
  `  exitcode  : ${exit} (pid: ${9000 + rank})`,
  '  error_file: <N/A>',
  exit < 0
    ? `  traceback : Signal ${-exit} (SIG${exit === -9 ? 'KILL' : 'ABRT'}) received by PID ${9000 + rank}`
    : '  traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html',
  '============================================================',
]

const ECC = 'RuntimeError: CUDA error: uncorrectable ECC error encountered'
const OOM =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 79.15 GiB of which 1.02 GiB is free.'
const KEY = "KeyError: 'input_ids'"
const LOADER = 'RuntimeError: DataLoader worker (pid 4242) is killed by signal: Killed. '

/**
 * The lines of each rank as `[second, text]`. All ranks make steps, a second each, until `at`; then `die(rank)` says what
 * each one writes: a list of `[second, lines]`. Node n is behind the true time by `skews[n]` seconds.
 */
function job({ ranks = 8, at = 40, skews = [0, 0], dies, logs = () => true }) {
  return Array.from({ length: ranks }, (_, rank) => {
    const skew = skews[rank >> 2] ?? 0
    const lines = []
    for (let n = 1; n <= at; n++) if (logs(rank)) lines.push([n + rank / 100, step(n + rank / 100 + skew, n)])
    for (const [second, texts] of dies(rank, skew)) lines.push(...texts.map((text, i) => [second + i / 1000, text]))
    return lines
  })
}

/** One file for each rank. */
const perRank = (lines, name = (rank) => `rank_${rank}.log`) =>
  Object.fromEntries(lines.map((all, rank) => [name(rank), `${all.map(([, text]) => text).join('\n')}\n`]))
/** One file for all, each line with the mark of its rank. */
const tagged = (lines, tag) => {
  const all = lines.flatMap((own, rank) =>
    own.map(([second, text], at) => ({ second, text: tag(rank) + text, rank, at })),
  )
  all.sort((a, b) => a.second - b.second || a.rank - b.rank || a.at - b.at)
  return { 'train.log': `${all.map(({ text }) => text).join('\n')}\n` }
}
const torch = (rank) => `[rank${rank}]: `
const srun = (rank) => `${rank}: `
const mpi = (rank) => `[1,${rank}]<stderr>:`
const withFile = (files, name, lines) => ({ ...files, [name]: `${lines.join('\n')}\n` })

/** `root` on one rank, and on the others a time-out ten minutes later. */
const othersWait =
  (first, root, at = 40, { until = 600 } = {}) =>
  (rank, skew) =>
    rank === first
      ? [[at + 0.5, root(at + 0.5 + skew)]]
      : [[at + until + rank / 50, timeout(at + until + rank / 50 + skew, rank)]]
/** `root` on one rank, and on the others an error within a second. */
const othersBreak =
  (first, root, broken = remote, at = 40) =>
  (rank, skew) =>
    rank === first
      ? [[at + 0.5, root(at + 0.5 + skew)]]
      : [[at + 1 + rank / 50, broken(at + 1 + rank / 50 + skew, rank)]]

const raises = (error) => () => traceback(error)
const tells = (error) => (second) => [`${clock(second)} ERROR training failed`, ...traceback(error)]

/** The rank hangs: it writes nothing more. Some are stopped by the launcher at last. */
const hangs =
  (first, at = 40, { told = false } = {}) =>
  (rank, skew) =>
    rank === first
      ? told
        ? [[at + 640, sigterm(at + 640 + skew)]]
        : []
      : [[at + 600 + rank / 50, timeout(at + 600 + rank / 50 + skew, rank)]]

export const CONSTRUCTED = [
  { name: 'ecc-file-per-rank', first: [3], files: perRank(job({ dies: othersWait(3, raises(ECC)) })) },
  { name: 'ecc-clock-ahead', first: [6], files: perRank(job({ skews: [0, 4.5], dies: othersBreak(6, tells(ECC)) })) },
  { name: 'ecc-tagged', first: [2], files: tagged(job({ dies: othersWait(2, raises(ECC)) }), torch) },
  { name: 'ecc-srun-labels', first: [5], files: tagged(job({ dies: othersBreak(5, raises(ECC)) }), srun) },
  {
    name: 'ecc-only-rank-0-logs',
    first: [7],
    files: perRank(
      job({ logs: (rank) => rank === 0, dies: othersWait(7, raises(ECC)) }),
      (rank) => `worker-${rank}.log`,
    ),
  },
  { name: 'oom-last-rank', first: [7], files: perRank(job({ dies: othersBreak(7, raises(OOM)) })) },
  { name: 'oom-clock-behind', first: [1], files: perRank(job({ skews: [4.8, 0], dies: othersBreak(1, tells(OOM)) })) },
  { name: 'oom-mpirun-tags', first: [3], files: tagged(job({ dies: othersBreak(3, raises(OOM)) }), mpi) },
  {
    name: 'oom-with-error-table',
    first: [4],
    files: withFile(perRank(job({ dies: othersBreak(4, raises(OOM)) })), 'launcher.log', table(44, 4, 1)),
  },
  {
    name: 'oom-with-a-table-that-blames-rank-0',
    first: [4],
    files: withFile(perRank(job({ dies: othersBreak(4, raises(OOM)) })), 'launcher.log', table(44, 0, 1)),
  },
  {
    name: 'killed-for-memory-without-a-word',
    first: [5],
    files: withFile(perRank(job({ dies: othersBreak(5, () => [], gloo) })), 'launcher.log', table(44, 5, -9)),
  },
  {
    name: 'python-error-few-ranks',
    first: [1],
    files: perRank(job({ ranks: 2, dies: othersBreak(1, raises(KEY), gloo) })),
  },
  { name: 'python-error-tagged', first: [6], files: tagged(job({ dies: othersBreak(6, raises(KEY)) }), torch) },
  {
    name: 'python-error-gloo-mpi',
    first: [2],
    files: tagged(job({ ranks: 4, dies: othersBreak(2, raises(KEY), gloo) }), mpi),
  },
  {
    name: 'python-error-then-sigterm',
    first: [5],
    files: perRank(
      job({
        dies: (rank, skew) =>
          rank === 5 ? [[40.5, traceback(KEY)]] : [[41 + rank / 50, sigterm(41 + rank / 50 + skew)]],
      }),
    ),
  },
  {
    name: 'python-error-names-in-words',
    first: [3],
    files: perRank(job({ dies: othersWait(3, raises(KEY)) }), (rank) => `train.rank${rank}.log`),
  },
  {
    name: 'python-error-two-ranks-one-later',
    first: [6],
    files: perRank(
      job({
        dies: (rank, skew) =>
          rank === 6
            ? [[40.5, tells(KEY)(40.5 + skew)]]
            : rank === 2
              ? [[60, tells('RuntimeError: CUDA error: unspecified launch failure')(60 + skew)]]
              : [[41, remote(41 + skew, rank)]],
      }),
    ),
  },
  {
    name: 'node-lost-srun',
    first: [4, 5, 6, 7],
    files: withFile(
      perRank(job({ dies: (rank, skew) => (rank >= 4 ? [] : [[641, timeout(641 + skew, rank)]]) })),
      'launcher.log',
      [
        'srun: error: Node failure on node1',
        'srun: Job step aborted: Waiting up to 32 seconds for job step to finish.',
        `slurmstepd: error: *** STEP 99.0 ON node0 CANCELLED AT ${clock(645).slice(0, 10)}T${clock(645).slice(11, 19)} DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***`,
      ],
    ),
  },
  {
    name: 'node-lost-closed-connections',
    first: [0, 1, 2, 3],
    files: perRank(
      job({ dies: (rank, skew) => (rank < 4 ? [] : [[41 + rank / 50, remote(41 + rank / 50 + skew, 0)]]) }),
    ),
  },
  {
    name: 'node-lost-tagged',
    first: [4, 5, 6, 7],
    files: tagged(job({ dies: (rank, skew) => (rank >= 4 ? [] : [[641, timeout(641 + skew, rank)]]) }), srun),
  },
  { name: 'data-loader-file-per-rank', first: [6], files: perRank(job({ dies: othersWait(6, raises(LOADER)) })) },
  {
    name: 'data-loader-clock-ahead',
    first: [7],
    files: perRank(job({ skews: [0, 4.9], dies: othersBreak(7, tells(LOADER), gloo) })),
  },
  {
    name: 'data-loader-tagged',
    first: [1],
    files: tagged(
      job({
        dies: othersWait(1, raises("FileNotFoundError: [Errno 2] No such file or directory: '/data/shard-0113.tar'")),
      }),
      torch,
    ),
  },
  {
    name: 'data-loader-teardown-of-others',
    first: [2],
    files: perRank(
      job({
        dies: (rank) =>
          rank === 2
            ? [[40.5, traceback(LOADER)]]
            : [[41, traceback('RuntimeError: DataLoader worker (pid 311) is killed by signal: Terminated. ')]],
      }),
    ),
  },
  { name: 'hang-file-per-rank', first: [3], files: perRank(job({ dies: hangs(3) })) },
  { name: 'hang-told-to-stop', first: [5], files: perRank(job({ dies: hangs(5, 40, { told: true }) })) },
  { name: 'hang-tagged', first: [6], files: tagged(job({ dies: hangs(6) }), torch) },
  {
    name: 'hang-with-a-lower-operation',
    first: [2],
    files: perRank(
      job({
        dies: (rank, skew) => [
          [640 + rank / 50, timeout(640 + rank / 50 + skew, rank, { seq: rank === 2 ? 4519 : 4521 })],
        ],
      }),
    ),
  },
  {
    name: 'hang-named-by-a-barrier',
    first: [4],
    files: perRank(
      job({
        dies: (rank, skew) =>
          rank === 0
            ? [
                [
                  641,
                  [
                    `${clock(641 + skew)} ERROR`,
                    ...traceback('RuntimeError: Rank 4 failed to pass monitoredBarrier in 600000 ms'),
                  ],
                ],
              ]
            : rank === 4
              ? []
              : [[642, traceback('RuntimeError: Rank 0 monitoredBarrier: connection closed by peer [10.0.0.1]:1212')]],
      }),
    ),
  },
  {
    name: 'hang-then-an-error-after-the-others-gave-up',
    first: [1],
    files: perRank(
      job({
        dies: (rank, skew) =>
          rank === 1
            ? [[660, tells("OSError: [Errno 116] Stale file handle: '/data/shard-7.tar'")(660 + skew)]]
            : [[640 + rank / 50, timeout(640 + rank / 50 + skew, rank)]],
      }),
    ),
  },
]
