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
import { signingKeyContext } from '../../crypto/seal-contexts.ts'
import { sealed } from './started-gateway.ts'

/** A key pair and its signing function. */
export interface TestSigner {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
  /** Signs claims, with defaults for missing ones. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
}

/** A key pair without an environment. */
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
        sub: 'subject',
        iat: now,
        exp: now + 600,
        jti: randomUUID(),
        ...claims,
      }),
  }
}

/** A signing key of an environment. Its tokens are the environment's own. */
export interface TestSigningKey extends TestSigner {
  readonly record: SigningKeyRecord
}

/** A signing key of `acme`'s `prod` unless the fields say otherwise. */
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

/** A trusted issuer of `acme`'s `prod` with the audience `orders` unless the fields say otherwise. */
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
