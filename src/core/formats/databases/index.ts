import { aim } from './aim.ts'
import { mlflowDatabase } from './mlflow-database.ts'
import type { TrackerDatabase } from './tracker-database.ts'
import { trackio } from './trackio.ts'

/** Every kind of database that is known. */
export const DATABASES: readonly TrackerDatabase[] = [mlflowDatabase, trackio, aim]
