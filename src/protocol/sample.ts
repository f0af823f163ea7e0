import type { MetricValue } from './value.ts'

/** What a metric means, whatever the log calls it: the role that tells most of a run first, as the page shows them. */
export const ROLES = [
  'train_loss',
  'val_loss',
  'loss_part',
  'perplexity',
  'objective',
  'grad_norm',
  'learning_rate',
  'loss_scale',
  'accuracy',
  'reward',
  'entropy',
  'kl',
  'response_length',
  'clip_fraction',
  'zero_std_share',
  'other',
] as const

export type Role = (typeof ROLES)[number]

/** The roles of a loss, whole or in part, in whatever unit. */
export const LOSS_ROLES: readonly Role[] = ['train_loss', 'val_loss', 'loss_part', 'perplexity', 'objective']

/** Whether a metric of this role is a loss: what must be read of a run before anybody can say that it goes well. */
export function isLoss(role: Role): boolean {
  return LOSS_ROLES.includes(role)
}

/** What a log of reinforcement learning tells of its policy, beside its losses. */
const POLICY_ROLES: readonly Role[] = ['reward', 'entropy', 'kl', 'response_length', 'clip_fraction', 'zero_std_share']

export function isPolicyRole(role: Role): boolean {
  return POLICY_ROLES.includes(role)
}

/** Begins the name of every series that nanwatch computes itself from a job's predictions. */
export const RECOMPUTED_PREFIX = 'nanwatch/'
/** The series of the recomputed loss. */
export const CROSS_ENTROPY = `${RECOMPUTED_PREFIX}cross_entropy`

/** Whether a series is a loss, read or recomputed. */
export function isLossSeries({ metric, role }: Pick<Sample, 'metric' | 'role'>): boolean {
  return isLoss(role) || metric === CROSS_ENTROPY
}

/** One value of one metric, where it was read. */
export interface Sample {
  /** The log's own name for the metric, or `nanwatch/…` for a recomputed one. */
  readonly metric: string
  readonly role: Role
  /** 0 for the first pass over the steps; one more each time a resumed job goes back. */
  readonly attempt: number
  /** The optimizer step the log gave, or null when it gave none. */
  readonly step: number | null
  readonly value: MetricValue
  /** The log's text for a non-finite value (at most 64 characters), as evidence; null for a finite one. */
  readonly raw: string | null
  /** The byte where the record starts; null for sources without one. */
  readonly offset: number | null
}
