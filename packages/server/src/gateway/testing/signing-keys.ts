import { randomUUID } from 'node:crypto'
import {
  environmentIssuer,
  type IssuerRecord,
  type PublicJwk,
  type SigningAlgorithm,
  type SigningKeyRecord,
} from '@sallyport/core'
import { mintJwt } from '../../crypto/mint-jwt.ts'
import { generateSigningKey, importSigner, type PrivateJwk } from '../../crypto/signing-keys.ts'
import { signingKeyContext } from '../../crypto/sealed-contexts.ts'
import { sealed } from './started-gateway.ts'

/** A key pair with what it signs. */
export interface TestSigner {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
  /** Signs claims as they stand. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
}

/** A key pair that belongs to nobody yet. */
export async function makeSigner(kid: string, algorithm: SigningAlgorithm = 'EdDSA'): Promise<TestSigner> {
  const { publicJwk, privateJwk } = await generateSigningKey(algorithm, kid)
  const signer = await importSigner(privateJwk, algorithm, kid)
  const now = Math.floor(Date.now() / 1000)
  return {
    publicJwk,
    privateJwk,
    sign: (claims) =>
      mintJwt(signer, {
        iss: '',
        aud: '',
        sub: 'somebody',
        iat: now,
        exp: now + 600,
        jti: randomUUID(),
        ...claims,
      }),
  }
}

/** A signing key of an environment, and the tokens that it makes. */
export interface TestSigningKey extends TestSigner {
  readonly record: SigningKeyRecord
}

/** A key that `acme`'s `prod` signs with, unless told otherwise. It signs tokens of its own environment. */
export async function makeSigningKey(fields: Partial<SigningKeyRecord> = {}): Promise<TestSigningKey> {
  const id = fields.id ?? `sig_${randomUUID()}`
  const organization = fields.organization ?? 'acme'
  const environment = fields.environment ?? 'prod'
  const algorithm = fields.algorithm ?? 'EdDSA'
  const signer = await makeSigner(id, algorithm)
  const own = environmentIssuer(organization, environment)
  const context = signingKeyContext({ organization, environment, id })
  return {
    ...signer,
    sign: (claims) => signer.sign({ iss: own, aud: own, ...claims }),
    record: {
      kind: 'signing-key',
      organization,
      environment,
      id,
      algorithm,
      publicJwk: signer.publicJwk,
      sealedPrivateJwk: sealed(JSON.stringify(signer.privateJwk), context),
      createdAtMs: 0,
      verifiesUntilMs: null,
      ...fields,
    },
  }
}

/** An issuer that `acme`'s `prod` trusts for the audience `orders`, unless told otherwise. */
export function issuer(fields: Partial<IssuerRecord>): IssuerRecord {
  return {
    kind: 'issuer',
    organization: 'acme',
    environment: 'prod',
    id: 'iss_1',
    issuer: 'https://idp.example',
    audiences: ['orders'],
    jwksUrl: null,
    jwks: null,
    ...fields,
  }
}
