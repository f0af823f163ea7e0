import type { Dialect } from './dialect.ts'
import { FRAMEWORK_DIALECTS } from './frameworks.ts'
import { LANGUAGE_MODELS } from './language-models.ts'
import { OTHERS } from './others.ts'

/** The dialects of text that are known to be read, for the documents and `nanwatch formats`. */
export const DIALECTS: readonly Dialect[] = [...FRAMEWORK_DIALECTS, ...LANGUAGE_MODELS, ...OTHERS]
