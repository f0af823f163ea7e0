/**
 * At so many times its level a loss is lost, whatever its target does.
 *
 * Losses of reinforcement learning and of GANs rise by orders of magnitude while
 * all goes well: with the return, or with the opponent. So their size says
 * little, and below this it is a warning at most.
 */
export const HOPELESS_RATIO = 1e9
