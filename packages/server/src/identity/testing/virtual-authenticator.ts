import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { type Cbor, encodeCbor } from './cbor.ts'

export type VirtualAlgorithm = 'ES256' | 'EdDSA' | 'RS256'

/** What an authenticator says that it found (WebAuthn Level 3 section 6.1). */
export interface VirtualFlags {
  readonly userPresent: boolean
  readonly userVerified: boolean
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

/** How one ceremony differs from that of an honest browser and authenticator. */
export interface Tampering {
  readonly flags?: Partial<VirtualFlags>
  /** The counter that it says; by default the next one. */
  readonly signCount?: number
  readonly origin?: string
  /** The RP ID that authenticator data has the hash of. */
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  /** More members of the client data, such as `crossOrigin`. */
  readonly clientData?: Readonly<Record<string, unknown>>
  /** In base64url; null for none. */
  readonly userHandle?: string | null
  /** Sign with a key that is not the credential's. */
  readonly signsWithOtherKey?: boolean
  /** Changes authenticator data before it is signed. */
  readonly authenticatorData?: (bytes: Buffer) => Buffer
  /** Changes the COSE key of a registration. */
  readonly coseKey?: (key: ReadonlyMap<number | string, Cbor>) => Cbor
  /**
   * The attestation of a registration; none by default. `self` is by the credential's own key, `signed-none` has a signature
   * where there should be none.
   */
  readonly attestation?: 'none' | 'self' | 'certificate' | 'fido-u2f' | 'signed-none'
}

/** The members of `PublicKeyCredentialCreationOptionsJSON` that the authenticator reads. */
interface CreationOptions {
  readonly rp: { readonly id?: string }
  readonly user: { readonly id: string }
  readonly challenge: string
  readonly pubKeyCredParams: readonly { readonly alg: number }[]
  readonly excludeCredentials?: readonly { readonly id: string }[]
}

/** The members of `PublicKeyCredentialRequestOptionsJSON` that the authenticator reads. */
interface RequestOptions {
  readonly rpId?: string
  readonly challenge: string
  readonly allowCredentials?: readonly { readonly id: string }[]
}

interface Credential {
  readonly id: string
  readonly rpId: string
  readonly userHandle: string
  readonly privateKey: KeyObject
  readonly algorithm: VirtualAlgorithm
  signCount: number
}

export type VirtualAuthenticator = ReturnType<typeof virtualAuthenticator>

const COSE_ALGORITHM = { ES256: -7, EdDSA: -8, RS256: -257 } as const
const AAGUID = Buffer.alloc(16)
const ATTESTED = 0x40

/** Signs what it should not sign. */
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** All passkeys with RSA share a key pair, which takes half a second to make. */
let rsaKeyPair: { publicKey: KeyObject; privateKey: KeyObject } | undefined

function keyPair(algorithm: VirtualAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  return (rsaKeyPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }))
}

function bytes(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64url')
}

/** A public key as a COSE key (RFC 9053 section 7, RFC 8230 section 4). */
function coseKeyOf(publicKey: KeyObject, algorithm: VirtualAlgorithm): ReadonlyMap<number | string, Cbor> {
  const jwk = publicKey.export({ format: 'jwk' })
  const alg = [3, COSE_ALGORITHM[algorithm]] as const
  if (algorithm === 'ES256')
    return new Map<number, Cbor>([[1, 2], alg, [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]])
  if (algorithm === 'EdDSA') return new Map<number, Cbor>([[1, 1], alg, [-1, 6], [-2, bytes(jwk.x)]])
  return new Map<number, Cbor>([[1, 3], alg, [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]])
}

/**
 * An authenticator together with a browser, made of software: what it answers is what `PublicKeyCredential.toJSON()`
 * returns after `navigator.credentials.create` and `get`. It shares no code with the library that verifies.
 *
 * @param origin of the page
 * @param settings `counts` false is an authenticator without a counter, as those of synced passkeys are
 */
export function virtualAuthenticator(
  origin: string,
  settings: {
    readonly algorithm?: VirtualAlgorithm
    readonly flags?: Partial<VirtualFlags>
    readonly counts?: boolean
  } = {},
) {
  const { algorithm = 'ES256', counts = true } = settings
  const credentials: Credential[] = []

  function clientDataOf(type: string, challenge: string, tampering: Tampering): Buffer {
    const data = {
      type: tampering.type ?? type,
      challenge: tampering.challenge ?? challenge,
      origin: tampering.origin ?? origin,
      crossOrigin: false,
      ...tampering.clientData,
    }
    return Buffer.from(JSON.stringify(data))
  }

  function authenticatorDataOf(
    credential: Credential,
    tampering: Tampering,
    attested: Buffer | null,
  ): Buffer {
    const flags = {
      userPresent: true,
      userVerified: true,
      backupEligible: false,
      backedUp: false,
      ...settings.flags,
      ...tampering.flags,
    }
    if (counts) credential.signCount += 1
    const head = Buffer.alloc(37)
    createHash('sha256')
      .update(tampering.rpId ?? credential.rpId)
      .digest()
      .copy(head)
    const { userPresent, userVerified, backupEligible, backedUp } = flags
    const bits = [userPresent, false, userVerified, backupEligible, backedUp]
    const byte = bits.reduce((sum, isSet, bit) => (isSet ? sum | (1 << bit) : sum), 0)
    head.writeUInt8(attested === null ? byte : byte | ATTESTED, 32)
    head.writeUInt32BE(tampering.signCount ?? credential.signCount, 33)
    const data = attested === null ? head : Buffer.concat([head, attested])
    return tampering.authenticatorData?.(data) ?? data
  }

  function signatureOf(credential: Credential, data: Buffer, tampering: Tampering): Buffer {
    const key = tampering.signsWithOtherKey === true ? otherKey : credential.privateKey
    return sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key)
  }

  function attestationOf(credential: Credential, signed: Buffer, tampering: Tampering) {
    const kind = tampering.attestation ?? 'none'
    if (kind === 'none') return { fmt: 'none', statement: new Map<string, Cbor>() }
    const statement = new Map<string, Cbor>([
      ['alg', COSE_ALGORITHM[algorithm]],
      ['sig', signatureOf(credential, signed, tampering)],
    ])
    if (kind === 'certificate') statement.set('x5c', [randomBytes(64)])
    const formats = { 'fido-u2f': 'fido-u2f', 'signed-none': 'none', self: 'packed', certificate: 'packed' }
    return { fmt: formats[kind], statement }
  }

  return {
    /** Makes a passkey, as `navigator.credentials.create` does. */
    create(options: CreationOptions, tampering: Tampering = {}) {
      const { publicKey, privateKey } = keyPair(algorithm)
      const id = randomBytes(32)
      const known = options.excludeCredentials?.some((excluded) =>
        credentials.some((own) => own.id === excluded.id),
      )
      if (known === true)
        throw new Error('InvalidStateError: the authenticator has a passkey of this person.')
      const alg = COSE_ALGORITHM[algorithm]
      if (!options.pubKeyCredParams.some((offered) => offered.alg === alg))
        throw new Error('NotSupportedError')
      const credential = {
        id: id.toString('base64url'),
        rpId: options.rp.id ?? new URL(origin).hostname,
        userHandle: options.user.id,
        privateKey,
        algorithm,
        signCount: 0,
      }
      credentials.push(credential)
      const idLength = Buffer.alloc(2)
      idLength.writeUInt16BE(id.length)
      const coseKey = coseKeyOf(publicKey, algorithm)
      const key = encodeCbor(tampering.coseKey?.(coseKey) ?? coseKey)
      const authData = authenticatorDataOf(credential, tampering, Buffer.concat([AAGUID, idLength, id, key]))
      const clientData = clientDataOf('webauthn.create', options.challenge, tampering)
      const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
      const { fmt, statement } = attestationOf(credential, signed, tampering)
      const attestation = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', fmt],
          ['attStmt', statement],
          ['authData', authData],
        ]),
      )
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key' as const,
        authenticatorAttachment: 'platform' as const,
        clientExtensionResults: { credProps: { rk: true } },
        response: {
          clientDataJSON: clientData.toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
          publicKeyAlgorithm: alg,
          transports: ['internal', 'hybrid'],
        },
      }
    },

    /** Signs in with the newest passkey that is allowed, as `navigator.credentials.get` does. */
    get(options: RequestOptions, tampering: Tampering = {}) {
      const { allowCredentials, challenge, rpId } = options
      const credential = credentials.findLast(
        (own) =>
          own.rpId === (rpId ?? new URL(origin).hostname) &&
          (allowCredentials === undefined || allowCredentials.some(({ id }) => id === own.id)),
      )
      if (credential === undefined)
        throw new Error('NotAllowedError: no passkey of the authenticator is allowed.')
      const authData = authenticatorDataOf(credential, tampering, null)
      const clientData = clientDataOf('webauthn.get', challenge, tampering)
      const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
      const userHandle = tampering.userHandle === undefined ? credential.userHandle : tampering.userHandle
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key' as const,
        authenticatorAttachment: 'platform' as const,
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signatureOf(credential, signed, tampering).toString('base64url'),
          ...(userHandle === null ? {} : { userHandle }),
        },
      }
    },
  }
}
