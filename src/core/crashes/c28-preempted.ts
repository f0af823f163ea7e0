import type { CrashClass } from './crash-class.ts'

/** C28: another job, or the owner of the machine. */
export const preempted = {
  code: 'C28-preempted',
  kind: 'preempted',
  why: 'The job was preempted: its machine was wanted for something else.',
  fix: 'Resume from the newest checkpoint; save one on the signal that announces it.',
  next: 'How long before its end the job was told, and the step of the newest checkpoint.',
  surely: [
    /\bpreempted (?:by \S+ on node|to accommodate)|workload evicted|eventtype=preempt|\binstances?[. ]preempted\b|\bvm (?:will be|is being|was) evicted/,
    /\bpreempted by (?:an?(?:other)? |the )?(?:\w+ )?(?:pod|job|workload|user|instance|higher)/,
    /due to preemption|instance\/preempted\b.{0,12}\btrue|\b(?:job|node|instance|worker|machine|vm|task|pod|allocation|host)\b.{0,40} (?:is|was|were|has been|have been|will be|being|got) preempted|state[=: ]+preempted/,
    /preemption (?:notice|signal|event|warning) (?:was )?(?:received|detected)|(?:received|detected|got|caught) (?:an? )?(?:\w+ )?preemption/,
    /spot (?:instance )?(?:interruption|reclaim|termination)|spot instance.{0,40}(?:terminated|reclaimed|interrupted)|(?:instance termination|interruption) notice/,
    /pod .{0,60}\bevicted\b|reason: evicted|^evicted$/,
    /host maintenance event|maintenance event.{0,30}terminat/,
    /term_preempt|preempted in order to admit/,
  ],
  isOrdered: true,
} as const satisfies CrashClass
