/** The names of the outputs, apart from what prints them, which takes time to load. */
export const CHECK_FORMATS = ['text', 'json', 'sarif', 'github'] as const

export type CheckFormat = (typeof CHECK_FORMATS)[number]
