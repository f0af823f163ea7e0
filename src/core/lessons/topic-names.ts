/** The names of the topics, in their order, apart from what teaches them, which takes time to load. */
export const TOPIC_NAMES = [
  'surprise',
  'entropy',
  'cross-entropy',
  'gradient',
  'crash',
  'clip',
  'likelihood',
  'divergence',
] as const

export type TopicName = (typeof TOPIC_NAMES)[number]

/** In place of a topic: every one. */
export const ALL_TOPICS = 'all'
