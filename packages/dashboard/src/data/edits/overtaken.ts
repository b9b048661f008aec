/** What people change on pages, and others may change meanwhile. */
export type Thing =
  | 'consumer'
  | 'environment'
  | 'external-key'
  | 'issuer'
  | 'key'
  | 'key-age'
  | 'member'
  | 'organization'
  | 'pipeline'
  | 'plan'
  | 'policy'
  | 'role'
  | 'secret'
  | 'variable'
  | 'webhook'

/** A change that was not made, because what it is about is not as the person saw it any more. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
  readonly thing: Thing
  /** As the person saw it; null for what was not there. */
  readonly before: object | null
  /** As it is now; null for what is not there any more. */
  readonly now: object | null

  constructor(thing: Thing, before: object | null, now: object | null) {
    super(`the ${thing} has changed`)
    this.thing = thing
    this.before = before
    this.now = now
  }
}
