import type { Container } from './container.ts'
import { npy } from './npy-file.ts'
import { npz } from './npz-file.ts'
import { parquet } from './parquet-file.ts'
import { safetensors } from './safetensors-file.ts'
import { wandbTable } from './wandb-table.ts'

/** The kinds of file that hold predictions as arrays. */
export const DUMPS: readonly Container[] = [npz, npy, safetensors, parquet, wandbTable]
