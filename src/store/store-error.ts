/** The store cannot be used as it is. The message says what, where and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Whether the store holds something else than what was written. Opening it again with `isDamaged` repairs it. */
  readonly isDamage: boolean

  constructor(message: string, { isDamage = false, ...options }: ErrorOptions & { readonly isDamage?: boolean } = {}) {
    super(message, options)
    this.isDamage = isDamage
  }
}
