import { SECRETS_PER_KEY_MAX } from '@sallyport/core'

/** The code of an answer, or `valid`. */
export type Code = string

interface ModelSecret {
  readonly token: string
  endsAtMs: number
}

/**
 * What a key is, in the simplest words that explain its behaviour: a reference for the real thing. It shares no code with
 * it. Times are in ms since 1970.
 */
export class KeyModel {
  nowMs: number
  active = true
  deleted = false
  expiresAtMs = Infinity
  /** What the partner organization made of the key; undefined if it has not added it. */
  external: { readonly id: string; active: boolean; mayCall: boolean } | undefined
  /** Who may not accept the key. */
  readonly forbiddenTo = new Set<'partner' | 'everyone'>()
  /** Every secret that the key has had, oldest first. */
  readonly #secrets: ModelSecret[] = []

  constructor(nowMs: number, token: string) {
    this.nowMs = nowMs
    this.#secrets.push({ token, endsAtMs: Infinity })
  }

  get tokens(): readonly string[] {
    return this.#secrets.map(({ token }) => token)
  }

  /** The times at which something ends without a command. */
  get boundaries(): readonly number[] {
    return [this.expiresAtMs, ...this.#secrets.map(({ endsAtMs }) => endsAtMs)].filter(
      (atMs) => atMs > this.nowMs && atMs < Infinity,
    )
  }

  get state(): string {
    if (this.deleted) return 'deleted'
    if (!this.active) return 'inactive'
    if (this.nowMs >= this.expiresAtMs) return 'expired'
    return this.#live.length === 2 ? 'rolling' : 'active'
  }

  /** How a call with a token ends in the organization of the key. */
  verdict(token: string): Code {
    const secret = this.#secrets.slice(-SECRETS_PER_KEY_MAX).find((each) => each.token === token)
    if (secret === undefined) return 'credential_invalid'
    if (this.deleted) return 'key_deleted'
    if (!this.active) return 'key_inactive'
    if (this.nowMs >= this.expiresAtMs) return 'key_expired'
    return this.nowMs < secret.endsAtMs ? 'valid' : 'key_outdated'
  }

  /** How a call with a token ends in the partner organization. */
  partnerVerdict(token: string): Code {
    const verdict = this.verdict(token)
    if (verdict !== 'valid') return verdict
    const { external } = this
    const isAccepted = external?.active === true && external.mayCall && this.forbiddenTo.size === 0
    return isAccepted ? 'valid' : 'pipeline_not_allowed'
  }

  /** Why the key does not work in the partner organization; null if it does. */
  get inactiveBecause(): string | null {
    if (this.external?.active !== true) return 'switched_off_here'
    if (this.deleted) return 'owner_deleted'
    if (this.forbiddenTo.size > 0) return 'owner_forbids'
    if (this.nowMs >= this.expiresAtMs) return 'owner_expired'
    return this.active ? null : 'owner_inactive'
  }

  /** How a roll ends. After `valid`, `rolled` follows with the new token. */
  roll(): Code {
    if (this.state === 'rolling') return 'roll_pending'
    return this.state === 'active' ? 'valid' : 'key_not_rollable'
  }

  rolled(token: string, graceMs: number): void {
    const [old] = this.#live
    if (old !== undefined) old.endsAtMs = Math.min(this.expiresAtMs, this.nowMs + graceMs)
    this.#secrets.push({ token, endsAtMs: Infinity })
  }

  /**
   * Ends the old secret.
   *
   * @param token the one that the key sends if it finishes its own roll; never the one that ends
   */
  finish(token?: string): Code {
    const [old, fresh] = this.#live
    if (this.deleted || old === undefined || fresh === undefined) return 'conflict'
    if (token === old.token) return 'conflict'
    old.endsAtMs = this.nowMs
    return 'valid'
  }

  /** Ends the new secret; the old one is as it was before the roll. */
  undo(): Code {
    const [old, fresh] = this.#live
    if (this.deleted || old === undefined || fresh === undefined) return 'conflict'
    fresh.endsAtMs = this.nowMs
    old.endsAtMs = Infinity
    return 'valid'
  }

  switchTo(active: boolean): Code {
    if (this.deleted) return 'conflict'
    this.active = active
    return 'valid'
  }

  expireAt(atMs: number): Code {
    if (this.deleted) return 'conflict'
    if (atMs <= this.nowMs && atMs !== this.expiresAtMs) return 'invalid_request'
    this.expiresAtMs = atMs
    return 'valid'
  }

  delete(): Code {
    this.deleted = true
    return 'valid'
  }

  /** How adding the key ends in the partner organization. After `valid`, `external` must be set. */
  addExternal(): Code {
    if (this.deleted || this.forbiddenTo.size > 0) return 'invalid_request'
    return this.external === undefined ? 'valid' : 'conflict'
  }

  get #live(): readonly ModelSecret[] {
    return this.#secrets.filter(({ endsAtMs }) => this.nowMs < endsAtMs)
  }
}
