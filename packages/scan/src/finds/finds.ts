import { type KeyId, type KeyType, type ParsedToken, tokenHint } from '@sallyport/core/key-text'
import type { Place } from './place.ts'

/** The most places that a scan lists. It only counts the others, so that its memory has a limit. */
export const PLACES_MAX = 100_000

/** A token that was found, without its text. */
export interface Find {
  readonly keyId: KeyId
  readonly type: KeyType
  /** The token without most of its secret. */
  readonly hint: string
  readonly places: readonly Place[]
}

/** Collects the places of tokens. */
export class Finds {
  readonly #byToken = new Map<string, { readonly token: ParsedToken; readonly places: Place[] }>()
  readonly #unlisted: Record<KeyType, number> = { public: 0, secret: 0 }
  readonly #except: ReadonlySet<string>
  #listed = 0

  /** @param except the ids of keys whose tokens are not reported */
  constructor(except: ReadonlySet<string>) {
    this.#except = except
  }

  add(token: ParsedToken, place: Place): void {
    if (this.#except.has(token.keyId)) return
    if (this.#listed === PLACES_MAX) {
      this.addUnlisted(token)
      return
    }
    const known = this.#byToken.get(token.token)
    if (known === undefined) this.#byToken.set(token.token, { token, places: [place] })
    else known.places.push(place)
    this.#listed += 1
  }

  /** Counts a place without its details. */
  addUnlisted({ type, keyId }: ParsedToken): void {
    if (!this.#except.has(keyId)) this.#unlisted[type] += 1
  }

  /** How many places of tokens of this type were counted only. */
  unlistedPlaces(type: KeyType): number {
    return this.#unlisted[type]
  }

  /** All finds: secret keys first, then by key and token. */
  list(): Find[] {
    return [...this.#byToken.values()]
      .map(({ token, places }) => ({
        keyId: token.keyId,
        type: token.type,
        hint: tokenHint(token.token),
        places,
      }))
      .toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
  }
}

function orderOf({ type, keyId, hint }: Find): string {
  return `${type === 'secret' ? 0 : 1} ${keyId} ${hint}`
}
