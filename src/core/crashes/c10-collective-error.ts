import type { CrashClass } from './crash-class.ts'

/** C10: the communication between ranks. */
export const collectiveError = {
  code: 'C10-collective-error',
  kind: 'collective-error',
  why: 'The communication between the ranks broke: a rank had gone, or the network between them failed.',
  fix: 'Look in the logs of the other ranks for the one that stopped first. If none did, look at the network: NCCL_DEBUG=INFO names the interface.',
  next: 'Whether all ranks name the same peer: that rank, or its node, fell first.',
  says: [
    /\bnccl (?:error|failure|communicator was aborted)/,
    /\bnccl(?:system|internal|unhandledcuda|remote|invalidusage|invalidargument)error/,
    /\bnccl\b.{0,80}(?:unhandled|internal error|remote process exited|communicator)/,
    /dist(?:backend|network|store)error/,
    /horovodinternalerror/,
    /\bgloo\b.{0,160}(?:connect|closed|reset|fail)/,
    /connection (?:closed|reset) by (?:remote )?peer/,
    /connectfullmesh failed/,
    /process group.{0,60}(?:abort|terminat|fail)/,
    /broken pipe.{0,60}\brank\b|\bprocessgroup\w*\b.{0,120}(?:exception|error)/,
    /hccl.{0,40}(?:error|fail)|rccl.{0,40}(?:error|fail)/,
    /\bucx\b.{0,60}(?:error|unreachable)|\bmpi_err_\w+/,
    /broken ?pool.{0,20}rank/,
    // TensorFlow and JAX
    /\bcollective ops (?:is|are) aborted\b|\bdevice incarnation\b|\bcurrent incarnation doesn't match\b/,
    /\btasks? .{0,60}\bunhealthy\b|\bstopped sending heartbeats\b|\bfailed to connect to all addresses\b/,
    /\b(?:unavailable|aborted|rpc|collective).{0,120}\bsocket closed\b/,
    // Horovod, MPI, gloo, XGBoost
    /\bhorovod has been shut ?down\b|\bpair closure\b|\bterminated by peer\b/,
    /\bp?mpi_[a-z_]{1,40}(?:\(.{0,80}\))? failed\b|\b(?:allreduce|allgather) failed\b/,
  ],
  surely: [
    /fatal error in p?mpi_/,
    /(?:jax distributed|coordination) service detected (?:fatal )?error/,
    /taking the entire process down/,
    /\bucx {1,4}fatal:|fatal: transport error/,
    /an error occurred in mpi_/,
    /mpi_abort was invoked/,
  ],
  part: 'cascade',
} as const satisfies CrashClass
