import { createHmac } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { KeyId } from '@sallyport/core'
import { fleetKeys, type FleetKeys } from '../crypto/derived/fleet-keys.ts'
import { counterKeys, counterSecret } from '../crypto/derived/counter-key.ts'
import { importedKeyIds } from '../crypto/derived/imported-key-id.ts'
import type { GatewayKeys } from '../crypto/derived/gateway-secrets.ts'
import { openMasterKey } from '../crypto/master-key.ts'
import { seal, unseal, type Sealer } from '../crypto/seal.ts'
import { secretContext, signingKeyContext } from '../crypto/seal-contexts.ts'
import type { MasterKeyCheck, SealedValue } from '../store/port/master-key-check.ts'

/** The text whose MAC under the master key is the check value. The MAC does not reveal the key. */
const CHECKED_TEXT = 'sallyport master key check 1'

/** What the master key is used for. */
export interface MasterKeyUses extends Sealer {
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** What the control nodes of this master key share with their gateways. */
  readonly fleetKeys: FleetKeys
  /** The name of a counter in a store that gateways share; see `counterKeys`. */
  readonly counterKey: (name: string) => string
  /** For further threads of a gateway. */
  readonly gatewayKeys: GatewayKeys
}

/**
 * Opens the master key and checks that it is the one that the database's secrets are sealed under. The first start on a
 * database stores the key's check value there.
 *
 * @throws Error that says what to restore when the key is missing or is another one
 */
export async function openSealer(
  { dataFolder, masterKey }: Pick<Config, 'dataFolder' | 'masterKey'>,
  check: MasterKeyCheck,
  nowMs: () => number,
): Promise<MasterKeyUses> {
  const stored = await check.get()
  const sealed = stored === undefined ? await check.anySealed() : undefined
  const key = await openMasterKey({
    folder: dataFolder,
    ...(masterKey === null ? {} : { base64: masterKey }),
    mayCreate: stored === undefined && sealed === undefined,
  })
  const sealer: Sealer = {
    seal: (text, context) => seal(key, text, context),
    unseal: (text, context) => unseal(key, text, context),
  }
  // A database of an older version has no check value yet.
  if (sealed !== undefined && !opens(sealer, sealed)) throw wrongKey(masterKey)
  const value = createHmac('sha256', key).update(CHECKED_TEXT).digest('hex')
  if ((stored ?? (await check.put(value, nowMs()))) !== value) throw wrongKey(masterKey)
  return {
    ...sealer,
    importedKeyId: importedKeyIds(key),
    counterKey: counterKeys(counterSecret(key)),
    gatewayKeys: { kind: 'master-key', key },
    fleetKeys: fleetKeys(key),
  }
}

function opens(sealer: Sealer, value: SealedValue): boolean {
  const context = value.kind === 'signing-key' ? signingKeyContext(value) : secretContext(value)
  try {
    sealer.unseal(value.sealed, context)
    return true
  } catch {
    return false
  }
}

function wrongKey(configured: string | null): Error {
  const [source, remedy] =
    configured === null
      ? [
          'The file master.key in the data folder (SALLYPORT_DATA)',
          'Restore the original file from your backup',
        ]
      : ['SALLYPORT_MASTER_KEY', 'Set it to the original key']
  return new Error(
    `${source} is not the master key that the database's secrets are sealed under. ${remedy}. Processes on one ` +
      'database need the same master key.',
  )
}
