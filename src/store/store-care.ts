/** What a store does for its own sake beside taking commits. A daemon sees to it; a reader has no part in it. */
export interface StoreCare {
  /** What was done about damage that was found at opening, in words for people; null when there was none. */
  readonly repaired: string | null
  /**
   * How long a busy writer should rest before its next commit. Not 0 while the
   * store has to keep old content for its readers: fewer and larger commits
   * leave less of it behind.
   */
  restMs(): number
  /**
   * Drops what retention does not keep, makes back-ups, and compares what is
   * stored with what was written. To be called every minute. Throws a StoreError.
   */
  upkeep(nowMs: number): Promise<void>
}
