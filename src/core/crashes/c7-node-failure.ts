import type { CrashClass } from './crash-class.ts'

/** C7: a node. */
export const nodeFailure = {
  code: 'C7-node-failure',
  kind: 'node-failure',
  why: 'A node of the job failed.',
  fix: 'Resume from the newest checkpoint, without that node.',
  next: 'The log of the kernel of that node, and whether the scheduler has drained it.',
  surely: [
    /due to node fail|\bnode_fail\b|node failure on /,
    /node .{0,40}(?:not responding|is unreachable|has (?:died|failed)|lost|went down)/,
    /lost (?:contact|connection|communication) (?:with|to) (?:(?:the|an?) )?(?:node|host|daemon|executor|remote)/,
    /actor died because its node has died|\bnode (?:it|the task|the actor) was running on (?:is|was) dead|node (?:was )?marked dead|owner.{0,20}node has (?:died|failed)/,
    /\bnodelost\b|nodenotready/,
    /orted.{0,60}(?:lost|unable to reach)/,
  ],
  reachesOthers: true,
} as const satisfies CrashClass
