import type { KeyId } from '@sallyport/core'
import { counterKeys, counterSecret } from './counter-key.ts'
import type { SharedFleetKeys } from './fleet-keys.ts'
import { importedKeyId, importedKeyIdSecret } from './imported-key-id.ts'
import { unseal } from '../seal.ts'

/** What a gateway's threads make their secrets of: the master key, or what a fleet has sent its gateway. Plain data. */
export type GatewayKeys =
  | { readonly kind: 'master-key'; readonly key: Uint8Array }
  | { readonly kind: 'fleet'; readonly keys: SharedFleetKeys }

/** What a gateway needs secrets for. */
export interface GatewaySecrets {
  /** Opens what the records contain. @throws Error; see `unseal` */
  unseal(sealed: string, context: string): string
  /** The id of the key that was imported with a token of this SHA-256. */
  importedKeyId(digest: Uint8Array): KeyId
  /** The name of a counter in a store that gateways share; see `counterKeys`. */
  counterKey(name: string): string
}

export function gatewaySecrets(from: GatewayKeys): GatewaySecrets {
  const { records, importedKeyIds, counters } =
    from.kind === 'fleet'
      ? from.keys
      : {
          records: from.key,
          importedKeyIds: importedKeyIdSecret(from.key),
          counters: counterSecret(from.key),
        }
  return {
    unseal: (sealed, context) => unseal(records, sealed, context),
    importedKeyId: (digest) => importedKeyId(importedKeyIds, digest),
    counterKey: counterKeys(counters),
  }
}
