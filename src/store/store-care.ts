/** What a store needs beside commits: repair, rests and upkeep. The daemon sees to it; a reader has no part in it. */
export interface StoreCare {
  /** How damage that was found at opening was repaired, in words for people; null where there was none. */
  readonly repaired: string | null
  /**
   * How long a busy writer should rest before its next commit.
   *
   * It is above 0 while the store has to keep old content for its readers: fewer
   * and larger commits leave less of that behind.
   */
  restMs(): number
  /**
   * Drops what retention does not keep, makes back-ups, and checks that what is
   * stored is what was written. To be called every minute. Throws a StoreError.
   */
  upkeep(nowMs: number): Promise<void>
}
