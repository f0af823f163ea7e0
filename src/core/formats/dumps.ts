import type { Container } from './container.ts'
import { npy } from './npy.ts'
import { npz } from './npz.ts'
import { parquet } from './parquet.ts'
import { safetensors } from './safetensors.ts'
import { wandbTable } from './wandb-table.ts'

/** The kinds of file that hold predictions as arrays. */
export const DUMPS: readonly Container[] = [npz, npy, safetensors, parquet, wandbTable]
