import { keras } from './keras.mjs'
import { lightning } from './lightning.mjs'
import { llmC } from './llm-c.mjs'
import { llmFoundry } from './llm-foundry.mjs'
import { megatron } from './megatron.mjs'
import { metaseq } from './metaseq.mjs'
import { olmo2, olmoCore } from './olmo.mjs'
import { sagemaker } from './sagemaker.mjs'
import { wandb } from './wandb.mjs'

/** Every rule of another system. `start(points)` gives a function that says of each value whether it alarms. */
export const PEERS = [llmC, metaseq, llmFoundry, megatron, olmoCore, olmo2, lightning, wandb, sagemaker, keras]
