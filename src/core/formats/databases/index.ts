import { aim } from './aim.ts'
import type { Database } from './database.ts'
import { mlflow } from './mlflow.ts'
import { trackio } from './trackio.ts'

/** Every kind of database that is known. */
export const DATABASES: readonly Database[] = [mlflow, trackio, aim]
